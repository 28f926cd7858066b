export { type BackendChoice, chooseBackend, chooseForTree, type TreeChoice } from './choose-backend.ts';
export { type CacheTime, toCacheTime } from './mounts/cache-time.ts';
export { readCacheTime } from './mounts/read-cache-time.ts';
export { type MountSight, type MountSystem, readMount } from './mounts/read-mount.ts';
export { openRevalidation, type Revalidate } from './mounts/revalidation.ts';
export { type OpenWatchOptions, openWatchSource } from './open-watch-source.ts';
export { BACKEND_NAMES, type BackendName, CAPABILITIES, type Capabilities, type WatchSource } from './watch-source.ts';
export type { WatchProblem, WatchStatus } from './watch-status.ts';
