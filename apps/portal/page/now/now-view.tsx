import type { WatcherStatus } from '@sendit/api';
import { toNeeding, toNotes, toHeadline } from '../live/headline.ts';
import { type Live, useLive } from '../live/live-store.ts';
import { Section } from '../ui/card.tsx';
import { NOW } from '../words/words.ts';
import { useIsAnonymous } from '../api/use-access.ts';
import { SignIn } from '../shell/sign-in.tsx';
import { Alerts } from './alerts.tsx';
import { Head } from './head.tsx';
import { Latest } from './latest.tsx';
import { Machine } from './machine.tsx';
import { OnTheWay } from './on-the-way.tsx';
import { WatchPaths } from './watch-paths.tsx';

/** Whether all is well, in one glance and in words. */
export function NowView() {
  const live = useLive();
  const isAnonymous = useIsAnonymous();
  return (
    <>
      <Head live={live} headline={toHeadline(live)} />
      <Problems live={live} />
      {isAnonymous ? (
        <>
          <OnTheWay />
          <SignIn />
        </>
      ) : (
        <>
          {live.status === undefined ? null : <State status={live.status} />}
          <Latest batches={live.batches} status={live.status} />
        </>
      )}
    </>
  );
}

function Problems({ live: { problem, status } }: { readonly live: Live }) {
  const needing = status === undefined || problem !== null ? [] : toNeeding(status);
  if (problem === null && needing.length === 0) return null;
  return (
    <Section title={NOW.attention}>
      <Alerts own={problem} problems={needing} />
    </Section>
  );
}

function State({ status }: { readonly status: WatcherStatus }) {
  const notes = toNotes(status);
  return (
    <>
      <OnTheWay />
      <WatchPaths status={status} />
      <Machine status={status} />
      {notes.length === 0 ? null : (
        <Section title={NOW.notes}>
          <Alerts own={null} problems={notes} />
        </Section>
      )}
    </>
  );
}
