import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeSettings } from '../src/index.ts';
import { json, openWorkingFolder } from './folder.ts';

const SECRET = 'a secret that nobody may see';

const watching = (fields: object, folder = 'data') => ({
  folder,
  events: 'IN_CREATE',
  processor: 'DicomQueue',
  ...fields,
});
const acting = (...actions: object[]) => json({ watchPaths: [watching({ actions })] });

test('an argument that names the list of files wants it in a file', async () => {
  const exec = { kind: 'exec', command: ['dcm2niix', '{files}'] };
  await using at = await openWorkingFolder(acting(exec));
  expect(await at.problems({ checkFolders: false })).toEqual([
    expect.stringContaining('actions[0].files: expected files: file, since an argument has {files}; got auto'),
  ]);
  await using right = await openWorkingFolder(acting({ ...exec, files: 'file' }));
  expect((await right.settings({ checkFolders: false })).watchPaths[0]?.actions).toMatchObject([{ files: 'file' }]);
});

test('actions are filled in: names, absolute paths, the environment and the secret that are named', async () => {
  await using at = await openWorkingFolder(
    json({
      watchPaths: [
        watching({
          actions: [
            { kind: 'exec', command: ['./bin/run', 'a b'], env: ['MINE', 'ABSENT'] },
            { kind: 'exec', name: 'second', command: ['logger'], timeoutMs: 5, attempts: 2 },
            { kind: 'webhook', url: 'https://host.example/hook?token=x', secretEnv: 'HOOK' },
            { kind: 'move', to: 'archive' },
          ],
          moveFailed: 'failed',
        }),
      ],
    }),
  );
  await mkdir(join(at.path, 'archive'));
  await mkdir(join(at.path, 'failed'));
  const settings = await at.settings({ env: { MINE: '1', OTHER: '2', PATH: '/bin', HOOK: SECRET } });
  const [watchPath] = settings.watchPaths;
  const common = { attempts: 10, backoffMs: 1000 };
  expect(watchPath?.actions).toEqual([
    {
      ...common,
      kind: 'exec',
      name: 'exec',
      command: [join(at.path, 'bin/run'), 'a b'],
      cwd: at.path,
      environment: { MINE: '1', PATH: '/bin' },
      timeoutMs: 60_000,
      files: 'auto',
      keepOutput: false,
    },
    expect.objectContaining({ name: 'second', command: ['logger'], timeoutMs: 5, attempts: 2 }),
    {
      ...common,
      kind: 'webhook',
      name: 'webhook',
      url: 'https://host.example/hook?token=x',
      secret: SECRET,
      timeoutMs: 10_000,
      includePath: false,
    },
    { ...common, kind: 'move', name: 'move', to: join(at.path, 'archive') },
  ]);
  expect(watchPath?.failedActions).toEqual([
    { ...common, kind: 'move', name: 'moveFailed', to: join(at.path, 'failed') },
  ]);

  const shown = JSON.stringify(describeSettings(settings));
  for (const hidden of [SECRET, 'token', 'a b', 'hook?']) expect(shown).not.toContain(hidden);
  expect(describeSettings(settings)).toContainEqual({
    path: 'watchPaths[0].actions[2].secret',
    value: '***',
    source: 'file sendit.config.json',
  });
});

test('events have actions of their own, which tell, under names of their own', async () => {
  const events = {
    onError: [{ kind: 'exec', command: ['logger'] }],
    onHeld: [
      { kind: 'exec', command: ['logger'] },
      { kind: 'webhook', url: 'https://h.example', secret: SECRET },
    ],
    onLate: [{ kind: 'exec', name: 'late', command: ['logger'] }],
  };
  await using at = await openWorkingFolder(
    json({ watchPaths: [{ folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue', ...events }] }),
  );
  const settings = await at.settings();
  expect(settings.watchPaths[0]?.eventActions.map(({ name, on }) => [name, on])).toEqual([
    ['onError-exec', 'onError'],
    ['onHeld-exec', 'onHeld'],
    ['onHeld-webhook', 'onHeld'],
    ['late', 'onLate'],
  ]);
  const shown = describeSettings(settings);
  expect(JSON.stringify(shown)).not.toContain(SECRET);
  expect(shown.map(({ path }) => path)).toContain('watchPaths[0].onHeld[1].url');
});

test.each<[string, object, string]>([
  ['a copy', { onHeld: [{ kind: 'copy', to: 'kept' }] }, 'watchPaths[0].onHeld[0]'],
  [
    'a name of another list',
    { actions: [{ kind: 'exec', command: ['a'] }], onLate: [{ kind: 'exec', name: 'exec', command: ['b'] }] },
    'watchPaths[0].onLate[0].name',
  ],
  ['an unknown field', { onError: [{ kind: 'exec', command: ['a'], comand: 'b' }] }, 'watchPaths[0].onError[0].comand'],
])('of an event %s is a problem with its path', async (_, events, path) => {
  await using at = await openWorkingFolder(
    json({ watchPaths: [{ folder: 'data', events: 'IN_CREATE', processor: 'DicomQueue', ...events }] }),
  );
  await expect(at.settings()).rejects.toThrow(path);
});

test('without actions there are none', async () => {
  await using at = await openWorkingFolder(json({ watchPaths: [['data', 'IN_CREATE', 'DicomQueue']] }));
  expect((await at.settings()).watchPaths[0]).toMatchObject({ actions: [], failedActions: [] });
});

describe('a wrong action is a problem with its path, and no secret in it', () => {
  const hook = { kind: 'webhook', url: 'https://h.example', secret: SECRET };
  test.each<[string, object[], string]>([
    [
      'no kind',
      [{}],
      'watchPaths[0].actions[0].kind: expected an action: an object with the kind exec, webhook, module, copy, move',
    ],
    ['another kind', [{ kind: 'shell' }], 'watchPaths[0].actions[0].kind: expected an action'],
    [
      'no command',
      [{ kind: 'exec' }],
      'actions[0].command: expected a program and its arguments, as a list, got nothing',
    ],
    [
      'a command line',
      [{ kind: 'exec', command: 'rm -rf /' }],
      'expected a program and its arguments, as a list, got "rm',
    ],
    ['an empty command', [{ kind: 'exec', command: [] }], 'expected a program and its arguments'],
    [
      'an unknown field',
      [{ kind: 'exec', command: ['x'], timeout: 1 }],
      'actions[0].timeout: unknown setting (did you mean timeoutMs?)',
    ],
    ['a wrong number', [{ kind: 'copy', to: 'archive', attempts: 0 }], 'actions[0].attempts: expected a whole number'],
    [
      'a name twice',
      [hook, hook],
      'actions[1].name: expected a name of its own within the watch path, got webhook again',
    ],
    [
      'no secret',
      [{ kind: 'webhook', url: 'https://h.example' }],
      'actions[0]: expected either secret or secretEnv, got neither',
    ],
    ['two secrets', [{ ...hook, secretEnv: 'X' }], 'actions[0]: expected either secret or secretEnv, got both'],
    [
      'a short secret',
      [{ ...hook, secret: 'tooshort' }],
      'actions[0].secret: expected a secret of at least 16 characters, got one of 8',
    ],
    [
      'a variable that is not set',
      [{ kind: 'webhook', url: 'https://h.example', secretEnv: 'NOPE' }],
      'secretEnv: expected the environment variable NOPE to hold',
    ],
    [
      'another scheme',
      [{ ...hook, url: 'ftp://h.example/SECRETPATH' }],
      'actions[0].url: expected a URL that begins with http://',
    ],
    [
      'a password',
      [{ ...hook, url: 'https://me:hidden@h.example' }],
      'actions[0].url: expected a URL without user and password',
    ],
    [
      'no target',
      [{ kind: 'move', to: 'nowhere' }],
      'actions[0].to: expected a folder for the files, got DIR/nowhere, which does not exist',
    ],
    [
      'a target in a watch path',
      [{ kind: 'copy', to: 'data/out' }],
      'actions[0].to: expected a folder apart from the folder of watchPaths[0]',
    ],
    [
      'a target around a watch path',
      [{ kind: 'copy', to: '.' }],
      'actions[0].to: expected a folder apart from the folder of watchPaths[0]',
    ],
    [
      'a linked target',
      [{ kind: 'copy', to: 'link' }],
      'actions[0].to: expected a folder apart from the folder of watchPaths[0]',
    ],
    [
      'something after a move',
      [
        { kind: 'move', to: 'archive' },
        { kind: 'exec', command: ['x'] },
      ],
      'actions[0]: expected a move to be the last action',
    ],
  ])('%s', async (_, actions, expected) => {
    await using at = await openWorkingFolder({ ...acting(...actions), 'data/out/x': '', 'archive/x': '' });
    await symlink('data', join(at.path, 'link'));
    const problems = await at.problems();
    expect(problems).toEqual([expect.stringContaining(expected)]);
    for (const hidden of [SECRET, 'tooshort', 'hidden', 'SECRETPATH']) expect(problems.join()).not.toContain(hidden);
  });
});

test('two watch paths may not put their directories into one folder, nor into the state directory', async () => {
  await using at = await openWorkingFolder({
    ...json({
      watchPaths: [
        watching({ actions: [{ kind: 'copy', to: 'archive' }], moveFailed: 'archive' }),
        watching({ moveFailed: 'archive/failed' }, 'other'),
        watching({ moveFailed: 'state' }, 'third'),
      ],
      stateDir: 'state',
    }),
    'other/x': '',
    'third/x': '',
    'state/x': '',
    'archive/failed/x': '',
  });
  expect(await at.problems()).toEqual([
    expect.stringContaining('watchPaths[1].moveFailed: expected a folder of its own for each watch path'),
    expect.stringContaining('watchPaths[2].moveFailed: expected a folder apart from the stateDir'),
  ]);
});
