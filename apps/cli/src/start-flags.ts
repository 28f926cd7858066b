import { Flags } from '@oclif/core';
import { dataFlag } from './data-flag.ts';

/** What may be chosen when a watcher is started. */
export const startFlags = {
  ...dataFlag,
  'portal-port': Flags.integer({ summary: 'Port of the status page.', min: 0, max: 65_535 }),
  'log-format': Flags.option({ options: ['text', 'json'] as const, summary: 'json: one object per line.' })(),
};
