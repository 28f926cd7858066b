import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IN, silentLogger } from '@sendit/model';
import { expect, onTestFinished, test } from 'vitest';
import { openPollingSource } from '../src/polling/polling-source.ts';

test('what a mount shows only to who asks for it is reported by the next listing', async () => {
  const path = await mkdtemp(join(tmpdir(), 'sendit-polling-'));
  onTestFinished(() => rm(path, { recursive: true }));
  let asked = 0;
  const revalidate = async (at: string | Uint8Array): Promise<void> => {
    asked += 1;
    await writeFile(join(Buffer.from(at).toString(), `new-${asked}`), 'x');
  };
  const options = { path, mask: IN.IN_CREATE, reason: 'a test', logger: silentLogger, pollMs: 1, revalidate };
  await using source = await openPollingSource(options);
  const names: string[] = [];
  for await (const { name } of source.events(AbortSignal.timeout(60_000))) {
    names.push(name);
    if (names.length === 3) break;
  }
  expect(names).toEqual(['new-1', 'new-2', 'new-3']);
});
