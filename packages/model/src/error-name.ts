import { toCode } from './errno.ts';
import { SenditError } from './errors.ts';

/**
 * The loggable name of anything thrown: our own code, an errno name, or the class. Messages may hold names of patients'
 * folders.
 */
export function toErrorName(thrown: unknown): string {
  if (thrown instanceof SenditError) return thrown.code;
  if (!(thrown instanceof Error)) return typeof thrown;
  return toCode(thrown) ?? thrown.name;
}

/** A sentence for a person: the message of our own errors, which hold no names of what lands, else {@link toErrorName}. */
export function toErrorSentence(thrown: unknown): string {
  return thrown instanceof SenditError ? thrown.message : toErrorName(thrown);
}

/**
 * Message and throwing line of an error from the user's own code. May contain names of delivered files, so print it on
 * stdout only.
 */
export function toThrownText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const [, line] = /\n\s+at (?:.*\()?((?:file:\/\/)?\/[^()\n]+:\d+:\d+)\)?/.exec(thrown.stack ?? '') ?? [];
  return `${thrown.message}${line === undefined ? '' : ` (${line.replace('file://', '')})`}`;
}
