import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@sendit/model';
import { expect, test } from 'vitest';
import { importBatch, openInlineHeaders } from '../src/index.ts';
import { MemoryStore } from './memory-store.ts';

const corpus = process.env.SENDIT_DICOM_CORPUS;

test.skipIf(corpus === undefined)(
  'a real study has the series and instances of the ground truth (needs SENDIT_DICOM_CORPUS)',
  async () => {
    const folder = 'studies/dcm_qa_nih/';
    const expected = new Map<string, number>();
    for (const line of readFileSync(join(corpus ?? '', 'ground-truth.jsonl'), 'utf8')
      .trim()
      .split('\n')) {
      const { path, tags }: { path: string; tags: Record<string, string> } = JSON.parse(line);
      const key = `${tags.StudyInstanceUID} ${tags.SeriesInstanceUID}`;
      if (path.startsWith(folder)) expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    const store = new MemoryStore(join(corpus ?? '', folder).replace(/\/$/, ''));
    const deps = { store, readers: openInlineHeaders(), logger: silentLogger };
    await importBatch(store.job, deps, new AbortController().signal);
    const [result] = store.results;
    const got = new Map<string, number>();
    for (const { series } of result?.instances ?? []) {
      const owner = result?.series[series];
      const key = `${owner?.studyInstanceUid} ${owner?.seriesInstanceUid}`;
      got.set(key, (got.get(key) ?? 0) + 1);
    }
    expect(got).toEqual(expected);
    expect(result).toMatchObject({ status: 'DONE', files: 608 });
    // Two studies of scanners that write private data, as they are: nothing about their slices is a false alarm.
    expect(result?.findings.map(({ code }) => code)).toEqual(['several-studies', 'private-data']);
  },
);
