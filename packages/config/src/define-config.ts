import type { z } from 'zod';
import type { configSchema } from './schema.ts';

type ConfigInput = z.input<typeof configSchema>;

/** One watch path: the tuple (folder, events, processor), or an object. */
export type WatchPathConfig = NonNullable<ConfigInput['watchPaths']>[number];

/** The default export of a configuration file. */
export interface SenditConfig extends Omit<ConfigInput, 'watchPaths'> {
  /** The folders to watch: a list, or a function that returns one when the configuration is loaded. */
  readonly watchPaths?:
    | readonly WatchPathConfig[]
    | (() => readonly WatchPathConfig[] | Promise<readonly WatchPathConfig[]>);
}

/** Gives a configuration its type; returns it as it is. */
export function defineConfig(config: SenditConfig): SenditConfig {
  return config;
}
