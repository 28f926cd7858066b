import type { WatcherStatus } from '@sendit/api';
import type { ReactNode } from 'react';
import type { Headline } from '../live/headline.ts';
import type { Live } from '../live/live-store.ts';
import { Ago } from '../ui/time.tsx';
import { toClockTime, toCountOf } from '../words/format.ts';
import { MODES, NOUNS, NOW } from '../words/words.ts';
import styles from './head.module.css';

/** The one sentence that an operator came for, and the facts below it. */
export function Head({ live, headline }: { readonly live: Live; readonly headline: Headline }) {
  return (
    <header className={styles['head']}>
      <h1 data-tone={headline.tone} aria-live="polite">
        {headline.words}
      </h1>
      <p className={styles['facts']}>
        {toFacts(live).map(([name, fact]) => (
          <span key={name}>{fact}</span>
        ))}
      </p>
    </header>
  );
}

function toFacts({ connection, lostAt, status }: Live): readonly (readonly [string, ReactNode])[] {
  const see = (
    <>
      {NOW.see} <code>{NOW.statusCommand}</code>
    </>
  );
  if (connection === 'lost') {
    const heard =
      status === undefined ? [] : [['heard', NOW.lastHeard(toClockTime(lostAt ?? Date.now()), status.active)] as const];
    return [...heard, ['see', see]];
  }
  if (status === undefined) return [];
  return [...toStateFacts(status), ['mode', MODES[status.mode] ?? status.mode]];
}

function toStateFacts({
  active,
  host,
  since,
  pid,
  roots,
  queue,
  version,
}: WatcherStatus): readonly (readonly [string, ReactNode])[] {
  if (!active) {
    return [
      [
        'start',
        <>
          {NOW.startIt} <code>{NOW.startCommand}</code>
        </>,
      ],
    ];
  }
  return [
    [
      'since',
      since === null ? (
        NOW.active
      ) : (
        <>
          {NOW.active}, {NOW.started} <Ago iso={since} />
        </>
      ),
    ],
    ...(roots.length === 0 ? [] : [['paths', toCountOf(roots.length, NOUNS.path)] as const]),
    ...(host ? [['host', NOW.onHost(host)] as const] : []),
    ...(version ? [['version', NOW.version(version)] as const] : []),
    ...(pid === null ? [] : [['pid', NOW.pid(pid)] as const]),
    ...(queue === null ? [['queue', NOW.queueSilent] as const] : []),
  ];
}
