import type { ManifestFile } from '@sendit/model';

/** Absolute paths of sealed files, as `node:fs` takes them: bytes where a name is not UTF-8. */
export async function* toOwnPaths(
  directory: string,
  files: AsyncIterable<readonly ManifestFile[]>,
): AsyncGenerator<string | Buffer> {
  const above = directory.endsWith('/') ? directory : `${directory}/`;
  for await (const part of files) {
    for (const { path, rawPath } of part) {
      yield rawPath === undefined ? `${above}${path}` : Buffer.concat([Buffer.from(above), rawPath]);
    }
  }
}
