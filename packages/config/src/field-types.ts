import { z } from 'zod';

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** Expected value of each field in words, for messages and the reference page. */
export const expectations = z.registry<{ readonly expected: string }>();

/** Keeps what a schema expects where messages and the reference page find it. */
export function expecting<S extends z.ZodType>(schema: S, expected: string): S {
  expectations.add(schema, { expected });
  return schema;
}

/** Text that is not empty. */
export const text = (expected: string) =>
  expecting(z.string({ error: expected }).min(1, { error: expected }), expected);

/** A whole number between bounds, both included. */
export function wholeNumber(from: number, to: number, unit: string) {
  const error = `a whole number${unit} from ${from} to ${to}`;
  return expecting(z.int({ error }).min(from, { error }).max(to, { error }), error);
}

/** A yes or no. */
export function yesOrNo() {
  return expecting(z.boolean({ error: 'true or false' }), 'true or false');
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  const error = `one of ${words.join(', ')}`;
  return expecting(z.enum(words, { error }), error);
}

/** A URL with one of these schemes. */
export function url(schemes: readonly string[]) {
  const error = `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return expecting(z.string({ error }).regex(new RegExp(`^(?:${schemes.join('|')})://.`, 'i'), { error }), error);
}
