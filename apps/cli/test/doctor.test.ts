import { rm } from 'node:fs/promises';
import { describeWith, startPostgres, startRedis } from '@sendit/testing';
import { silentLogger } from '@sendit/model';
import { openConfiguredDatabase } from '@sendit/runtime';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

interface Report {
  readonly level: string;
  readonly diagnoses: readonly {
    check: string;
    state: string;
    subject: string | null;
    found: string;
    fix: string | null;
  }[];
}

async function consult(at: Installation): Promise<{ code: number | null; report: Report }> {
  const { code, stdout } = await at.run('doctor', '--data', at.data, '--json');
  return { code, report: JSON.parse(stdout) as Report };
}

test('before the first start, with the watcher running, and with its folder gone', async () => {
  await using at = await Installation.open();
  const before = await consult(at);
  expect(before.report.diagnoses.filter(({ state }) => state === 'error')).toEqual([]);
  expect(before.report.diagnoses).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        check: 'watch-path',
        state: 'ok',
        found: expect.stringContaining('watched with inotify'),
      }),
      expect.objectContaining({ check: 'state', state: 'ok', found: 'made by the first start' }),
      expect.objectContaining({ check: 'watcher', state: 'info', fix: '`sendit watcher start`.' }),
    ]),
  );
  await at.start();
  expect((await consult(at)).report.diagnoses).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ check: 'state', state: 'ok', found: 'a watcher runs there' }),
      expect.objectContaining({ check: 'watcher', state: 'ok' }),
    ]),
  );
  await rm(at.data, { recursive: true });
  const gone = await consult(at);
  expect(gone.code).toBe(3);
  expect(gone.report.level).toBe('error');
  expect(gone.report.diagnoses).toContainEqual(
    expect.objectContaining({ check: 'watch-path', state: 'error', found: `${at.data} is not there` }),
  );
});

test('a configuration that is wrong is every problem at once, with exit code 2', async () => {
  await using at = await Installation.open({ SENDIT_QUIET_MS: 'long' });
  const { code, stderr } = await at.run('doctor');
  expect(code).toBe(2);
  expect(stderr).toContain('SENDIT_QUIET_MS');
});

test('a state directory whose folders are still to be made is no fault', async () => {
  await using at = await Installation.open();
  at.env['SENDIT_STATE_DIR'] = `${at.directory}/to/be/made`;
  const { report } = await consult(at);
  expect(report.diagnoses).toContainEqual(
    expect.objectContaining({ check: 'state', state: 'ok', found: 'made by the first start' }),
  );
});

describeWith(['postgres', 'redis'], 'on servers', () => {
  test('a database that nobody has started on is left as it is', async () => {
    await using postgres = await startPostgres();
    const url = await postgres.createDatabase();
    await using at = await Installation.open({ DATABASE_URL: url });
    const { report } = await consult(at);
    expect(report.diagnoses).toContainEqual(
      expect.objectContaining({ check: 'queue', state: 'ok', found: 'made by the first start' }),
    );
    const target = { databaseUrl: url, databaseDir: at.directory };
    await using database = await openConfiguredDatabase(target, { logger: silentLogger, migrate: false });
    expect(await database.migrationStatus()).toMatchObject({ applied: [] });
  });

  test('they answer and take writes; or the word says what to do, without a password', async () => {
    await using postgres = await startPostgres();
    await using redis = await startRedis();
    await using at = await Installation.open({ DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url });
    const { report } = await consult(at);
    expect(report.diagnoses.filter(({ state }) => state === 'error')).toEqual([]);
    expect(report.diagnoses).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: 'database', state: 'ok', found: expect.stringMatching(/^PostgreSQL \d/) }),
        expect.objectContaining({ check: 'migrations', state: 'info' }),
        expect.objectContaining({ check: 'clock', state: 'ok' }),
        expect.objectContaining({ check: 'queue', state: 'ok', found: 'takes jobs: 0 waiting, 0 active, 0 failed' }),
      ]),
    );
    at.env['DATABASE_URL'] = 'postgres://user:hidden-word@127.0.0.1:1/none';
    const down = await at.run('doctor', '--data', at.data);
    expect(down.code).toBe(3);
    expect(down.stdout).toMatch(/^error {4}database/m);
    expect(down.stdout + down.stderr).not.toContain('hidden-word');
  });
});
