export { openConsoleLogger } from './daemon/console-logger.ts';
export { runDaemonProcess } from './daemon/daemon-process.ts';
export { refuseSecondStart } from './daemon/running-watcher.ts';
export { type ServiceManager, toServiceManager } from './parts/service-manager.ts';
export { type StartedWatcher, startWatcher, stopIfRunning } from './daemon/start-watcher.ts';
export { type StoppedWatcher, stopWatcher } from './daemon/stop-watcher.ts';
