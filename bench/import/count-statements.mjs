// Loaded before a process (`node --import`): counts what its embedded engine is asked, and what waits for the disk, in every thread of it.
// The counts are in a file for each thread of the directory COUNT_STATEMENTS, written a moment after they have changed.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const WRITE_MS = 50;
const EXECUTE = 0x45;
const SIMPLE_QUERY = 0x51;
const directory = process.env.COUNT_STATEMENTS;

if (directory !== undefined) {
  const counts = { statements: 0, calls: 0, syncs: 0 };
  let written = '';

  const { value: ask } = Object.getOwnPropertyDescriptor(PGlite.prototype, 'execProtocolRawSync');
  PGlite.prototype.execProtocolRawSync = function (message) {
    counts.calls += 1;
    counts.statements += countStatements(message);
    return ask.call(this, message);
  };

  const { fsyncSync } = fs;
  fs.fsyncSync = (descriptor) => {
    counts.syncs += 1;
    fsyncSync(descriptor);
  };
  syncBuiltinESMExports();

  const timer = setInterval(() => {
    const now = JSON.stringify(counts);
    if (now === written) return;
    written = now;
    const path = join(directory, `${process.pid}-${threadId}.json`);
    fs.writeFileSync(`${path}.new`, now);
    fs.renameSync(`${path}.new`, path);
  }, WRITE_MS);
  timer.unref();
}

/** One call may bring several messages of the protocol: a letter, and the length of what follows. */
function countStatements(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let statements = 0;
  for (let at = 0; at + 5 <= bytes.length; at += 1 + view.getUint32(at + 1)) {
    if (bytes[at] === EXECUTE || bytes[at] === SIMPLE_QUERY) statements += 1;
  }
  return statements;
}
