import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeWith, openTempDir, SYNTHETIC_SYNTAXES, type SyntheticSyntax, toDicomFile } from '../src/index.ts';
import { dcmdumpPath } from '../src/services.ts';
import { toScannerElements } from '../src/synthetic-scanner.ts';

const ATTRIBUTES = {
  ImageType: 'ORIGINAL\\PRIMARY\\AXIAL',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '2.25.314159',
  StudyDate: '20240102',
  AccessionNumber: 'SYN1',
  Modality: 'CT',
  PatientName: 'SYNTHETIC^PATIENT',
  PatientID: 'SYN-0001',
  StudyInstanceUID: '2.25.27182',
  SeriesInstanceUID: '2.25.16180',
  InstanceNumber: '17',
};

/** Runs dcmdump on a file: text values by keyword, and its complaints. */
async function dump(path: string): Promise<{ readonly values: Map<string, string>; readonly complaints: string }> {
  const { stdout, stderr } = await promisify(execFile)(dcmdumpPath() ?? 'dcmdump', ['+L', '+uc', '-Un', path]);
  const lines = stdout.matchAll(/^\((?:[0-9a-f]{4}),[0-9a-f]{4}\) [A-Z]{2} \[(.*?)\] +#.* (\w+)$/gm);
  return { values: new Map([...lines].map(([, value = '', keyword = '']) => [keyword, value])), complaints: stderr };
}

describeWith(['dcmtk'], 'what the writer of synthetic files writes, dcmdump reads', () => {
  const syntaxes = Object.keys(SYNTHETIC_SYNTAXES) as SyntheticSyntax[];
  test.each(syntaxes.flatMap((syntax) => [true, false].map((undefinedLengths) => ({ syntax, undefinedLengths }))))(
    'in $syntax, undefined lengths $undefinedLengths',
    async ({ syntax, undefinedLengths }) => {
      await using dir = await openTempDir();
      const path = join(dir.path, 'file');
      const elements = toScannerElements({ ...ATTRIBUTES, Rows: 2, Columns: 2, PixelData: Buffer.alloc(8) });
      await writeFile(path, toDicomFile(elements, { syntax, undefinedLengths }));
      const { values, complaints } = await dump(path);
      expect(complaints).toBe('');
      expect(values.get('TransferSyntaxUID')).toBe(SYNTHETIC_SYNTAXES[syntax]);
      for (const [keyword, value] of Object.entries(ATTRIBUTES))
        expect([keyword, values.get(keyword)]).toEqual([keyword, value]);
    },
  );

  test('and a cut one is refused', async () => {
    await using dir = await openTempDir();
    const path = join(dir.path, 'file');
    await writeFile(path, toDicomFile(toScannerElements(ATTRIBUTES), { truncateAt: -7 }));
    await expect(dump(path)).rejects.toThrow('dcmdump');
  });
});
