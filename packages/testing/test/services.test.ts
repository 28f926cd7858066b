import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeWith, startPostgres, startRedis } from '../src/index.ts';
import { postgresBinDir } from '../src/services.ts';

const run = promisify(execFile);

describeWith(['postgres'], 'a PostgreSQL of our own', () => {
  test('gives empty databases and keeps data over a restart', async () => {
    await using server = await startPostgres();
    const url = await server.createDatabase();
    const psql = (sql: string) => run(join(postgresBinDir() ?? '', 'psql'), ['-At', '-c', sql, url]);
    await psql('create table t (x int); insert into t values (7)');
    await server.stop('immediate');
    await expect(psql('select 1')).rejects.toThrow(/ECONNREFUSED|Command failed/);
    await server.start();
    expect((await psql('select x from t')).stdout.trim()).toBe('7');
  }, 60_000);
});

describeWith(['redis'], 'a Redis of our own', () => {
  test('stops and starts on the same port', async () => {
    await using server = await startRedis();
    await server.flushAll();
    await server.stop();
    await expect(server.flushAll()).rejects.toThrow(/ECONNREFUSED|Command failed/);
    await server.start();
    await server.flushAll();
  }, 60_000);
});
