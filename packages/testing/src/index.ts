export { type PostgresServer, type StopMode, startPostgres } from './postgres-server.ts';
export { exited, freePort, waitUntil } from './processes.ts';
export { type RedisServer, startRedis } from './redis-server.ts';
export { chromiumPath, describeWith, postgresBinDir, redisServerPath, type ServiceName } from './services.ts';
export { openTempDir, type TempDir } from './temp-dir.ts';
