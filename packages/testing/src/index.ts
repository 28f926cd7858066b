export { describeWith } from './describe-with.ts';
export { makeAuthority, type TestAuthority } from './certificates.ts';
export { type PostgresServer, type StopMode, startPostgres } from './postgres-server.ts';
export { aBatch, aStatus, createFakeApi, type FakeApi } from './fake-api.ts';
export { dirEvent, fileEvent } from './file-events.ts';
export { ManualClock, settle } from './manual-clock.ts';
export { createRecordingLogger, type LoggedLine, type RecordingLogger } from './recording-logger.ts';
export { exited, freePort, waitUntil } from './processes.ts';
export { type RedisServer, startRedis } from './redis-server.ts';
export { type SharedPostgres, sharedPostgres } from './shared-postgres.ts';
export { aRoot } from './root-status.ts';
export { chromiumPath, dcmdumpPath, postgresBinDir, redisServerPath, type ServiceName } from './services.ts';
export { canMount, openSmallDisk, type SmallDisk } from './small-disk.ts';
export { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { openMemoryDir, openTempDir, type TempDir } from './temp-dir.ts';
export { type SyntheticAttributes, type SyntheticKeyword, toSyntheticElements } from './synthetic-attributes.ts';
export type { SyntheticElement, SyntheticValue } from './synthetic-element.ts';
export { type DicomFileOptions, SYNTHETIC_SYNTAXES, type SyntheticSyntax, toDicomFile } from './synthetic-file.ts';
export { toScannerElements } from './synthetic-scanner.ts';
export {
  type SyntheticSeries,
  type SyntheticStudy,
  type SyntheticStudyOptions,
  toSyntheticUid,
  writeSyntheticStudy,
} from './synthetic-study.ts';
