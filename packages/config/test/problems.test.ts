import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toConfigurationError } from '../src/index.ts';
import { json, openWorkingFolder } from './folder.ts';

const watching = (fields: object) => ({
  watchPaths: [{ folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue', ...fields }],
});

describe('one wrong value is one problem with its path', () => {
  test.each<[object, string]>([
    [{ quietMs: -1 }, 'quietMs: expected a whole number of milliseconds from 0 to 86400000, got -1'],
    [{ quietMs: '5' }, 'quietMs: expected a whole number of milliseconds from 0 to 86400000, got "5"'],
    [{ quietMs: null }, 'quietMs: expected a whole number of milliseconds from 0 to 86400000, got nothing'],
    [{ portal: { port: 70_000 } }, 'portal.port: expected a whole number from 0 to 65535, got 70000'],
    [{ portal: 5 }, 'portal: expected an object with enabled, host, port, basePath, hosts and trustedProxies, got 5'],
    [{ portal: { enabled: 'yes' } }, 'portal.enabled: expected true or false, got "yes"'],
    [{ portal: { prot: 1 } }, 'portal.prot: unknown setting (did you mean port?); expected one of enabled, host, port'],
    [{ messageLevel: 'debugg' }, '(did you mean DEBUG?)'],
    [{ messageLevel: 9 }, 'messageLevel: expected one of ABRT (-4), '],
    [{ worker: { extraAttributes: ['KVPP'] } }, 'worker.extraAttributes: expected a list of DICOM keywords such as'],
    [{ logFormat: 'xml' }, 'logFormat: expected one of text, json, got "xml"'],
    [{ logs: { maxBytes: '10X' } }, 'logs.maxBytes: expected a size: '],
    [{ logs: { maxBytes: 10 } }, 'logs.maxBytes: expected a size: '],
    [
      { testPrefix: '' },
      'testPrefix: expected the beginning of a directory name, or false for none, got an empty string',
    ],
    [{ stateDir: '' }, 'stateDir: expected a path, relative to the configuration file, got an empty string'],
    [
      { databaseUrl: 'mysql://me:secret@host/db' },
      'databaseUrl: expected a URL that begins with postgres:// or postgresql://, got one that begins with mysql://',
    ],
    [{ databaseUrl: 'me:secret@host' }, 'got something without such a beginning'],
    [
      { databaseUrl: 'postgres://h/d', redisUrl: 'http://h' },
      'redisUrl: expected a URL that begins with redis:// or rediss://',
    ],
    [{ redisUrl: 'redis://h' }, 'redisUrl: expected databaseUrl too'],
    [
      { databaseUrl: 'postgres://u:secret@h/d?sslmode=prefer' },
      'databaseUrl: expected sslmode to be one of disable, require, verify-ca, verify-full, got "prefer"',
    ],
    [
      { databaseUrl: 'postgres://u:secret@h/d?sslmode=verify-full&sslrootcert=/missing.pem' },
      'databaseUrl: expected a certificate or key that can be read at /missing.pem, got ENOENT',
    ],
    [{ watchPaths: 'data' }, 'watchPaths: expected a list of watch paths, or a function that returns one, got "data"'],
    [
      { watchPaths: ['data'] },
      'watchPaths[0]: expected [folder, events, processor], or an object with folder, events and processor, got "data"',
    ],
    [
      { watchPaths: [['data', 'IN_CREATE']] },
      'watchPaths[0]: expected three values: [folder, events, processor], got a list of 2',
    ],
    [{ watchPaths: [['data', 'IN_CREAT', 'DicomQueue']] }, 'watchPaths[0][1]: expected inotify event names'],
    [watching({ events: 'IN_CREAT' }), 'got "IN_CREAT" (did you mean IN_CREATE?)'],
    [watching({ events: ['IN_CREATE', 'IN_MOVED'] }), 'watchPaths[0].events: expected inotify event names'],
    [watching({ events: '' }), 'watchPaths[0].events: expected inotify event names'],
    [watching({ event: 'x' }), 'watchPaths[0].event: unknown setting (did you mean events?)'],
    [
      watching({ backend: 'fsevents' }),
      'watchPaths[0].backend: expected one of auto, inotify, chokidar, polling, got "fsevents"',
    ],
    [
      watching({ rescanMs: 1 }),
      'watchPaths[0].rescanMs: expected a whole number of milliseconds from 1000 to 86400000, got 1',
    ],
    [watching({ name: ' data' }), 'watchPaths[0].name: expected a name of 1 to 100 characters, got " data"'],
    [
      watching({ folder: 'nowhere' }),
      'watchPaths[0].folder: expected a folder that can be watched, got DIR/nowhere, which does not exist',
    ],
    [watching({ folder: 'sendit.config.json' }), 'which is not a directory'],
    [watching({ folder: 'sendit.config.json/x' }), 'which lies below something that is not a directory'],
    [watching({ processor: 'DicomQueu' }), 'which is neither built in nor installed (did you mean DicomQueue?)'],
    [
      watching({ processor: './nowhere.ts' }),
      'watchPaths[0].processor: expected a module, got "./nowhere.ts", where there is no file',
    ],
    [{ findings: { truncatd: 'error' } }, 'findings.truncatd: unknown setting (did you mean truncated?)'],
    [{ findings: { truncated: 'eror' } }, 'off, got "eror" (did you mean error?)'],
    [
      { findings: { vanished: 'off' } },
      'findings.vanished: expected one of error, warning, info: it is the only trace',
    ],
    [
      { findings: 5 },
      'findings: expected an object of codes (docs/findings.md), each with one of error, warning, info',
    ],
    [
      watching({ findings: { 'slice-gaps': 'off' } }),
      'watchPaths[0].findings.slice-gaps: unknown setting (did you mean slice-gap?); expected one of unreadable, ',
    ],
    [
      watching({ oneStudyDate: true, findings: { 'several-study-dates': 'info' } }),
      'watchPaths[0].oneStudyDate: expected one word on several study dates, got oneStudyDate: true',
    ],
    [{ ...watching({}), stateDir: 'data' }, 'stateDir: expected a place outside every watch path, got DIR/data'],
    [{ ...watching({}), stateDir: 'data/deep/state' }, 'stateDir: expected a place outside every watch path'],
    [
      { ...watching({}), stateDir: '.' },
      'watchPaths[0].folder: expected a folder outside the stateDir DIR, got DIR/data',
    ],
    [
      { ...watching({}), outFile: 'data/watcher.out' },
      'outFile: expected a place outside every watch path, got DIR/data',
    ],
    [{ ...watching({}), databaseDir: '.' }, 'watchPaths[0].folder: expected a folder outside the databaseDir DIR'],
  ])('%j', async (config, expected) => {
    await using folder = await openWorkingFolder(json(config));
    const problems = await folder.problems();
    expect(problems).toEqual([expect.stringContaining(expected)]);
    expect(problems.join()).not.toContain('secret');
  });
});

test('all problems come at once, those of rules and modules too', async () => {
  await using folder = await openWorkingFolder(
    json({
      watchPaths: [
        ['nowhere', 'IN_CREATE', 'DicomQueue'],
        { folder: 'data', events: 'IN_CREAT', processor: './absent.ts', name: 'twin' },
        { folder: './data/', events: 'IN_CREATE', processor: 'DicomQueue', name: 'twin' },
      ],
      redisUrl: 'redis://host',
      portal: { port: -1 },
      typo: 1,
    }),
  );
  const problems = await folder.problems({ env: { SENDIT_QUIET_MS: 'soon' }, flags: { logFormat: 'xml' } });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'watchPaths[1].events',
    'flag --log-format (logFormat)',
    'portal.port',
    'environment SENDIT_QUIET_MS (quietMs)',
    'typo',
    'watchPaths[0][0]',
    'watchPaths[2].folder',
    'watchPaths[2].name',
    'redisUrl',
    'watchPaths[1].processor',
  ]);
});

test('the error of an invalid configuration carries every problem as a line', async () => {
  await using folder = await openWorkingFolder(json({ quietMs: -1, typo: 1 }));
  const result = await folder.load();
  if (result.kind === 'ok') throw new Error('expected an invalid configuration');
  const error = toConfigurationError(result);
  expect(error.code).toBe('bad-configuration');
  expect(error.message).toBe(`The configuration ${join(folder.path, 'sendit.config.json')} has 2 problems.`);
  expect(error.problems).toEqual([expect.stringMatching(/^quietMs: /), expect.stringMatching(/^typo: /)]);
});

describe('an invalid configuration still says how to stop what runs', () => {
  test('by the settings in it that are right', async () => {
    await using folder = await openWorkingFolder(json({ stateDir: 'mine', stopTimeoutMs: 5, typo: 1 }));
    const stopping = { pidFile: join(folder.path, 'mine', 'watcher.pid'), stopTimeoutMs: 5 };
    expect(await folder.load()).toMatchObject({ kind: 'invalid', stopping });
    expect(await folder.load({ env: { SENDIT_PID_FILE: '/run/x.pid' } })).toMatchObject({
      stopping: { pidFile: '/run/x.pid' },
    });
  });

  test('by where the file lies, when it cannot be read', async () => {
    await using folder = await openWorkingFolder({ 'below/sendit.config.json': '{' });
    expect(await folder.load({ configFile: 'below/sendit.config.json' })).toMatchObject({
      kind: 'invalid',
      stopping: { pidFile: join(folder.path, 'below', '.sendit', 'watcher.pid'), stopTimeoutMs: 30_000 },
    });
  });
});

describe('two watch paths', () => {
  const two = (first: string, second: string) =>
    json({
      watchPaths: [
        [first, 'IN_CREATE', 'DicomQueue'],
        [second, 'IN_CREATE', 'DicomQueue'],
      ],
    });

  test('may not be the same folder, not even through a symbolic link', async () => {
    await using folder = await openWorkingFolder(two('data', 'link'));
    await symlink('data', join(folder.path, 'link'));
    expect(await folder.problems()).toEqual([
      'watchPaths[1][0]: expected every folder once, got DIR/link, which watchPaths[0] watches too',
    ]);
  });

  test('of which one lies in the other are warned of', async () => {
    await using folder = await openWorkingFolder({ ...two('data', 'data/inner'), 'data/inner/x': '' });
    const result = await folder.load();
    expect(result).toMatchObject({
      kind: 'ok',
      warnings: [expect.stringMatching(/^watchPaths\[1\]\[0\]: .* seen twice$/)],
    });
  });

  test('may share a base name, but not a name', async () => {
    await using folder = await openWorkingFolder({ ...two('data', 'b/data'), 'b/data/x': '' });
    const at = folder.path.slice(1);
    expect((await folder.settings()).watchPaths.map((one) => one.name)).toEqual([`${at}/data`, `${at}/b/data`]);
    await folder.write(
      'sendit.config.json',
      JSON.stringify({
        watchPaths: [
          { folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue', name: 'data' },
          { folder: 'b', events: 'IN_CREATE', processor: 'DicomQueue', name: 'data' },
        ],
      }),
    );
    expect(await folder.problems()).toEqual([
      'watchPaths[1].name: expected a name of its own, got "data", which is the name of watchPaths[0] too',
    ]);
  });
});

test('a state directory that leads into a watch path through a symbolic link is found', async () => {
  await using folder = await openWorkingFolder(json({ ...watching({}), stateDir: 'link/state' }));
  await symlink('data', join(folder.path, 'link'));
  expect(await folder.problems()).toEqual([expect.stringContaining('stateDir: expected a place outside')]);
});

test.skipIf(process.getuid?.() === 0)('a folder that this user may not read is a problem', async () => {
  await using folder = await openWorkingFolder(json(watching({})));
  await chmod(join(folder.path, 'data'), 0o000);
  expect(await folder.problems()).toEqual([expect.stringContaining('this user may not read')]);
  await chmod(join(folder.path, 'data'), 0o700);
});

test('commands that do not watch need neither the folders nor the modules', async () => {
  await using folder = await openWorkingFolder(json(watching({ folder: 'nowhere', processor: './absent.ts#Mine' })));
  const settings = await folder.settings({ checkFolders: false });
  expect(settings.watchPaths[0]?.processorKind).toEqual({
    kind: 'module',
    specifier: './absent.ts',
    exportName: 'Mine',
    value: undefined,
  });
});

describe('nothing to watch', () => {
  test('is a problem only where watching is asked for, and says what to do', async () => {
    await using folder = await openWorkingFolder();
    expect(await folder.problems()).toEqual([]);
    expect(await folder.problems({ requireWatchPaths: true })).toEqual([
      expect.stringMatching(/no configuration file.*`sendit config init`.*`--data DIR`/),
    ]);
    await folder.write('sendit.config.json', '{}');
    expect(await folder.problems({ requireWatchPaths: true })).toEqual([
      expect.stringMatching(/^watchPaths: expected at least one watch path, got none/),
    ]);
  });
});
