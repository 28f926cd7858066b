import type { DiskSpace } from '@sendit/model';
import { z } from 'zod';
import type { Frozen } from '../frozen.ts';

const isoTime = z.iso.datetime();
const count = z.int().min(0);

export const diskSpace = z
  .object({
    freeBytes: z.number().min(0),
    totalBytes: z.number().min(0),
    fullAt: isoTime
      .nullable()
      .describe('When it will be full if it goes on as in the last hours; null where it does not become fuller.'),
  })
  .meta({ id: 'DiskSpace', description: 'Space of the disk that something lies on.' }) satisfies z.ZodType<DiskSpace>;

export const rootArrivals = z
  .object({
    root: z.string(),
    lastAt: isoTime.nullable().describe('When something was last sealed there.'),
    minutes: z.array(count).describe('What was sealed in each of the last 60 minutes, the oldest first.'),
  })
  .meta({ id: 'RootArrivals', description: 'What came to one watch path.' });

/** What came to one watch path. */
export type RootArrivals = Frozen<z.infer<typeof rootArrivals>>;

/** The oldest import that is not done, and what came to each watch path. */
export interface WorkView {
  readonly oldestAt: string | null;
  readonly arrivals: readonly RootArrivals[];
}

export const queuePause = z
  .object({ by: z.string(), reason: z.string(), at: isoTime })
  .meta({ id: 'QueuePause', description: 'A person has paused the import queue.' });

export const queueState = z
  .object({ paused: queuePause.nullable().describe('Null while imports run.') })
  .meta({ id: 'QueueState', description: 'Whether imports run.' });

/** A person has paused the import queue. */
export type QueuePause = Frozen<z.infer<typeof queuePause>>;
