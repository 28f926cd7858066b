import { mkdir, opendir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '@sendit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const MINE = `interface Event { readonly pathname: string }
export const Mine = {
  name: 'Mine',
  handle(event: Event & { maskname: string }, context: { logger: { log(text: string): void } }): void {
    if (event.maskname.startsWith('IN_CREATE')) context.logger.log('mine saw ' + event.pathname);
  },
};
`;

const LISTENER = `import { defineProcessor } from '@sendit/processors';

export default defineProcessor('Listener', {
  IN_CREATE: (_, { signals, logger }) => {
    for (const name of ['in_create', 'in_close_write', 'in_moved_to'] as const) {
      signals[name].connect(({ sender, event }) => logger.log(sender + ' ' + name + ' ' + event.name));
    }
    logger.log('listening');
  },
});
`;

describe('watch paths of a configuration file', () => {
  let at: Installation;
  let started: readonly string[];
  const FOLDERS = ['other', 'printed', 'listen', 'all', 'create', 'chunks'] as const;

  beforeAll(async () => {
    at = await Installation.open();
    for (const name of FOLDERS) await mkdir(join(at.directory, name));
    await writeFile(join(at.directory, 'mine.ts'), MINE);
    await writeFile(join(at.directory, 'listener.ts'), LISTENER);
    await writeFile(
      join(at.directory, 'sendit.config.ts'),
      `export default {
  watchPaths: () => [
    ['./data', 'IN_ALL_EVENTS', 'DicomQueue'],
    ['./other', 'IN_CREATE | IN_MOVED_TO', './mine.ts#Mine'],
    ['./printed', 'IN_CLOSE_NOWRITE', 'AllEventsPrinter'],
    ['./listen', 'IN_CREATE', './listener.ts'],
    ['./all', 'IN_ALL_EVENTS', 'AllEventsSignaler'],
    ['./create', 'IN_ALL_EVENTS', 'CreateSignaler'],
    ['./chunks', 'IN_ALL_EVENTS', 'CreateViaChunksSignaler'],
  ],
};
`,
    );
    started = (await at.start('--config', 'sendit.config.ts')).stdout.split('\n');
  });
  afterAll(() => at[Symbol.asyncDispose]());

  test('several tuples from a function, and a processor of the user’s own in TypeScript', async () => {
    expect(started[0]).toBe(`DEBUG Adding watch on ${at.data}, processed by @sendit/processors.DicomQueue`);
    expect(started[1]).toMatch(
      new RegExp(`^DEBUG Adding watch on ${at.directory}/other, processed by .*mine\\.ts#Mine$`),
    );
    await mkdir(join(at.directory, 'other', 'x'));
    await at.logged(`LOG mine saw ${at.directory}/other/x`);
  });

  test('AllEventsPrinter shows the original’s example event: IN_CLOSE_NOWRITE|IN_ISDIR, mask 1073741840 (0x40000010)', async () => {
    const hello = join(at.directory, 'printed', 'hello');
    await mkdir(hello);
    await (await opendir(hello)).close();
    const line = await waitUntil('the event', async () =>
      (await at.out()).split('\n').find((one) => one.includes('0x40000010') && one.includes(hello)),
    );
    expect(line).toContain('IN_CLOSE_NOWRITE|IN_ISDIR');
  });

  test('the signalling processors tell a listener on another watch path: each event, each create, one create for chunks', async () => {
    await mkdir(join(at.directory, 'listen', 'now'));
    await at.logged('LOG listening');

    await writeFile(join(at.directory, 'all', 'a'), 'x');
    await at.logged('LOG AllEventsSignaler in_close_write a');
    await writeFile(join(at.directory, 'create', 'c'), 'x');
    await at.logged('LOG CreateSignaler in_create c');
    await writeFile(join(at.directory, 'chunks', 'd.part'), 'x');
    await rename(join(at.directory, 'chunks', 'd.part'), join(at.directory, 'chunks', 'd'));
    await at.logged('LOG CreateViaChunksSignaler in_create d');
    const told = (await at.out()).split('\n').filter((line) => line.startsWith('LOG') && line.includes('Signaler'));
    expect(told).toEqual([
      'LOG AllEventsSignaler in_create a',
      'LOG AllEventsSignaler in_close_write a',
      'LOG CreateSignaler in_create c',
      'LOG CreateViaChunksSignaler in_create d',
    ]);
  });
});

describe('a configuration file that is written for a user', () => {
  test('config init writes a file that check accepts, and show says where each value came from', async () => {
    await using at = await Installation.open();
    expect((await at.run('config', 'init', '--format', 'yaml')).code).toBe(0);
    const schema = await readFile(join(at.directory, 'sendit.schema.json'), 'utf8');
    expect((await at.run('config', 'schema')).stdout).toBe(schema);
    expect(JSON.parse(schema)).toMatchObject({ title: 'Configuration of sendit', type: 'object' });
    expect((await at.run('config', 'init', '--format', 'yaml')).code).toBe(1);
    const shown = await at.json<{ path: string; value: unknown; source: string }[]>('config', 'show');
    expect(shown.find((row) => row.path === 'stateDir')).toMatchObject({
      value: at.stateDir,
      source: 'environment SENDIT_STATE_DIR',
    });
    expect(shown.some((row) => row.source.includes('sendit.config.yaml'))).toBe(true);
  });
});
