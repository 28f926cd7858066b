import { createHash } from 'node:crypto';

/** What is kept of 256 random bits: nobody can guess them, so that a fast hash is enough. */
export function toDigest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
