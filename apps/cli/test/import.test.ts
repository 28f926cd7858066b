import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const CORPUS = process.env['SENDIT_DICOM_CORPUS'];

describe('a finished directory becomes an imported batch', () => {
  let at: Installation;
  beforeAll(async () => {
    at = await Installation.open();
    await at.start();
  });
  afterAll(() => at[Symbol.asyncDispose]());

  const generations = async (name: string) => (await at.batches()).filter((batch) => batch.name === name);

  test('renamed into place: sealed, imported once, and known afterwards', async () => {
    const arriving = join(at.data, 'L123456.tmp');
    await mkdir(arriving);
    const study = await writeSyntheticStudy(arriving, {
      seed: 'L123456',
      series: [{ instances: 5 }, { instances: 3 }],
    });
    await writeFile(join(arriving, 'readme.txt'), 'not an image');
    await rename(arriving, join(at.data, 'L123456'));

    const batch = await at.settled('L123456', 'DONE');
    expect(batch).toMatchObject({
      root: at.data.slice(1),
      path: join(at.data, 'L123456'),
      generation: 1,
      studies: 1,
      series: 2,
      instances: 8,
      findings: 1,
    });
    const shown = await at.batch('L123456');
    expect(shown.grade).toBe('renamed');
    expect(shown.studyList.map((one) => one.studyInstanceUid)).toEqual([study.studyInstanceUid]);
    expect(shown.studyList[0]?.seriesList.map((one) => one.instances).toSorted()).toEqual([3, 5]);
    expect(shown.findingList).toMatchObject([{ code: 'side-files', path: 'readme.txt' }]);
    const out = await at.out();
    expect(out).toContain(`LOG 3|SEALED: ${at.data}/L123456`);

    await rename(join(at.data, 'L123456'), join(at.data, 'L123456.tmp'));
    await rename(join(at.data, 'L123456.tmp'), join(at.data, 'L123456'));
    await at.logged(`LOG 3|KNOWN: ${at.data}/L123456`);
    expect(await generations('L123456')).toHaveLength(1);
  });

  test('created under its final name: waits until it has content and is quiet', async () => {
    await mkdir(join(at.data, 'DIRECT'));
    await at.logged(`LOG 3|WAITING: ${at.data}/DIRECT`);
    await writeSyntheticStudy(join(at.data, 'DIRECT'), { seed: 'DIRECT', series: [{ instances: 4 }] });
    expect(await at.settled('DIRECT', 'DONE')).toMatchObject({ instances: 4 });
    expect((await at.batch('DIRECT')).grade).toBe('quiet');
  });

  test('what arrived while the watcher was down is imported at its next start', async () => {
    await at.run('watcher', 'stop');
    await mkdir(join(at.data, 'AWAY'));
    await writeSyntheticStudy(join(at.data, 'AWAY'), { seed: 'AWAY', series: [{ instances: 2 }] });
    await at.start();
    expect(await at.settled('AWAY', 'DONE')).toMatchObject({ instances: 2 });
  });

  test('without an image a batch is EMPTY, and deleted and sent again with content it is the next generation', async () => {
    await mkdir(join(at.data, 'AGAIN.tmp'));
    await writeFile(join(at.data, 'AGAIN.tmp', 'note.txt'), 'nothing here');
    await rename(join(at.data, 'AGAIN.tmp'), join(at.data, 'AGAIN'));
    expect(await at.settled('AGAIN', 'EMPTY')).toMatchObject({ generation: 1, instances: 0 });
    await rm(join(at.data, 'AGAIN'), { recursive: true });
    await mkdir(join(at.data, 'AGAIN.tmp'));
    await writeSyntheticStudy(join(at.data, 'AGAIN.tmp'), { seed: 'AGAIN', series: [{ instances: 1 }] });
    await rename(join(at.data, 'AGAIN.tmp'), join(at.data, 'AGAIN'));
    expect(await at.settled('AGAIN', 'DONE')).toMatchObject({ generation: 2, instances: 1 });
  });

  test('a directory that vanishes before it is imported waits for its next attempt, with the reason, and is done when it is back', async () => {
    const arriving = join(at.data, 'GONE.tmp');
    await mkdir(arriving);
    await writeSyntheticStudy(arriving, { seed: 'GONE', series: [{ instances: 2_000, rows: 8 }] });
    await rename(arriving, join(at.data, 'GONE'));
    await at.logged(`LOG 3|SEALED: ${at.data}/GONE`);
    await rename(join(at.data, 'GONE'), join(at.directory, 'elsewhere'));
    const waiting = await waitUntil('a failed attempt or the end', async () => {
      const batch = await at.batch('GONE');
      return batch.reason !== null || batch.status === 'DONE' ? batch : undefined;
    });
    await rename(join(at.directory, 'elsewhere'), join(at.data, 'GONE'));
    expect(['QUEUE', 'PROCESSING', 'DONE']).toContain(waiting.status);
    expect(await at.settled('GONE', 'DONE')).toMatchObject({ generation: 1, instances: 2_000 });
  });

  test('kill -9 between FINISHED and DONE, then start: DONE, once', async () => {
    const arriving = join(at.data, 'CRASH.tmp');
    await mkdir(arriving);
    await writeSyntheticStudy(arriving, { seed: 'CRASH', series: [{ instances: 3_000, rows: 8, columns: 8 }] });
    await rename(arriving, join(at.data, 'CRASH'));
    await at.logged(`LOG 2|FINISHED: ${at.data}/CRASH`);
    await at.kill();
    expect((await generations('CRASH')).map(({ status }) => status)).not.toContain('DONE');

    await at.start();
    expect(await at.settled('CRASH', 'DONE')).toMatchObject({ generation: 1, series: 1, instances: 3_000 });
    expect(await generations('CRASH')).toHaveLength(1);
    expect((await at.status()).queue).toMatchObject({ waiting: 0, active: 0 });
  }, 120_000);

  test.skipIf(CORPUS === undefined)(
    'a real study has the right series and counts (needs SENDIT_DICOM_CORPUS)',
    async () => {
      const source = join(CORPUS ?? '', 'studies', 'dcm_qa_nih', '20180918GE');
      const expected = await Promise.all(
        (await readdir(source)).map(async (name) => (await readdir(join(source, name))).length),
      );
      await cp(source, join(at.data, 'GE.tmp'), { recursive: true });
      await rename(join(at.data, 'GE.tmp'), join(at.data, 'GE'));
      const batch = await at.settled('GE', 'DONE');
      expect(batch).toMatchObject({
        studies: 1,
        series: expected.length,
        instances: expected.reduce((sum, count) => sum + count, 0),
      });
      const shown = await at.batch('GE');
      const counts = shown.studyList.flatMap((study) => study.seriesList.map((series) => series.instances));
      expect(counts.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
    },
  );
});
