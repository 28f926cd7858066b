import type { PendingDirectory } from '@sendit/api';
import { readDirectoryIdentity } from '@sendit/detector/node';

/** A result of the rules is about one directory; a person's decision is about its name. */
export async function stillAbout(noted: PendingDirectory | undefined): Promise<PendingDirectory | undefined> {
  if (noted === undefined || noted.identity === null || noted.decision !== null) return noted;
  // Where the system does not say what lies there, nothing says that it is another.
  const identity = await readDirectoryIdentity(noted.path).catch(() => noted.identity);
  return identity === noted.identity ? noted : undefined;
}
