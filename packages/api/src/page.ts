import { z } from 'zod';
import { limit } from './fields.ts';
import type { Frozen } from './frozen.ts';

/** Parameters of every list beside its filters. */
export const paging = {
  cursor: z
    .string('`next` or `previous` of another page')
    .regex(/^[\w-]{1,1024}$/, '`next` or `previous` of another page')
    .optional()
    .describe('`next` or `previous` of another page of the same list; the first page by default.'),
  limit: limit.optional().describe('At most this many; 50 by default.'),
};

/** Page size and the wanted page of a list. */
export interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** The schema of one page of a list. */
export function pageOf<T extends z.ZodType>(item: T, name: string) {
  return z
    .object({
      count: z.int().min(0).describe('How many there are on all pages.'),
      next: z.string().nullable().describe('`cursor` of the next page; null on the last one.'),
      previous: z.string().nullable().describe('`cursor` of the page before; null on the first one.'),
      results: z.array(item),
    })
    .meta({ id: name });
}

/** One page of a list. */
export interface Page<T> {
  /** On all pages. */
  readonly count: number;
  /** `cursor` of the next page; null on the last one. */
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly T[];
}

/** The type of a schema's value. */
export type Of<T extends z.ZodType> = Frozen<z.infer<T>>;
