import type { PendingDirectory } from '@sendit/api';
import { cp, mkdir, open, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Installation } from './harness.ts';

const CORPUS = process.env['SENDIT_DICOM_CORPUS'];

// Every command is a process: minutes on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

interface Told {
  readonly path: string;
  readonly finished: boolean;
  readonly grade: string | null;
  readonly recheckAt: string | null;
  readonly reason: string;
  readonly outcome: string;
  readonly watcher: string;
  readonly doubts: readonly string[];
  readonly toFinish: readonly string[];
  readonly notes: readonly string[];
  readonly batch: { readonly status: string } | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly kind: string;
    readonly answer: string;
    readonly reason: string;
    readonly evidence: Readonly<Record<string, unknown>>;
  }[];
}

const explain = (at: Installation, name: string): Promise<Told> => at.json<Told>('explain', join(at.data, name));
const pending = (at: Installation): Promise<PendingDirectory[]> => at.json<PendingDirectory[]>('watcher', 'pending');
const finding = (told: Told, rule: string) => told.findings.find((one) => one.rule === rule);

describe('sendit explain', () => {
  test('while the watcher waits: how long, what for, when next, and what would finish it', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '120000' });
    await at.start();
    await mkdir(join(at.data, 'WAITS'));
    await writeSyntheticStudy(join(at.data, 'WAITS'), { series: [{ instances: 4 }] });
    await waitUntil('the watcher to have looked', async () =>
      (await pending(at)).some(({ name, reason }) => name === 'WAITS' && reason === 'not yet quiet for 120 s'),
    );
    const told = await explain(at, 'WAITS');
    expect(told).toMatchObject({
      path: join(at.data, 'WAITS'),
      finished: false,
      grade: null,
      outcome: 'waiting',
      watcher: 'running',
      reason: 'not yet quiet for 120 s',
      doubts: [],
      batch: null,
    });
    expect(new Date(told.recheckAt ?? '').getTime()).toBeGreaterThan(Date.now());
    expect(finding(told, 'minFiles')).toMatchObject({ kind: 'veto', answer: 'yes', evidence: { files: 4 } });
    expect(finding(told, 'rename')).toMatchObject({ answer: 'no', evidence: { arrival: 'created' } });
    expect(told.toFinish).toContain('Leave it unchanged for 120 s.');

    const { stdout } = await at.run('explain', join(at.data, 'WAITS'));
    expect(stdout).toContain(`${at.data}/WAITS: not finished`);
    expect(stdout).toContain('What would finish it:');
    expect(stdout).toMatch(/next check {2}in \d+ (?:s|min) at the latest/);
    const listed = await at.run('watcher', 'pending');
    expect(listed.stdout).toContain('not yet quiet for 120 s');
  });

  test('without a watcher: an unfinished name, a gap and a truncated file are told, and what would be taken up', async () => {
    await using at = await Installation.open();
    await mkdir(join(at.data, 'GAP.tmp1'));
    await writeSyntheticStudy(join(at.data, 'GAP.tmp1'), { series: [{ instances: 6 }] });
    const files = (await readdir(join(at.data, 'GAP.tmp1'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    await rm(files[2] ?? '');
    await truncate(files[4] ?? '', 600);
    const told = await explain(at, 'GAP.tmp1');
    expect(told).toMatchObject({ finished: false, watcher: 'not running', reason: 'its name ends in .tmp*' });
    expect(told.doubts).toEqual(['a file ends before its last element does', 'a series seems to have a gap']);
    expect(finding(told, 'gapHint')).toMatchObject({ evidence: { where: 'nothing after instance number 2' } });
    expect(told.notes.join(' ')).toContain('sendit watcher start');

    await mkdir(join(at.data, 'LATER'));
    await writeFile(
      join(at.directory, 'sendit.config.json'),
      '{"watchPaths": [["./data", "IN_ALL_EVENTS", "DicomQueue"]]}',
    );
    const listed = (await pending(at)).toSorted((one, other) => one.name.localeCompare(other.name));
    expect(listed).toMatchObject([
      { name: 'GAP.tmp1', reason: 'its name ends in .tmp*' },
      { name: 'LATER', reason: 'the watcher is not running', waitingMs: null },
    ]);
  });

  test('what is not there, or a test directory, is said so', async () => {
    await using at = await Installation.open();
    const missing = await at.run('explain', join(at.data, 'NOWHERE'), '--json');
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'not-found' } });
    await mkdir(join(at.data, 'test_x'));
    expect(await explain(at, 'test_x')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringContaining('test directory'),
    });
  });

  test.skipIf(CORPUS === undefined)(
    'real series: whole, with a missing slice, with a truncated file (needs SENDIT_DICOM_CORPUS)',
    async () => {
      await using at = await Installation.open();
      const source = join(CORPUS ?? '', 'studies', 'dcm_qa_nih', '20180918GE');
      const [series = ''] = (await readdir(source)).sort();
      const files = (await readdir(join(source, series))).sort();
      await cp(join(source, series), join(at.data, 'WHOLE'), { recursive: true });
      expect((await explain(at, 'WHOLE')).doubts).toEqual([]);
      expect(finding(await explain(at, 'WHOLE'), 'wholeFile')).toMatchObject({ answer: 'yes' });
      await cp(join(source, series), join(at.data, 'MISSING'), { recursive: true });
      await rm(join(at.data, 'MISSING', files[Math.floor(files.length / 2)] ?? ''));
      expect((await explain(at, 'MISSING')).doubts).toContain('a series seems to have a gap');
      await truncate(join(at.data, 'WHOLE', files[0] ?? ''), 20_000);
      const cut = await explain(at, 'WHOLE');
      expect(finding(cut, 'wholeFile')).toMatchObject({ answer: 'no', evidence: { truncated: 1, example: files[0] } });
    },
  );
});

describe('sendit explain while one watcher runs, and after', () => {
  let at: Installation;
  beforeAll(async () => {
    at = await Installation.open();
    await at.start();
  });
  afterAll(() => at[Symbol.asyncDispose]());

  test('the process that has a file open is named, and holds it up until it closes it', async () => {
    await mkdir(join(at.data, 'OPEN'));
    const writer = await open(join(at.data, 'OPEN', 'a.dcm'), 'w');
    await at.logged(`LOG 3|WAITING: ${at.data}/OPEN (a process still has a file in it open for writing)`);
    const told = await explain(at, 'OPEN');
    expect(finding(told, 'noOpenWriter')).toMatchObject({
      answer: 'no',
      evidence: { files: 1, pids: String(process.pid), example: 'a.dcm' },
    });
    await writer.close();
    await at.logged(`LOG 3|SEALED: ${at.data}/OPEN`);
    expect(await pending(at)).toEqual([]);
  });

  test('what is sealed is finished, with its batch, whether the watcher runs or not', async () => {
    await mkdir(join(at.data, 'S.tmp'));
    await writeSyntheticStudy(join(at.data, 'S.tmp'), { series: [{ instances: 2 }] });
    await rename(join(at.data, 'S.tmp'), join(at.data, 'S'));
    await at.settled('S', 'DONE');
    const sealed = { finished: true, grade: 'renamed', recheckAt: null, toFinish: [], batch: { status: 'DONE' } };
    expect(await explain(at, 'S')).toMatchObject({ ...sealed, watcher: 'running' });
    await at.run('watcher', 'stop');
    expect(await explain(at, 'S')).toMatchObject({ ...sealed, watcher: 'not running' });
  });
});
