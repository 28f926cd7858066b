import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { IN, type LogFields, silentLogger } from '@sendit/model';
import { expect, test, vi } from 'vitest';
import { openWatchSource } from '../src/index.ts';
import { openSandbox, recordFrom } from './sandbox.ts';

vi.mock('koffi', () => ({
  default: {
    load: () => {
      throw new Error('no binary for this platform\nRequire stack: …');
    },
  },
}));

const WHY = 'koffi could not be loaded: no binary for this platform';

test.runIf(process.platform === 'linux')('without koffi, chokidar watches and the log says why', async () => {
  await using sandbox = await openSandbox();
  const warnings: (LogFields | undefined)[] = [];
  const logger = { ...silentLogger, warning: (_: string, fields?: LogFields) => void warnings.push(fields) };
  const mask = IN.IN_CREATE | IN.IN_MOVED_TO;
  await using seen = recordFrom(await openWatchSource({ path: sandbox.root, mask, logger }));
  expect(seen.source).toMatchObject({ backend: 'chokidar', reason: WHY });
  expect(warnings).toEqual([{ path: sandbox.root, backend: 'chokidar', reason: WHY, missing: 'IN_MOVED_TO' }]);
  await mkdir(join(sandbox.root, 'x'));
  await vi.waitFor(() => expect(seen.lines()).toEqual(['IN_CREATE|IN_ISDIR x']), 10_000);
});

test.runIf(process.platform === 'linux')('without koffi, asking for inotify is refused with a next step', async () => {
  await using sandbox = await openSandbox();
  await expect(openWatchSource({ path: sandbox.root, mask: IN.IN_CREATE, backend: 'inotify' })).rejects.toMatchObject({
    code: 'watch-failed',
    message: expect.stringContaining(WHY),
    hint: expect.stringContaining('`auto`'),
  });
});
