// `node packages/dicom/scripts/make-dictionary.mjs [DICOM.DIC]`: writes src/dictionary-data.ts, the attributes of PS3.6 by tag, from the
// data dictionary that Debian's dcmtk installs (libdcmtk: /usr/share/libdcmtk17/dicom.dic).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = process.argv[2] ?? '/usr/share/libdcmtk17/dicom.dic';
/** The dictionary's names for values whose VR depends on context, and how they are read if the file gives no VR. */
const READ_AS = { xs: 'US', ox: 'OW', px: 'OW', lt: 'OW', na: 'UN', up: 'UL' };

const entries = readFileSync(source, 'latin1')
  .split('\n')
  .map((line) => /^\(([0-9a-f]{4}),([0-9a-f]{4})\)\t(\w\w)\t(\w+)\t(\S+)\tDICOM/i.exec(line))
  .filter((match) => match !== null)
  .map(([, group, element, vr, keyword, vm]) => ({
    tag: (group + element).toLowerCase(),
    vr: READ_AS[vr] ?? vr,
    isOne: vm === '1',
    keyword: keyword.replace(/^RETIRED_/, ''),
  }))
  .filter(
    ({ tag }) => !tag.startsWith('fffe') && !tag.startsWith('0000') && Number.parseInt(tag.slice(0, 4), 16) % 2 === 0,
  )
  .toSorted((a, b) => (a.tag < b.tag ? -1 : 1));
const unique = entries.filter(({ tag }, index) => tag !== entries[index - 1]?.tag);
const lines = unique.map(({ tag, vr, isOne, keyword }) => `${tag}${vr}${isOne ? '1' : 'n'}${keyword}`);
const text = `// Made by scripts/make-dictionary.mjs; not to be edited.

/** PS3.6: on each line a tag (eight hex digits), its VR, 1 or n for one or several values, its keyword. */
export const DICTIONARY_DATA = \`
${lines.join('\n')}
\`;
`;
writeFileSync(fileURLToPath(new URL('../src/dictionary-data.ts', import.meta.url)), text);
process.stdout.write(`${lines.length} attributes\n`);
