import { setMaxListeners } from 'node:events';

/** One part of a process: lasts until its signal aborts, and rejects when it fails. */
export type Part = (signal: AbortSignal) => Promise<void>;

/**
 * Runs parts side by side until `signal` aborts. When one fails, the others are stopped too; resolves or rejects only after all of
 * them have ended, with the first failure, which `onFailure` hears at once.
 */
export async function runTogether(
  parts: readonly Part[],
  signal: AbortSignal,
  onFailure?: (error: unknown) => void,
): Promise<void> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  // Every watch path listens a few times over.
  setMaxListeners(0, either);
  const failed: unknown[] = [];
  await Promise.all(
    parts.map(async (part) => {
      try {
        await part(either);
      } catch (error) {
        if (failed.push(error) === 1) onFailure?.(error);
        failure.abort(error);
      }
    }),
  );
  if (failed.length > 0) throw failed[0];
}
