export { type ClaimOptions, claimPidFile, type PidClaim, type PidFile } from './claim-pid-file.ts';
export { combineLoggers } from './combine-loggers.ts';
export { type FollowOptions, followFile } from './follow-file.ts';
export { toLocalIso } from './local-iso.ts';
export type { LogFile } from './log-file.ts';
export { type LogFiles, type LogFilesOptions, openLogFiles } from './log-files.ts';
export { createLogger, type LoggerOptions } from './logger.ts';
export { parseMessageLevel } from './message-level.ts';
export { type NotifyOptions, notifyServiceManager } from './notify-service-manager.ts';
export { type PidFileState, type PidRecord, readPidFile, toRecordFile } from './pid-file.ts';
export { isAlive, type ProcessIdentity, readStartTime } from './process-identity.ts';
export { abortOnTermination, type TerminationSignal } from './process-signals.ts';
export { printable } from './printable.ts';
export { receiveInput, reportFailed, reportLine, reportReady } from './report-ready.ts';
export { type HeartbeatDeps, runHeartbeat } from './run-heartbeat.ts';
export { routeConsole } from './route-console.ts';
export { createSink, type DynamicSink, type Sink } from './sink.ts';
export { type StartedProcess, type StartOptions, startDetached } from './start-detached.ts';
export {
  listPidFiles,
  resolveStateFiles,
  type StateFilePaths,
  type StateFiles,
  type StateFilesOptions,
} from './state-files.ts';
export { runWatchdog, type WatchdogOptions } from './watchdog.ts';
export { type StopOptions, stopProcess } from './stop-process.ts';
