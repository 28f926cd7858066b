import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDicomFile, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const CORPUS = process.env['SENDIT_DICOM_CORPUS'];

describe('sendit dicom show', () => {
  test('gives a header as JSON, its text decoded and its values as lists', async () => {
    await using at = await Installation.open();
    const file = join(at.data, 'IM1');
    const bytes = toDicomFile({
      SpecificCharacterSet: 'ISO_IR 192',
      ImageType: 'ORIGINAL\\PRIMARY',
      SOPInstanceUID: '2.25.1',
      PatientName: Buffer.from('Müller^Jörg '),
      Rows: 4,
      Columns: 2,
      PixelData: Buffer.alloc(16),
    });
    await writeFile(file, bytes);
    const { code, stdout, stderr } = await at.run('dicom', 'show', file, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      file,
      kind: 'dicom',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      attributes: {
        ImageType: ['ORIGINAL', 'PRIMARY'],
        SOPInstanceUID: '2.25.1',
        PatientName: 'Müller^Jörg',
        Rows: '4',
      },
    });
  });

  test('gives a tree for people, one value with --tag, a line for each file of a directory', async () => {
    await using at = await Installation.open();
    const study = await writeSyntheticStudy(at.data, { series: [{ instances: 2 }] });
    await writeFile(join(at.data, 'notes.txt'), 'a note');
    const [first = ''] = study.files;
    const tree = await at.run('dicom', 'show', first);
    expect(tree.stdout).toContain('(0010,0010) PN PatientName [SYNTHETIC^ONE]');
    expect(tree.stdout).toMatch(/\(7FE0,0010\) OW PixelData \d+ bytes/);
    expect((await at.run('dicom', 'show', first, '--tag', 'SOPInstanceUID')).stdout.trim()).toBe(
      study.sopInstanceUids[0],
    );
    const [, second = ''] = study.files;
    await truncate(second, 4000);
    const cut = await at.run('dicom', 'show', second);
    expect(cut.stdout).toMatch(/: truncated\n[^]*\(0010,0010\) PN PatientName \[SYNTHETIC\^ONE\]/);
    const { stdout } = await at.run('dicom', 'show', at.data);
    expect(stdout.trim().split('\n')).toHaveLength(4);
    expect(stdout).toMatch(/notes\.txt\s+not-dicom/);
  });

  test('calls a DICOMDIR what it is, and other files by what is wrong with them', async () => {
    await using at = await Installation.open();
    const kindOf = async (name: string, bytes: Uint8Array): Promise<string> => {
      await writeFile(join(at.data, name), bytes);
      return JSON.parse((await at.run('dicom', 'show', join(at.data, name), '--json')).stdout).kind;
    };
    const image = toDicomFile({ SOPInstanceUID: '2.25.1', PixelData: Buffer.alloc(64) });
    expect(await kindOf('DICOMDIR', toDicomFile({}, { mediaStorageSopClassUid: '1.2.840.10008.1.3.10' }))).toBe(
      'truncated',
    );
    const directory = toDicomFile({ PatientID: 'x' }, { mediaStorageSopClassUid: '1.2.840.10008.1.3.10' });
    expect(await kindOf('DICOMDIR', directory)).toBe('dicomdir');
    expect(await kindOf('cut', image.subarray(0, -9))).toBe('truncated');
    expect(await kindOf('note', Buffer.from('a note'))).toBe('not-dicom');
    expect(await kindOf('nothing', Buffer.alloc(0))).toBe('empty');
  });

  test('says what is missing, in words and as JSON', async () => {
    await using at = await Installation.open();
    const missing = join(at.data, 'gone');
    const { code, stderr } = await at.run('dicom', 'show', missing);
    expect(code).toBe(1);
    expect(stderr).toContain(`Expected a file or a directory at ${missing}`);
    const { stdout } = await at.run('dicom', 'show', missing, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not-found' } });
  });

  test.skipIf(CORPUS === undefined)(
    'real files read as the ground truth has them (needs SENDIT_DICOM_CORPUS)',
    async () => {
      await using at = await Installation.open();
      const folder = join(CORPUS ?? '', 'edge');
      const { stdout } = await at.run('dicom', 'show', folder, '--json');
      const shown = new Map<string, Record<string, string | string[]>>(
        JSON.parse(stdout).map((one: { file: string; attributes: object }) => [one.file, one.attributes]),
      );
      const lines = (await readFile(join(CORPUS ?? '', 'ground-truth.jsonl'), 'utf8')).trim().split('\n');
      const truths: { path: string; tags: Record<string, string> }[] = lines.map((line) => JSON.parse(line));
      const wrong = truths
        .filter(({ path }) => path.startsWith('edge/'))
        .flatMap(({ path, tags }) =>
          Object.entries(tags)
            .filter(([keyword, value]) => [shown.get(join(CORPUS ?? '', path))?.[keyword]].flat().join('\\') !== value)
            .map(([keyword]) => `${path} ${keyword}`),
        );
      expect(wrong).toEqual([]);
      expect(shown.size).toBeGreaterThan(200);
    },
  );
});

describe('sendit dicom check', () => {
  test('finds without a database what an import would find', async () => {
    await using at = await Installation.open();
    const folder = join(at.data, 'L1');
    await mkdir(folder);
    const study = await writeSyntheticStudy(folder, { series: [{ instances: 6 }, { modality: 'MR', instances: 4 }] });
    await truncate(study.files[1] ?? '', 4000);
    await writeFile(join(folder, 'empty.dcm'), '');
    await writeFile(join(folder, 'scan.bin'), 'no image');
    const { code, stdout } = await at.run('dicom', 'check', folder, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      files: 12,
      studies: 1,
      series: 2,
      instances: 10,
      findings: [
        { code: 'empty-file', severity: 'warning', count: 1, examples: ['empty.dcm'] },
        { code: 'not-dicom', severity: 'warning', count: 1, examples: ['scan.bin'] },
        { code: 'truncated', severity: 'warning', count: 1, examples: ['IM-0001-0002.dcm'] },
      ],
    });
    expect((await at.run('dicom', 'check', folder)).stdout).toContain('12 files: 1 studies, 2 series, 10 instances.');
  });

  test('judges findings as the configuration says, and exits with 1 where one is an error', async () => {
    await using at = await Installation.open();
    const folder = join(at.data, 'L1');
    await mkdir(folder);
    await writeFile(join(folder, 'scan.bin'), 'no image');
    const check = async (config: string) => {
      await writeFile(join(at.directory, 'sendit.config.json'), config);
      const { code, stdout, stderr } = await at.run('dicom', 'check', folder);
      return { code, stderr, severity: /not-dicom +(\w+)/.exec(stdout)?.[1] };
    };
    const watchPath = { folder: at.data, events: 'IN_MOVED_TO', processor: '@sendit/processors.DicomQueue' };
    const watching = (more: object) => JSON.stringify({ watchPaths: [{ ...watchPath, ...more }] });
    expect(await check(watching({ findings: { 'not-dicom': 'error' } }))).toMatchObject({ code: 1, severity: 'error' });
    expect(await check(watching({}))).toMatchObject({ code: 0, severity: 'warning' });
    const wrong = await check(watching({ findings: { 'not-dicom': 'bad' } }));
    expect(wrong).toMatchObject({ code: 0, severity: 'warning', stderr: expect.stringContaining('The configuration') });
  });

  test('names a missing directory and refuses a file', async () => {
    await using at = await Installation.open();
    await writeFile(join(at.data, 'file'), 'x');
    expect((await at.run('dicom', 'check', join(at.data, 'gone'))).code).toBe(1);
    const refused = await at.run('dicom', 'check', join(at.data, 'file'));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected a directory') });
  });
});
