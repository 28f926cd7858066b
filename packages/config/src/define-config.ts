import type { ConfigFields, WatchPathFields, WatchPathTuple } from './config-types.ts';

/** One watch path: the tuple (folder, events, processor), or an object. */
export type WatchPathConfig = WatchPathTuple | WatchPathFields;

/** The default export of a configuration file. */
export interface SenditConfig extends ConfigFields {
  /** The folders to watch: a list, or a function that returns one when the configuration is loaded. */
  readonly watchPaths?:
    | readonly WatchPathConfig[]
    | (() => readonly WatchPathConfig[] | Promise<readonly WatchPathConfig[]>)
    | undefined;
}

/** Gives a configuration its type; returns it as it is. */
export function defineConfig(config: SenditConfig): SenditConfig {
  return config;
}
