import type { BatchDetail, PendingDirectory } from '@sendit/api';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type SyntheticStudy, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { expect, test, vi } from 'vitest';
import { Installation } from './harness.ts';

const CORPUS = process.env['SENDIT_DICOM_CORPUS'];

vi.setConfig({ testTimeout: 300_000 });

/** An installation whose one watch path has units; nothing runs yet. */
async function openUnits(watchPath: Readonly<Record<string, unknown>>): Promise<Installation> {
  const at = await Installation.open();
  const defaults = { folder: './data', events: 'IN_ALL_EVENTS', processor: 'DicomQueue' };
  const config = { watchPaths: [{ ...defaults, ...watchPath }] };
  await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify(config));
  return at;
}

async function start(at: Installation): Promise<void> {
  expect(await at.run('watcher', 'start')).toMatchObject({ code: 0 });
}

/** Files made outside the watch path, to be sent from there. */
function make(at: Installation, seed: number, series: readonly number[]): Promise<SyntheticStudy> {
  const options = { seed, series: series.map((instances) => ({ instances, rows: 16 })) };
  return writeSyntheticStudy(join(at.directory, `made-${seed}`), options);
}

/** Waits until this many batches are imported; returns the files of each by name. */
async function untilImported(at: Installation, count: number): Promise<Map<string, BatchDetail>> {
  const done = await waitUntil(
    `${count} batches to be imported`,
    async () => {
      const batches = (await at.api.listBatches({})).results.filter(({ status }) => status === 'DONE');
      return batches.length >= count ? batches : undefined;
    },
    120_000,
  );
  const details = await Promise.all(done.map(({ id }) => at.api.showBatch({ ref: id })));
  return new Map(details.flatMap((one) => (one === undefined ? [] : [[one.name, one] as const])));
}

const pending = (at: Installation): Promise<PendingDirectory[]> => at.json<PendingDirectory[]>('watcher', 'pending');

test('loose files of two series, interleaved, are one batch for each series, through kill -9, a restart and a late slice', async () => {
  await using at = await openUnits({ unit: 'series' });
  await start(at);
  const one = await make(at, 1, [4]);
  const other = await make(at, 2, [5]);
  await writeFile(join(at.data, 'notes.txt'), 'nothing to do with it');
  for (let index = 0; index < 5; index++) {
    for (const [prefix, { files }] of [
      ['a', one],
      ['b', other],
    ] as const) {
      const file = files[index];
      // The last slice of the first series comes after its seal.
      const isLate = prefix === 'a' && index === 3;
      if (file !== undefined && !isLate) await copyFile(file, join(at.data, `${prefix}${index}.dcm`));
    }
  }
  const [uid = ''] = one.seriesInstanceUids;
  const [otherUid = ''] = other.seriesInstanceUids;
  const batches = await untilImported(at, 2);
  expect([...batches.keys()].sort()).toEqual([`series/${uid}`, `series/${otherUid}`].sort());
  expect(batches.get(`series/${uid}`)).toMatchObject({
    path: at.data,
    instances: 3,
    series: 1,
    files: 3,
    grade: 'quiet',
  });
  expect(batches.get(`series/${otherUid}`)).toMatchObject({ instances: 5, series: 1, studies: 1, findings: 0 });
  expect(await at.out()).toContain(`LOG 1|CREATE EVENT: ${at.data}/a0.dcm\nLOG 2|NOTFINISHED: ${at.data}/a0.dcm`);
  await at.logged(`LOG 3|SEALED: series/${uid} in ${at.data}`);
  expect(await pending(at)).toMatchObject([
    { name: 'notes.txt', path: `${at.data}/notes.txt`, reason: 'it belongs to no unit: it is not a DICOM file' },
  ]);
  expect((await at.batch(`series/${uid}`)).instances).toBe(3);

  const sealed = await at.json<Record<string, unknown>>('explain', join(at.data, 'a1.dcm'));
  expect(sealed).toMatchObject({ unit: `series/${uid}`, path: at.data, finished: true, batch: { status: 'DONE' } });
  const loose = await at.json<Record<string, unknown>>('explain', join(at.data, 'notes.txt'));
  expect(loose).toMatchObject({ finished: false, reason: 'it belongs to no unit: it is not a DICOM file' });

  await at.kill();
  await start(at);
  await copyFile(one.files[3] ?? '', join(at.data, 'a3.dcm'));
  await at.logged(`LOG 3|LATE: series/${uid} in ${at.data} (files changed after it was sealed)`);
  await waitUntil('the late slice to be imported', async () => {
    const { generation, instances, isDelta, status } = await at.batch(`series/${uid}`);
    return generation === 2 && isDelta && status === 'DONE' && instances === 1;
  });
  expect(await at.batches()).toHaveLength(3);
  expect((await at.status()).roots).toMatchObject([{ pending: 1, lateChanges: 1 }]);
});

test('a directory for each study with one for each series is one batch, which a slow series and an unfinished directory keep waiting', async () => {
  await using at = await openUnits({ unit: 'study' });
  await start(at);
  const study = await make(at, 3, [3, 6]);
  const [first, second] = [study.files.slice(0, 3), study.files.slice(3)];
  await mkdir(join(at.data, 'S1', 'series 1'), { recursive: true });
  await mkdir(join(at.data, 'S1', 'series 2.tmp'));
  for (const file of first) await copyFile(file, join(at.data, 'S1', 'series 1', basename(file)));
  await at.logged(
    `LOG 3|WAITING: study/${study.studyInstanceUid} in ${at.data} (a part of it still arrives under an unfinished name)`,
  );
  const told = await at.json<{ toFinish: string[] }>('explain', `study/${study.studyInstanceUid}`);
  expect(told).toMatchObject({
    unit: `study/${study.studyInstanceUid}`,
    finished: false,
    watcher: 'running',
    files: 3,
  });
  for (const file of second) await copyFile(file, join(at.data, 'S1', 'series 2.tmp', basename(file)));
  await rename(join(at.data, 'S1', 'series 2.tmp'), join(at.data, 'S1', 'series 2'));
  const batches = await untilImported(at, 1);
  expect([...batches.values()]).toMatchObject([{ instances: 9, series: 2, studies: 1, files: 9, path: at.data }]);
  expect(await at.batches()).toHaveLength(1);
});

test('directories of many series, renamed into place, are sealed by the rename, and each import reads its own files only', async () => {
  await using at = await openUnits({ unit: 'series', quietMs: 600_000 });
  await start(at);
  const study = await make(at, 4, [2, 2, 2, 2]);
  await mkdir(join(at.data, 'mixed.tmp'));
  for (const file of study.files) await copyFile(file, join(at.data, 'mixed.tmp', basename(file)));
  await rename(join(at.data, 'mixed.tmp'), join(at.data, 'mixed'));
  const batches = await untilImported(at, 4);
  for (const uid of study.seriesInstanceUids) {
    expect(batches.get(`series/${uid}`)).toMatchObject({ grade: 'renamed', instances: 2, findings: 0 });
  }
  await rm(join(at.data, 'mixed'), { recursive: true });
  await waitUntil('the units to be gone', async () =>
    (await at.api.status()).roots.every((root) => root.pending === 0),
  );
});

test('what lies there before the first start is found, unit by unit, and listed while no watcher runs', async () => {
  await using at = await openUnits({ unit: 'study' });
  const study = await make(at, 5, [2, 2]);
  for (const file of study.files) await copyFile(file, join(at.data, basename(file)));
  expect(await pending(at)).toMatchObject([
    { name: `study/${study.studyInstanceUid}`, path: at.data, waitingMs: null },
  ]);
  await start(at);
  await untilImported(at, 1);
  await at.run('watcher', 'stop');
  expect(await pending(at)).toEqual([]);
});

test.skipIf(CORPUS === undefined)(
  'real series, their files thrown into one folder in any order, come out as they were',
  async () => {
    await using at = await openUnits({ unit: 'series' });
    const source = join(CORPUS ?? '', 'studies', 'dcm_qa_nih', '20180918GE');
    const series = (await readdir(source)).sort();
    const counts: number[] = [];
    let sent = 0;
    await start(at);
    for (const name of series) {
      const files = await readdir(join(source, name));
      counts.push(files.length);
      for (const file of files.toReversed()) {
        sent += 1;
        await copyFile(join(source, name, file), join(at.data, `${(sent * 7919) % 10_000}-${sent}`));
      }
    }
    const batches = await untilImported(at, series.length);
    const found = [...batches.values()].map(({ instances }) => instances);
    expect(found.sort((a, b) => a - b)).toEqual(counts.sort((a, b) => a - b));
  },
);
