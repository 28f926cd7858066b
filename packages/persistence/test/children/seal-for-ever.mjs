// Seals directories until it is killed and prints the name of each one only after it was acknowledged.
import { openDatabase } from '../../dist/index.js';

const database = await openDatabase({ kind: 'embedded', directory: process.argv[2] });
const { id } = await database.roots.upsert({ name: 'data', path: '/data' });
for (let index = 0; ; index += 1) {
  const name = `${process.pid}-${index}`;
  await database.batches.seal({
    rootId: id,
    relativePath: name,
    path: `/data/${name}`,
    name,
    grade: 'renamed',
    files: 1,
    bytes: 1,
    manifestDigest: 'a',
    manifest: [{ path: 'a.dcm', bytes: 1, mtimeNs: 1n, inode: 1n }],
  });
  process.stdout.write(`${name}\n`);
}
