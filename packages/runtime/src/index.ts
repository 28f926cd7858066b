export { type Purpose, loadSettings, type SettingsSource } from './load-settings.ts';
export { type OpenedApi, openApi } from './open-api.ts';
export type { Running } from './parts/open-running.ts';
export { openConfiguredDatabase } from './parts/open-stores.ts';
export { openPortal, type PortalReady, type PortalRunOptions, runPortal } from './run-portal.ts';
export {
  type OpenWatcherOptions,
  openWatcher,
  runWatcher,
  type WatcherOptions,
  type WatcherReady,
} from './run-watcher.ts';
export { openWorker, runWorker, type WorkerOptions } from './run-worker.ts';
export type { AnyLogger, PlainLogger } from './parts/to-logger.ts';
export { openTransferFile, readTransferLines, type TransferFile } from './transfer/transfer-file.ts';
