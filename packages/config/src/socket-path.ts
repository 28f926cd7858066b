import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a unix socket in bytes (unix(7): `sun_path` is 108 with its NUL). */
export const SOCKET_PATH_BYTES = 107;

/**
 * The wanted socket path, or, where the kernel would cut it, one in a short directory `<tmp>/sendit-<uid>-<hash>`. The same path gives
 * the same answer. Creates nothing: whoever listens makes the directory, mode 0700, and checks its owner.
 */
export function toSocketPath(wanted: string, place: { tmp?: string; uid?: number } = {}): string {
  if (Buffer.byteLength(wanted) <= SOCKET_PATH_BYTES) return wanted;
  const uid = place.uid ?? process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const short = join(place.tmp ?? tmpdir(), `sendit-${uid}-${hash}`, 'api.sock');
  return Buffer.byteLength(short) <= SOCKET_PATH_BYTES ? short : join('/tmp', `sendit-${uid}-${hash}`, 'api.sock');
}
