// Makes dist/embedded-template.gz: a data directory with the current schema, so that a first start needs no initdb.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../dist/index.js';
import { packTemplate } from '../dist/engine/template.js';

await rm(new URL('../dist/embedded-template.gz', import.meta.url), { force: true });
const directory = await mkdtemp(join(tmpdir(), 'sendit-template-'));
try {
  const database = await openDatabase({ kind: 'embedded', directory });
  await database[Symbol.asyncDispose]();
  await packTemplate(join(directory, 'pgdata'));
} finally {
  await rm(directory, { recursive: true, force: true });
}
