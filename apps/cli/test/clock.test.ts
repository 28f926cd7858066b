import type { BatchDetail } from '@sendit/api';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

const HOUR_MS = 3_600_000;

/**
 * Loaded before everything else in every process and thread: shifts the machine's time of day by the offset in a file.
 */
const SHIFTED_CLOCK = `
  import { readFileSync } from 'node:fs';
  const Real = Date;
  let offset = 0;
  let readAt = -Infinity;
  const now = () => {
    if (performance.now() - readAt > 20) {
      readAt = performance.now();
      offset = Number(readFileSync(process.env.TEST_CLOCK_FILE, 'utf8')) || offset;
    }
    return Real.now() + offset;
  };
  globalThis.Date = class Date extends Real {
    constructor(...parts) {
      if (parts.length === 0) super(now());
      else super(...parts);
    }
    static now() {
      return now();
    }
  };`;

test('the clock is set on and back by hours, while directories arrive and while nobody watches: each is imported once', async () => {
  await using at = await Installation.open();
  const clockFile = join(at.directory, 'offset');
  const set = (hours: number): Promise<void> => writeFile(clockFile, String(hours * HOUR_MS || 1));
  const preload = join(at.directory, 'clock.mjs');
  await writeFile(preload, SHIFTED_CLOCK);
  await set(0);
  Object.assign(at.env, { TEST_CLOCK_FILE: clockFile, NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` });
  const { api } = at;
  const done = (name: string): Promise<BatchDetail> =>
    waitUntil(`${name} to be imported`, async () => {
      const batch = await api.showBatch({ ref: name });
      return batch?.status === 'DONE' ? batch : undefined;
    });

  await at.start();
  await send(at, 'BEFORE');
  const before = Date.parse((await done('BEFORE')).createdAt);
  for (const [name, hours] of [
    ['ON', 5],
    ['BACK', -10],
  ] as const) {
    const arriving = join(at.data, name);
    await writeSyntheticStudy(join(arriving, 'first'), { seed: `${name}1`, series: [{ instances: 1, rows: 4 }] });
    await set(hours);
    await writeSyntheticStudy(join(arriving, 'second'), { seed: `${name}2`, series: [{ instances: 1, rows: 4 }] });
    const { createdAt, ...batch } = await done(name);
    expect(batch).toMatchObject({ grade: 'quiet', generation: 1, files: 2, instances: 2 });
    expect(Math.round((Date.parse(createdAt) - before) / HOUR_MS)).toBe(hours);
  }

  // All that is recorded lies in the future then.
  await at.kill();
  await set(-48);
  await mkdir(join(at.data, 'MEANWHILE.tmp'));
  await rename(join(at.data, 'MEANWHILE.tmp'), join(at.data, 'MEANWHILE'));
  await writeSyntheticStudy(join(at.data, 'MEANWHILE'), { seed: 'M', series: [{ instances: 1, rows: 4 }] });
  await at.start();
  await send(at, 'AFTER');
  await done('AFTER');
  await done('MEANWHILE');
  const { results: batches } = await api.listBatches({});
  expect(batches.map(({ name, status, generation }) => `${name} ${status} ${generation}`).toSorted()).toEqual(
    ['AFTER', 'BACK', 'BEFORE', 'MEANWHILE', 'ON'].map((name) => `${name} DONE 1`),
  );
  expect(await api.status()).toMatchObject({ active: true, problems: [], roots: [{ pending: 0, problem: null }] });
}, 400_000);

async function send(at: Installation, name: string): Promise<void> {
  const arriving = join(at.data, `${name}.tmp`);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances: 1, rows: 4 }] });
  await rename(arriving, join(at.data, name));
}
