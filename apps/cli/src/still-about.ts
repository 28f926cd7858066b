import { readDirectoryIdentity } from '@sendit/detector/node';
import type { PendingDirectory } from '@sendit/model';

/** What the rules came to is about one directory; what a person decided, about its name. */
export async function stillAbout(noted: PendingDirectory | undefined): Promise<PendingDirectory | undefined> {
  if (noted === undefined || noted.identity === null || noted.decision !== null) return noted;
  return (await readDirectoryIdentity(noted.path)) === noted.identity ? noted : undefined;
}
