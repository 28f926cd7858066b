import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { waitForFolder } from '../examples/watch-one-folder.ts';

const CORPUS = process.env['SENDIT_DICOM_CORPUS'];

test.skipIf(CORPUS === undefined)(
  'a real series that is copied slowly and out of order is finished only when all of it is there (needs SENDIT_DICOM_CORPUS)',
  async () => {
    const study = join(CORPUS ?? '', 'studies', 'dcm_qa_nih', '20180918GE');
    const series = (await readdir(study)).sort()[0] ?? '';
    const files = await readdir(join(study, series));
    // Every third first: neither in the order of names nor of instance numbers.
    const order = [0, 1, 2].flatMap((rest) => files.filter((_, index) => index % 3 === rest));
    const landing = await mkdtemp(join(tmpdir(), 'sendit-corpus-'));
    try {
      let copied = 0;
      const copying = (async () => {
        for (const file of order) {
          await copyFile(join(study, series, file), join(landing, file));
          copied += 1;
          await setTimeout(20);
        }
      })();
      const verdict = await waitForFolder(landing, 2_000, new AbortController().signal);
      expect(verdict).toMatchObject({ finished: true, grade: 'quiet' });
      expect(copied).toBe(files.length);
      await copying;
    } finally {
      await rm(landing, { recursive: true });
    }
  },
  60_000,
);
