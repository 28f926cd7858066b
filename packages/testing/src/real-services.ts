// What needs no test runner: for benchmarks and other programs that start services of their own.
export { type PostgresServer, startPostgres } from './postgres-server.ts';
export { exited, freePort, waitUntil } from './processes.ts';
export { type RedisServer, startRedis } from './redis-server.ts';
export { canMount, openSmallDisk, type SmallDisk } from './small-disk.ts';
export { openTempDir } from './temp-dir.ts';
