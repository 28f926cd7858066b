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
