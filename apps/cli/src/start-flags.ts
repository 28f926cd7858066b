import { Flags } from '@oclif/core';
import { dataFlag } from './data-flag.ts';

const logFormat = Flags.option({ options: ['text', 'json'] as const, summary: 'json: one object per line.' });
const port = Flags.integer({ summary: 'Port of the status page; 0 takes a free one.', min: 0, max: 65_535 });

/** Flags for serving the page. */
export const portalFlags = {
  'portal-host': Flags.string({ summary: 'Address of the status page.' }),
  'portal-port': port,
  'log-format': logFormat(),
};

/** Flags for starting a worker. */
export const workerFlags = {
  'worker-concurrency': Flags.integer({ summary: 'Batches at a time.', aliases: ['concurrency'], min: 1, max: 256 }),
  'log-format': logFormat(),
};

/** Flags for starting a watcher; the configuration commands judge them too. */
export const startFlags = {
  ...dataFlag,
  ...portalFlags,
  ...workerFlags,
  portal: Flags.boolean({ summary: 'Serve the status page (on the embedded database).', allowNo: true }),
  'quiet-ms': Flags.integer({ summary: 'Quiet time that makes a directory complete that was not renamed.', min: 0 }),
  'stop-timeout-ms': Flags.integer({ summary: 'Time to drain before a stop kills.', min: 0 }),
};
