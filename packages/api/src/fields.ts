import { z } from 'zod';

/** The most rows that one request returns. */
export const MAX_LIMIT = 1000;

/** The longest reference that can name anything: PATH_MAX of Linux. */
const MAX_REF_LENGTH = 4096;

/** A text of a length that a person would type; `expected` completes "Expected `field` to be …". */
export function text(expected: string, longest = 256) {
  return z.string(expected).min(1, expected).max(longest, expected);
}

/** The same for words that say something: not only spaces, and without those around them. */
function words(expected: string, longest: number) {
  return z.string(expected).trim().min(1, expected).max(longest, expected);
}

/** One word of a list. */
export function oneOf<const T extends readonly string[]>(known: T) {
  return z.enum(known, `one of ${known.join(', ')}`);
}

/** Some words of a list; in a query separated by commas. */
export function someOf<const T extends readonly string[]>(known: T) {
  const expected = `a list of ${known.join(', ')}`;
  return z
    .union([z.string().transform((list) => list.split(',')), z.array(z.string())], expected)
    .pipe(z.array(z.enum(known, expected), expected));
}

/** A whole number, in a query as digits. */
export function whole(from: number, to: number) {
  const expected = to >= 1e9 ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ],
      expected,
    )
    .pipe(z.int(expected).min(from, expected).max(to, expected));
}

/** True, or left out. */
export const onlyTrue = z
  .union([z.literal(true), z.literal('true').transform(() => true as const)], 'true, or left out')
  .pipe(z.literal(true));

/** Fields that several inputs share. */
export const ref = text('the id, directory name or absolute path of a batch', MAX_REF_LENGTH);
export const rootName = text('the name of a watch path');
export const time = z
  .string('a time such as 2025-03-01T10:00:00Z')
  .refine(isTime, 'a time such as 2025-03-01T10:00:00Z');
export const batchId = z.string('the id of a batch').regex(/^[0-9]{1,15}$/, 'the id of a batch');
export const limit = whole(1, MAX_LIMIT);
export const by = words('the name of an account', 256).describe(
  'Who asks, over the unix socket; elsewhere it is who is signed in, whatever is said.',
);
export const reason = words('a text of at most 2000 characters', 2000);

function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
}
