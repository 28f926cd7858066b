// Seals three hundred directories, eight at a time, and prints what came of each; two of these run at once.
import { openDatabase } from '../../dist/index.js';

const database = await openDatabase({ kind: 'postgres', url: process.argv[2] });
const { id } = await database.roots.upsert({ name: 'data', path: '/data' });
const names = Array.from({ length: 300 }, (_, index) => `D${index}`);
const manifest = ['a', 'b', 'c'].map((path) => ({ path, bytes: 1, mtimeNs: 1n, inode: 1n }));
const sealAll = async () => {
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const request = { rootId: id, relativePath: name, path: `/data/${name}`, name };
    const outcome = await database.batches.seal({
      ...request,
      grade: 'renamed',
      files: 3,
      bytes: 3,
      manifestDigest: 'a',
      manifest,
    });
    process.stdout.write(`${outcome.kind} ${outcome.batchId}\n`);
  }
};
await Promise.all(Array.from({ length: 8 }, sealAll));
await database[Symbol.asyncDispose]();
