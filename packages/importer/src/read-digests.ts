import { toBytePath } from '@sendit/files';
import { type DigestAlgorithm, toHashPolicy, type TouchedDigests, type TouchedFile } from '@sendit/model';
import type { HeaderReaders } from './header-readers.ts';

/** Where {@link readDigests} reads. */
export interface DigestPlace {
  readonly directory: string;
  /** Whether the directory itself may be a link, as a watch path may. */
  readonly mayBeLink: boolean;
}

/**
 * Makes digests of files below a directory anew, each of the kind that its import kept; null of a file that is gone or cannot
 * be read.
 * @throws the signal's reason when aborted.
 */
export async function readDigests(
  { directory, mayBeLink }: DigestPlace,
  files: readonly TouchedFile[],
  readers: HeaderReaders,
  signal: AbortSignal,
): Promise<TouchedDigests> {
  const byKind = new Map<DigestAlgorithm, string[]>();
  for (const { algorithm, path } of files) {
    const paths = byKind.get(algorithm) ?? [];
    paths.push(path);
    byKind.set(algorithm, paths);
  }
  const digests = new Map<string, string | null>();
  for (const [algorithm, paths] of byKind) {
    const hash = toHashPolicy(algorithm);
    if (hash === undefined) continue;
    let index = 0;
    const request = { directory: toBytePath(directory), mayBeLink, paths: paths.map(toBytePath), hash };
    for await (const records of readers.readHeaders(request, signal)) {
      for (const { datasetDigest, header } of records) {
        const isOtherKind = header.kind !== 'unreadable' && datasetDigest === null;
        digests.set(paths[index] ?? '', isOtherKind ? NO_IMAGE : datasetDigest);
        index += 1;
      }
    }
  }
  return digests;
}

/** In place of the digest of what was an image and is none. */
const NO_IMAGE = 'no image';
