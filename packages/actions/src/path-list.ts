import type { ManifestFile } from '@sendit/model';

const NUL = Buffer.from([0]);

/** The absolute paths of sealed files, as their bytes, each ended by NUL: the one byte that no path has. */
export async function* toPathList(
  directory: string,
  files: AsyncIterable<readonly ManifestFile[]>,
): AsyncGenerator<Uint8Array> {
  const above = Buffer.from(directory.endsWith('/') ? directory : `${directory}/`);
  for await (const part of files) {
    yield Buffer.concat(part.flatMap(({ path, rawPath }) => [above, rawPath ?? Buffer.from(path), NUL]));
  }
}
