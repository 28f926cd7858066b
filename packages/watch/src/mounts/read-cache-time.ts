import { type CacheTime, toCacheTime } from './cache-time.ts';
import { readDaemonOptions } from './read-daemon-options.ts';
import { readMount } from './read-mount.ts';

/**
 * How old what the mount of a directory shows may be; undefined where it shows every change at once or the system does not tell.
 * @throws the system's error when the directory cannot be opened
 */
export async function readCacheTime(path: string): Promise<CacheTime | undefined> {
  const sight = await readMount(path);
  return sight && toCacheTime(sight.mount, await readDaemonOptions(sight.mount));
}
