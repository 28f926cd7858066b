import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir } from '@sendit/testing/services';
import { describeWith } from '@sendit/testing';
import { expect, test } from 'vitest';
import { Place } from './place.ts';
import { toLua } from './scenarios/orthanc.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/senders.md'), 'utf8');

function findBlock(first: string): string {
  const blocks = [...page.matchAll(/^```(?:sh|lua)\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const found = blocks.find((block) => block.includes(first));
  if (found === undefined) throw new Error(`Expected a block with "${first}" in docs/senders.md`);
  return found;
}

test("Orthanc's script in the page is the one of the suite", () => {
  expect(findBlock('OnStableStudy')).toBe(toLua('/data').trimStart());
});

describeWith(['dcmtk'], 'recipes of docs/senders.md', () => {
  test('to-pacs.sh fails while nobody answers, and brings each image once however often it runs', async () => {
    await using directory = await openTempDir();
    await using place = new Place(directory.path, 'to-pacs');
    await place.make();
    const study = await place.study();
    const port = await place.port();
    const script = await writeScript(
      place,
      findBlock('# to-pacs.sh').replace('pacs.example 11112', `127.0.0.1 ${port}`),
    );
    const input = `{"type":"batch.done"}\n${study.files.map((file) => `${file}\0`).join('')}`;
    await expect(place.run(script, [], { input })).rejects.toThrow('ended with');

    const pacs = await place.folder('pacs');
    await place.serve('storescp', [String(port), '-od', pacs], port);
    await place.run(script, [], { input });
    await place.run(script, [], { input });
    expect(readdirSync(pacs)).toHaveLength(study.files.length);
  });

  test('de-identify.sh leaves one folder of its own, without the name of the patient', async () => {
    await using directory = await openTempDir();
    await using place = new Place(directory.path, 'de-identify');
    await place.make();
    const study = await place.study();
    const script = await writeScript(place, findBlock('# de-identify.sh'));
    const input = `{"type":"batch.done"}\n${study.files.map((file) => `${file}\0`).join('')}`;
    // Left by an attempt that was cut off.
    await mkdir(join(place.data, '17.tmp'));
    await writeFile(join(place.data, '17.tmp', 'half'), 'DICM');
    for (const _ of ['once', 'again']) await place.run(script, [place.data], { input, env: { SENDIT_BATCH: '17' } });
    expect(readdirSync(place.data)).toEqual(['17']);
    const files = readdirSync(join(place.data, '17'));
    expect(files).toHaveLength(study.files.length);
    for (const file of files) {
      const content = await readFile(join(place.data, '17', file));
      expect(content.includes('SYNTHETIC^ONE')).toBe(false);
      expect(content.includes('ANONYMOUS')).toBe(true);
    }
  });
});

async function writeScript(place: Place, text: string): Promise<string> {
  const path = join(place.side, 'recipe.sh');
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}
