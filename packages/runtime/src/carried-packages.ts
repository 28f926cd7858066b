import { createRequire } from 'node:module';

/**
 * Packages that a user's module may import although they are not installed beside it, besides `@sendit/config` and
 * `@sendit/processors`.
 */
const CARRIED = [
  '@sendit/actions',
  '@sendit/detector',
  '@sendit/detector/node',
  '@sendit/dicom',
  '@sendit/dicom/node',
  '@sendit/dicom/tree',
  '@sendit/importer',
  '@sendit/model',
  '@sendit/watch',
] as const;

/** The packages that sendit carries, each with the file that an import of it means. */
export function findCarried(): Readonly<Record<string, string>> {
  const { resolve } = createRequire(import.meta.url);
  return Object.fromEntries(CARRIED.map((name) => [name, resolve(name)]));
}
