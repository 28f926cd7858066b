import { z } from 'zod';
import { rootName, time, whole } from '../fields.ts';
import type { Frozen } from '../frozen.ts';

const count = z.int().min(0);

export const configuration = z
  .object({
    settings: z
      .array(
        z.object({
          path: z.string(),
          value: z.union([z.string(), z.number(), z.boolean(), z.null()]).describe('Secrets are shown as `***`.'),
          source: z.string().describe('`default`, `file …`, `environment …` or `flag …`.'),
        }),
      )
      .describe('What is in force, and where each value came from.'),
    watchPaths: z.array(
      z.object({ name: z.string(), folder: z.string(), rules: z.array(z.string()).describe('In words.') }),
    ),
  })
  .meta({
    id: 'Configuration',
    description: '`sendit config show --json`, and the rules of each watch path in words.',
  });

/** What is in force, where each value came from, and the rules of each watch path in words. */
export type Configuration = Frozen<z.infer<typeof configuration>>;

export const dryRunQuery = z.strictObject({
  quietMs: whole(0, 86_400_000).optional().describe('The quiet time that is tried; a minute by default.'),
  root: rootName.optional(),
  since: time.optional().describe('A week ago by default.'),
});

/** Which quiet time is tried on which past. */
export type DryRunQuery = Frozen<z.infer<typeof dryRunQuery>>;

const moved = z.object({ count, medianMs: z.number(), mostMs: z.number() });

export const dryRun = z
  .object({
    quietMs: z.number(),
    since: z.iso.datetime(),
    considered: count.describe(
      'Sealed batches that were looked at, the newest first: 2,000 or a million files at most.',
    ),
    otherProof: count.describe('Of these, proved complete by something else than quiet time: nothing would change.'),
    unknown: count.describe('Of these, without times of birth in their sealed list: nobody can tell.'),
    later: moved.describe('Would have been sealed later.'),
    earlier: moved.describe('Would have been sealed earlier.'),
    split: z
      .object({ count, batches: z.array(z.object({ batchId: z.string(), pauseMs: z.number() })) })
      .describe(
        'Their files paused for longer: they would have been sealed in the middle. The longest pause first; at most 50.',
      ),
    joined: z
      .object({ count, batches: z.array(z.string()) })
      .describe('Later generations that would have been one with the one before.'),
  })
  .meta({ id: 'DryRun', description: 'What another quiet time would have made of the past.' });

/** What another quiet time would have made of the past. */
export type DryRun = Frozen<z.infer<typeof dryRun>>;
