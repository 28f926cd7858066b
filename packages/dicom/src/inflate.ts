import { constants, inflateRawSync } from 'node:zlib';
import type { ByteWindow } from './byte-window.ts';

/** The beginning of a deflated data set; `whole` when nothing follows what was inflated. */
export type Inflated =
  | { readonly kind: 'inflated'; readonly bytes: Uint8Array; readonly whole: boolean }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'damaged' };

/** Compressed bytes to try, one after another: a header is in the first nearly always, and 8 KB cannot grow above 8 MB. */
const STEPS = [8 << 10, 64 << 10, 1 << 20, 16 << 20];

/** Inflates more and more of a data set, from `position` to the end; stop iterating when there is enough. */
export function* inflateGradually(window: ByteWindow, position: number, maxBytes: number): Generator<Inflated> {
  const available = window.size - position;
  for (const step of STEPS) {
    const input = window.copy(position, Math.min(step, available));
    if (input === undefined) return yield { kind: 'damaged' };
    const inflated = inflate(input, input.length === available, maxBytes);
    yield inflated;
    if (inflated.kind !== 'inflated' || inflated.whole) return;
  }
  yield { kind: 'too-large' };
}

/** Whether a deflated data set ends as it should; undefined where it is too large to try. */
export function isWholeDeflate(window: ByteWindow, position: number, maxBytes: number): boolean | undefined {
  const length = window.size - position;
  const input = length > maxBytes ? undefined : window.copy(position, length);
  if (input === undefined) return undefined;
  try {
    inflateRawSync(input, { maxOutputLength: maxBytes });
    return true;
  } catch (error) {
    return isTooLarge(error) ? undefined : false;
  }
}

function inflate(input: Uint8Array, isAll: boolean, maxBytes: number): Inflated {
  try {
    // Z_SYNC_FLUSH: input that stops in the middle gives what there is, instead of an error.
    const bytes = inflateRawSync(input, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH });
    return { kind: 'inflated', bytes, whole: isAll };
  } catch (error) {
    return { kind: isTooLarge(error) ? 'too-large' : 'damaged' };
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
