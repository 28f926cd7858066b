import { useSyncExternalStore } from 'react';
import { toAge, toFullTime, toRelativeTime, toShortTime } from '../words/format.ts';

const TICK_MS = 1_000;
const readers = new Set<() => void>();
let now = Date.now();
let ticking: ReturnType<typeof setInterval> | undefined;

function listen(read: () => void): () => void {
  readers.add(read);
  if (ticking === undefined) {
    now = Date.now();
    ticking = setInterval(() => {
      now = Date.now();
      for (const each of readers) each();
    }, TICK_MS);
  }
  return () => {
    readers.delete(read);
    if (readers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The words of `toWords` for the present time; rendered again only when they change. */
function useWords(toWords: (now: number) => string): string {
  return useSyncExternalStore(listen, () => toWords(now));
}

/** `3 min ago`, kept current, with the full time for who asks. */
export function Ago({ iso }: { readonly iso: string }) {
  const words = useWords((at) => toRelativeTime(iso, at));
  return (
    <time dateTime={iso} title={toFullTime(iso)}>
      {words}
    </time>
  );
}

/** `3 min`: how long ago, without the word. */
export function Age({ iso }: { readonly iso: string }) {
  const words = useWords((at) => toAge(at - Date.parse(iso)));
  return (
    <time dateTime={iso} title={toFullTime(iso)}>
      {words}
    </time>
  );
}

/** `28 Feb 2025, 14:02:11`. */
export function At({ iso }: { readonly iso: string }) {
  return (
    <time dateTime={iso} title={toFullTime(iso)}>
      {toShortTime(iso)}
    </time>
  );
}
