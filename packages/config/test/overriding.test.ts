import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeSettings, type LoadFlags, type Settings } from '../src/index.ts';
import { json, openWorkingFolder } from './folder.ts';

describe('every variable sets its setting', () => {
  const databaseUrl = 'postgres://h/d';
  test.each<[string, string, (settings: Settings) => unknown, unknown]>([
    ['SENDIT_STATE_DIR', '/s', (settings) => [settings.stateDir, settings.pidFile], ['/s', '/s/watcher.pid']],
    ['SENDIT_PID_FILE', '/p', (settings) => settings.pidFile, '/p'],
    ['SENDIT_OUT_FILE', '/o', (settings) => settings.outFile, '/o'],
    ['SENDIT_ERR_FILE', '/e', (settings) => settings.errFile, '/e'],
    ['SENDIT_SOCKET_PATH', '/s', (settings) => settings.socketPath, '/s'],
    ['SENDIT_DATABASE_DIR', '/d', (settings) => settings.databaseDir, '/d'],
    ['DATABASE_URL', databaseUrl, (settings) => [settings.databaseUrl, settings.mode], [databaseUrl, 'postgres']],
    ['SENDIT_DATABASE_URL', databaseUrl, (settings) => settings.databaseUrl, databaseUrl],
    ['SENDIT_MESSAGELEVEL', '-3', (settings) => settings.messageLevel, 'ERROR'],
    ['SENDIT_MESSAGELEVEL', 'VERBOSE2', (settings) => settings.messageLevel, 'VERBOSE2'],
    ['SENDIT_LOG_FORMAT', 'json', (settings) => settings.logFormat, 'json'],
    ['SENDIT_LOG_MAX_BYTES', '2K', (settings) => settings.logs.maxBytes, 2048],
    ['SENDIT_LOG_MAX_BYTES', '5000', (settings) => settings.logs.maxBytes, 5000],
    ['SENDIT_LOG_KEEP', '0', (settings) => settings.logs.keep, 0],
    ['SENDIT_PORTAL_ENABLED', 'no', (settings) => settings.portal.enabled, false],
    ['SENDIT_PORTAL_HOST', '::1', (settings) => settings.portal.host, '::1'],
    ['SENDIT_PORTAL_PORT', '0', (settings) => [settings.portal.port, settings.portalPortExplicit], [0, true]],
    ['SENDIT_WORKER_CONCURRENCY', '3', (settings) => settings.worker.concurrency, 3],
    ['SENDIT_WORKER_ATTEMPTS', '3', (settings) => settings.worker.attempts, 3],
    ['SENDIT_WORKER_BACKOFF_MS', '3', (settings) => settings.worker.backoffMs, 3],
    ['SENDIT_WORKER_THREADS', '3', (settings) => settings.worker.threads, 3],
    ['SENDIT_STOP_TIMEOUT_MS', '3', (settings) => settings.stopTimeoutMs, 3],
    ['SENDIT_QUIET_MS', '3', (settings) => settings.quietMs, 3],
    ['SENDIT_TEST_PREFIX', 'false', (settings) => settings.testPrefix, false],
    ['SENDIT_TEST_PREFIX', 'demo', (settings) => settings.testPrefix, 'demo'],
  ])('%s=%s', async (name, value, read, expected) => {
    await using folder = await openWorkingFolder();
    const settings = await folder.settings({ env: { [name]: value } });
    expect(read(settings)).toEqual(expected);
    expect(Object.values(settings.sources)).toContain(`environment ${name}`);
  });
});

test('Redis beside PostgreSQL makes the third size', async () => {
  await using folder = await openWorkingFolder();
  const settings = await folder.settings({ env: { DATABASE_URL: 'postgres://h/d', REDIS_URL: 'rediss://h' } });
  expect(settings.mode).toBe('postgres+redis');
});

test('a bad value names its variable or flag', async () => {
  await using folder = await openWorkingFolder();
  const flags: LoadFlags = { messageLevel: 'LOUD', data: ['nowhere'] };
  const env = { REDIS_URL: 'redis://h', SENDIT_PORTAL_ENABLED: 'perhaps' };
  const problems = await folder.problems({ env, flags });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'flag --message-level (messageLevel)',
    'environment SENDIT_PORTAL_ENABLED (portal.enabled)',
    'flag --data (watchPaths[0][0])',
    'environment REDIS_URL (redisUrl)',
  ]);
});

test('without a file everything lies in .sendit of the working directory', async () => {
  await using folder = await openWorkingFolder();
  const settings = await folder.settings();
  const state = join(folder.path, '.sendit');
  expect(settings).toMatchObject({
    configFile: undefined,
    mode: 'embedded',
    stateDir: state,
    pidFile: join(state, 'watcher.pid'),
    outFile: join(state, 'logs/watcher.out'),
    errFile: join(state, 'logs/watcher.err'),
    socketPath: join(state, 'api.sock'),
    databaseDir: join(state, 'database'),
    portalPortExplicit: false,
    watchPaths: [],
  });
  expect(new Set(Object.values(settings.sources))).toEqual(new Set(['default']));
});

test('a relative path of a flag or variable starts from the working directory, one of the file from its folder', async () => {
  await using folder = await openWorkingFolder({ 'conf/sendit.json': '{"pidFile": "a.pid", "outFile": "a.out"}' });
  const settings = await folder.settings({
    configFile: 'conf/sendit.json',
    env: { SENDIT_OUT_FILE: 'b.out' },
    flags: { stateDir: 'state' },
  });
  expect(settings.pidFile).toBe(join(folder.path, 'conf/a.pid'));
  expect(settings.outFile).toBe(join(folder.path, 'b.out'));
  expect(settings.errFile).toBe(join(folder.path, 'state/logs/watcher.err'));
});

test('--data replaces the watch paths of the file, whose function is then not called', async () => {
  await using folder = await openWorkingFolder({
    'sendit.config.ts': `export default { quietMs: 3, watchPaths: () => { throw new Error('called'); } };`,
  });
  for (const request of [{ flags: { data: ['data'] } }, { env: { SENDIT_DATA: 'data' } }]) {
    const settings = await folder.settings(request);
    expect(settings.watchPaths).toMatchObject([
      {
        folder: join(folder.path, 'data'),
        name: join(folder.path, 'data').slice(1),
        events: 'IN_ALL_EVENTS',
        processor: '@sendit/processors.DicomQueue',
        quietMs: 3,
      },
    ]);
  }
});

test('what a watch path says itself is stronger than the general value, wherever that is given', async () => {
  const own = { folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue', quietMs: 1, testPrefix: false };
  await using folder = await openWorkingFolder(json({ watchPaths: [own] }));
  const settings = await folder.settings({ env: { SENDIT_QUIET_MS: '2' }, flags: { quietMs: 3 } });
  expect(settings.watchPaths[0]).toMatchObject({ quietMs: 1, testPrefix: false });
  expect(settings).toMatchObject({ quietMs: 3, testPrefix: 'test' });
});

test('unknown SENDIT_ variables are warned of, with what may be meant and without their values', async () => {
  await using folder = await openWorkingFolder();
  const env = {
    SENDIT_QUITE_MS: 'secret',
    SENDIT_DICOM_CORPUS: '/x',
    SENDIT_REQUIRE_SERVICES: '1',
    SENDIT_CHILD: '1',
    OTHER: '1',
  };
  expect(await folder.load({ env, knownVariables: ['SENDIT_CHILD'] })).toMatchObject({
    kind: 'ok',
    warnings: [
      'The environment variable SENDIT_QUITE_MS is unknown and has no effect (did you mean SENDIT_QUIET_MS?).',
    ],
  });
});

test('the description lists every value with its source and hides passwords', async () => {
  await using folder = await openWorkingFolder(
    json({ watchPaths: [['data', 'IN_CREATE', 'DicomQueue']], portal: { port: 80 }, redisUrl: 'redis://:secret@h' }),
  );
  const described = describeSettings(
    await folder.settings({
      env: { DATABASE_URL: 'postgres://me:secret@h/d?password=secret' },
      flags: { portalHost: '::1' },
    }),
  );
  const lines = described.map(({ path, value, source }) => `${path} = ${value} (${source})`);
  expect(lines).toEqual(
    expect.arrayContaining([
      'portal.port = 80 (file sendit.config.json)',
      'portal.host = ::1 (flag --portal-host)',
      'portal.enabled = true (default)',
      'databaseUrl = postgres://me:***@h/d?password=*** (environment DATABASE_URL)',
      'redisUrl = redis://:***@h (file sendit.config.json)',
      `watchPaths[0].name = ${folder.path.slice(1)}/data (default)`,
      'watchPaths[0].events = IN_CREATE (file sendit.config.json)',
      'watchPaths[0].quietMs = 15000 (default)',
    ]),
  );
  expect(JSON.stringify(described)).not.toContain('secret');
});

test('a socket path that the kernel would cut moves to a short one', async () => {
  await using folder = await openWorkingFolder();
  const settings = await folder.settings({ flags: { stateDir: `/tmp/${'d'.repeat(120)}` } });
  expect(settings.socketPath).toMatch(/\/sendit-\d+-[0-9a-f]{12}\/api\.sock$/);
  expect(settings.pidFile).toBe(`/tmp/${'d'.repeat(120)}/watcher.pid`);
});

test('levels may be written in any case, ABRT also as the original’s abort and critical', async () => {
  await using folder = await openWorkingFolder();
  for (const [text, level] of [
    ['debug', 'DEBUG'],
    ['Abort', 'ABRT'],
    ['critical', 'ABRT'],
  ]) {
    const settings = await folder.settings({ env: { SENDIT_MESSAGELEVEL: text } });
    expect(settings.messageLevel).toBe(level);
  }
});
