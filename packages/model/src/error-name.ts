import { SenditError } from './errors.ts';

/** What may be logged of anything thrown: our own code, an errno name, or the class. Messages may hold names of patients' folders. */
export function toErrorName(thrown: unknown): string {
  if (thrown instanceof SenditError) return thrown.code;
  if (!(thrown instanceof Error)) return typeof thrown;
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
}

/** A sentence for a person: the message of our own errors, which hold no names of what lands, else {@link toErrorName}. */
export function toErrorSentence(thrown: unknown): string {
  return thrown instanceof SenditError ? thrown.message : toErrorName(thrown);
}

/** What the user's own code threw: its message and the line that threw it. It may hold names of what lands, so that it belongs on stdout. */
export function toThrownText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const [, line] = /\n\s+at (?:.*\()?((?:file:\/\/)?\/[^()\n]+:\d+:\d+)\)?/.exec(thrown.stack ?? '') ?? [];
  return `${thrown.message}${line === undefined ? '' : ` (${line.replace('file://', '')})`}`;
}
