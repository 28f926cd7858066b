import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useIsAnonymous } from '../api/use-access.ts';
import type { ConnectionState } from '../live/follow-live.ts';
import { type Headline, toHeadline } from '../live/headline.ts';
import { useLive } from '../live/live-store.ts';
import { Button, BUTTON } from '../ui/button.tsx';
import { Empty } from '../ui/card.tsx';
import { toClockTime } from '../words/format.ts';
import { SHELL, SIGN_IN } from '../words/words.ts';
import { ICONS } from './icons.tsx';
import styles from './shell.module.css';
import { SignIn } from './sign-in.tsx';
import { Who } from './who.tsx';
import { useTitle } from './use-title.ts';

const VIEWS = [
  { to: '/', icon: ICONS.now, words: SHELL.now, short: SHELL.now },
  { to: '/board', icon: ICONS.board, words: SHELL.board, short: SHELL.board },
  { to: '/queue', icon: ICONS.queue, words: SHELL.queue, short: SHELL.queue },
  { to: '/throughput', icon: ICONS.throughput, words: SHELL.throughput, short: SHELL.throughputShort },
  {
    to: '/configuration',
    icon: ICONS.configuration,
    words: SHELL.configuration,
    short: SHELL.configurationShort,
  },
  { to: '/audit', icon: ICONS.audit, words: SHELL.audit, short: SHELL.audit },
] as const;

const SHUT: Headline = { tone: 'unknown', words: SIGN_IN.title, count: 0 };

/** Frame of every view: links to the others, and whether the view is current. */
export function Shell() {
  const live = useLive();
  const isAnonymous = useIsAnonymous();
  // Where others reach the address, not even the feed is for everybody.
  const isShut = isAnonymous && live.status === undefined && live.connection !== 'live';
  const headline = isShut ? SHUT : toHeadline(live);
  useTitle(headline);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const main = useRef<HTMLElement>(null);
  useFocusOnNavigation(main);
  return (
    <div className={styles['shell']} data-connection={isShut ? 'connecting' : live.connection}>
      <button type="button" className={styles['skip']} onClick={() => main.current?.focus()}>
        {SHELL.skip}
      </button>
      <header className={styles['side']}>
        <p className={styles['mark']}>
          <img src="./icon.svg" alt="" width="22" height="22" />
          {SHELL.name}
        </p>
        <nav aria-label={SHELL.navigation} className={styles['nav']}>
          {VIEWS.map(({ to, icon, words, short }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={styles['link']}>
              {icon}
              <span className={styles['long']}>{words}</span>
              <span className={styles['short']}>{short}</span>
              {to === '/' && headline.count > 0 ? (
                <span className={styles['count']} data-tone={headline.tone}>
                  <span aria-hidden="true">{headline.count}</span>
                  <span className="visually-hidden">{SHELL.needing(headline.count)}</span>
                </span>
              ) : null}
            </Link>
          ))}
        </nav>
        <Who />
        {isShut ? null : <Connection state={live.connection} lostAt={live.lostAt} />}
      </header>
      <main ref={main} tabIndex={-1} className={styles['main']}>
        {isShut || (isAnonymous && path !== '/') ? <Closed /> : <Outlet />}
      </main>
    </div>
  );
}

function Connection({ state, lostAt }: { readonly state: ConnectionState; readonly lostAt: number | null }) {
  return (
    <p
      className={styles['connection']}
      data-state={state}
      role="status"
      title={lostAt === null ? undefined : toClockTime(lostAt)}
    >
      {SHELL[state]}
    </p>
  );
}

/** A screen reader follows to what a link opened; the first view leaves the focus alone. */
function useFocusOnNavigation(main: React.RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}

/** Shown in place of every view that has names. */
function Closed() {
  return (
    <>
      <h1>{SIGN_IN.title}</h1>
      <SignIn />
    </>
  );
}

/** Shown in place of a view that fails. */
export function Broken({ reset }: { readonly reset: () => void }) {
  return (
    <>
      <h1>{SHELL.broken}</h1>
      <Empty>
        <p>{SHELL.brokenHint}</p>
        <Button onClick={reset}>{SHELL.again}</Button>
      </Empty>
    </>
  );
}

/** Shown for an unknown address. */
export function NotFound() {
  return (
    <>
      <h1>{SHELL.notFound}</h1>
      <Empty>
        <Link to="/" className={BUTTON}>
          {SHELL.toNow}
        </Link>
      </Empty>
    </>
  );
}
