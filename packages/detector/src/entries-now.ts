import { type Dirent, opendirSync, type OpenDirOptions } from 'node:fs';

/** The entries of a directory, asked for in this thread, `bufferSize` of them at a time. Throws the system's errors. */
export function* entriesNow(path: Buffer, options: OpenDirOptions): Generator<Dirent> {
  const directory = opendirSync(path, options);
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) yield entry;
  } finally {
    directory.closeSync();
  }
}
