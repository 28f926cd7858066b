import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configTemplate } from '../src/index.ts';
import { json, openWorkingFolder } from './folder.ts';

const module = `import { defineConfig } from '@sendit/config';
export default defineConfig({ watchPaths: () => [['data', 'IN_ALL_EVENTS', 'DicomQueue']], quietMs: 7 });`;
const typed = `import { defineConfig, type SenditConfig } from '@sendit/config';
const config: SenditConfig = { watchPaths: async () => [['data', 'IN_ALL_EVENTS', 'DicomQueue']], quietMs: 7 };
export default defineConfig(config);`;
const common = `const { defineConfig } = require('@sendit/config');
module.exports = defineConfig({ watchPaths: [['data', 'IN_ALL_EVENTS', 'DicomQueue']], quietMs: 7 });`;
const yaml = 'watchPaths:\n  - [data, IN_ALL_EVENTS, DicomQueue]\nquietMs: 7\n';

describe('every format gives the same settings', () => {
  test.each([
    ['sendit.config.ts', typed],
    ['sendit.config.mts', typed],
    ['sendit.config.js', module],
    ['sendit.config.mjs', module],
    ['sendit.config.cjs', common],
    ['sendit.config.cts', typed],
    ['sendit.config.json', '{"watchPaths": [["data", "IN_ALL_EVENTS", "DicomQueue"]], "quietMs": 7}'],
    ['sendit.config.yaml', yaml],
    ['sendit.config.yml', yaml],
    ['plain object', `export default { watchPaths: [['data', 'IN_ALL_EVENTS', 'DicomQueue']], quietMs: 7 };`],
    ['top-level await', module.replace('7', 'await Promise.resolve(7)')],
  ])('%s', async (name, content) => {
    const fileName = name.startsWith('sendit') ? name : 'sendit.config.ts';
    await using folder = await openWorkingFolder({ [fileName]: content });
    const settings = await folder.settings();
    expect(settings.configFile).toBe(join(folder.path, fileName));
    expect(settings.watchPaths).toEqual([
      {
        name: join(folder.path, 'data').slice(1),
        folder: join(folder.path, 'data'),
        events: 'IN_ALL_EVENTS',
        mask: 0xfff,
        processor: '@sendit/processors.DicomQueue',
        processorKind: { kind: 'built-in', name: 'DicomQueue' },
        backend: 'auto',
        quietMs: 7,
        rescanMs: 60_000,
        testPrefix: 'test',
        ignore: [],
        arrivingNames: [],
        profile: 'safe',
        unit: 'directory',
        waitForSiblings: true,
        minFiles: 1,
        maxWaitMs: 21_600_000,
        onDeadline: 'hold',
        late: 'ignore',
        oneStudyDate: false,
        findings: {},
        limits: { files: 1_000_000, pathBytes: 1024, depth: 32 },
        actions: [],
        failedActions: [],
        eventActions: [],
      },
    ]);
    expect(settings.sources['quietMs']).toBe(`file ${fileName}`);
  });
});

describe('an edited file is read anew', () => {
  test.each([
    ['sendit.config.ts', 'export default { quietMs: 1 };'],
    ['sendit.config.mjs', 'export default { quietMs: await 1 };'],
    ['sendit.config.js', 'export default { quietMs: 1 };'],
    ['sendit.config.cjs', 'module.exports = { quietMs: 1 };'],
    ['sendit.config.json', '{"quietMs": 1}'],
    ['sendit.config.yaml', 'quietMs: 1'],
  ])('%s', async (name, content) => {
    await using folder = await openWorkingFolder({ [name]: content });
    expect((await folder.settings()).quietMs).toBe(1);
    await folder.write(name, content.replace('1', '2'));
    expect((await folder.settings()).quietMs).toBe(2);
  });
});

describe('the template', () => {
  test.each(['ts', 'mts', 'js', 'json', 'yaml'] as const)('in %s is itself valid', async (format) => {
    await using folder = await openWorkingFolder({ [`sendit.config.${format}`]: configTemplate(format) });
    const settings = await folder.settings({ checkFolders: false });
    expect(settings.watchPaths).toMatchObject([{ folder: '/data', events: 'IN_ALL_EVENTS' }]);
  });

  test.each(['ts', 'yaml'] as const)('in %s stays valid with its comments taken in', async (format) => {
    const comment = format === 'ts' ? /^( *)\/\/ (?=\{$|\},$| +\w+: |\w+: .*,$)/gm : /^( *)# (?=- |\w+: |  \w+: )/gm;
    const content = configTemplate(format).replaceAll(comment, '$1');
    expect(content).not.toBe(configTemplate(format));
    await using folder = await openWorkingFolder({ [`sendit.config.${format}`]: content });
    const settings = await folder.settings({ checkFolders: false });
    expect(settings.watchPaths.map((watchPath) => watchPath.name)).toEqual(['data', 'incoming']);
    expect(settings.mode).toBe('postgres+redis');
  });
});

describe('a file that cannot be read is one problem, without a stack', () => {
  test.each([
    [
      'sendit.config.ts',
      'export default {\n  a: 1,,\n};',
      /^file sendit\.config\.ts: cannot be loaded: syntax error: .*2:7$/,
    ],
    ['sendit.config.ts', `throw new Error('boom');`, /^file sendit\.config\.ts: cannot be loaded: boom$/],
    [
      'sendit.config.ts',
      `import x from './nowhere.ts'; export default x;`,
      /cannot be loaded: Cannot find module '\.\/nowhere\.ts'$/,
    ],
    ['sendit.config.json', '{"a": 1,}', /^file sendit\.config\.json: cannot be loaded: Expected double-quoted/],
    ['sendit.config.json', '', /^file sendit\.config\.json: /],
    ['sendit.config.yaml', 'a: 1\n  b: [\n', /^file sendit\.config\.yaml: cannot be loaded: .* at line 1, column 4$/],
    ['sendit.config.yaml', '', /expected an object of settings, got nothing; `sendit config init`/],
    ['sendit.config.yaml', '- a', /expected an object of settings, got a list/],
    ['sendit.config.json', 'null', /expected an object of settings, got nothing/],
    ['sendit.config.ts', 'export default 5;', /expected an object of settings, got a number/],
    [
      'sendit.config.ts',
      `export default { watchPaths() { throw new Error('no share'); } };`,
      /^watchPaths: the function threw: no share$/,
    ],
  ])('%s: %j', async (name, content, expected) => {
    await using folder = await openWorkingFolder({ [name]: content });
    const problems = await folder.problems();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
    expect(problems[0]).not.toContain('\n');
  });
});

describe('which file', () => {
  test('two in one folder are refused, both named', async () => {
    await using folder = await openWorkingFolder({ ...json({}), 'sendit.config.ts': 'export default {}' });
    const problems = await folder.problems();
    expect(problems).toEqual([
      expect.stringContaining('expected one configuration file, got sendit.config.json and sendit.config.ts'),
    ]);
  });

  test('a named one is taken whatever else lies there, and its folder is where relative paths start', async () => {
    await using folder = await openWorkingFolder({
      ...json({ quietMs: 1 }),
      'conf/site.yaml': 'stateDir: state\nquietMs: 2\nwatchPaths: [[../data, IN_CREATE, DicomQueue]]',
    });
    const expected = { quietMs: 2, stateDir: join(folder.path, 'conf/state') };
    const byFlag = await folder.settings({ configFile: 'conf/site.yaml', env: { SENDIT_CONFIG: 'nowhere.ts' } });
    expect(byFlag).toMatchObject(expected);
    expect(byFlag.watchPaths[0]?.folder).toBe(join(folder.path, 'data'));
    expect(byFlag.sources['configFile']).toBe('flag --config');
    const byVariable = await folder.settings({ env: { SENDIT_CONFIG: 'conf/site.yaml' } });
    expect(byVariable).toMatchObject(expected);
    expect(byVariable.sources['configFile']).toBe('environment SENDIT_CONFIG');
  });

  test.each([
    ['absent.ts', /^flag --config: expected a readable configuration file at DIR\/absent\.ts: ENOENT/],
    ['conf.toml', /^flag --config: expected a file that ends in \.ts, .*, got DIR\/conf\.toml$/],
    ['folder.json', /^flag --config: expected a file, got DIR\/folder\.json, which is none$/],
  ])('the named file %s is refused', async (configFile, expected) => {
    await using folder = await openWorkingFolder({ 'conf.toml': '' });
    await mkdir(join(folder.path, 'folder.json'));
    expect(await folder.problems({ configFile })).toEqual([expect.stringMatching(expected)]);
  });

  test('a symbolic link to one keeps its own folder', async () => {
    await using folder = await openWorkingFolder({ 'real/shared.json': '{"stateDir": "state"}' });
    await symlink('real/shared.json', join(folder.path, 'sendit.config.json'));
    expect((await folder.settings()).stateDir).toBe(join(folder.path, 'state'));
  });

  test('nothing else is read: no rc file, .env, package.json, .config folder, extends, variation by environment', async () => {
    await using folder = await openWorkingFolder({
      ...json({}),
      '.senditrc': 'quietMs=1',
      '.sendit.configrc': 'quietMs=1',
      '.env': 'SENDIT_QUIET_MS=1',
      'package.json': '{"sendit": {"quietMs": 1}}',
      '.config/sendit.json': '{"quietMs": 1}',
      'base.json': '{"quietMs": 1}',
    });
    expect((await folder.settings()).quietMs).toBe(15_000);
    await folder.write(
      'sendit.config.json',
      JSON.stringify({ extends: './base.json', $test: { quietMs: 1 }, $meta: { a: 1 } }),
    );
    const problems = await folder.problems();
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['extends', '$test', '$meta']);
  });
});
