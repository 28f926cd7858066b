import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const grouping = new URL('../dist/grouping.js', import.meta.url);

/** Bytes that a batch costs for each of its files, beside its listing, while its instances are taken away in parts. */
const MOST_BYTES_PER_FILE = 120;

const script = `
  import { Grouping } from ${JSON.stringify(grouping.href)};
  const used = () => { gc(); gc(); gc(); const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers; };
  const grouping = new Grouping('batch', { now: new Date(0), policy: { hash: { scope: 'header', algorithm: 'xxh128' } } });
  const add = (index) => {
    const attributes = {
      SOPInstanceUID: '1.2.840.113619.2.55.3.2831868886.' + index, StudyInstanceUID: '1.2.3', Modality: 'CT',
      SeriesInstanceUID: '1.2.3.' + (index >> 10), InstanceNumber: String(index & 1023), Rows: '512', Columns: '512',
      ImageOrientationPatient: '1\\\\0\\\\0\\\\0\\\\1\\\\0', ImagePositionPatient: '0\\\\0\\\\' + (index & 1023),
      PatientID: 'P', StudyDate: '20240101', SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ImageType: 'ORIGINAL',
    };
    const header = { kind: 'dicom', attributes, transferSyntaxUid: '1.2.840.10008.1.2', hasPrivate: index % 2 === 0 };
    const digest = (index * 2654435761).toString(16).padStart(32, '0');
    grouping.add({ path: 'IM-' + index, bytes: 526000, digest, header });
    if (grouping.waiting >= 5000) grouping.takeInstances();
  };
  for (let index = 0; index < 20000; index++) add(index);
  const before = used();
  for (let index = 20000; index < 80000; index++) add(index);
  console.log((used() - before) / 60000, grouping.instanceCount);`;

test.skipIf(!existsSync(grouping))(
  'a file costs few bytes, however many there are (needs `npm run build`)',
  async () => {
    const args = ['--expose-gc', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 110_000 });
    const [bytes = 0, instances] = stdout.trim().split(' ').map(Number);
    expect(instances).toBe(80_000);
    expect(bytes).toBeLessThan(MOST_BYTES_PER_FILE);
  },
  120_000,
);
