import type { PendingUnit } from '@sendit/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ActButtons } from '../acts/act-buttons.tsx';
import { toPendingActs } from '../acts/allowed.ts';
import { pendingList } from '../api/queries.ts';
import { toPendingKey } from '../units/unit.ts';
import { Asked } from '../ui/asked.tsx';
import { Empty, Section } from '../ui/card.tsx';
import { Facts } from '../ui/facts.tsx';
import { Name, Sentence } from '../ui/text.tsx';
import { At } from '../ui/time.tsx';
import { toDuration } from '../words/format.ts';
import { UNIT } from '../words/words.ts';
import { Explain } from './explain.tsx';
import { UnitHead } from './unit-head.tsx';

const route = getRouteApi('/waiting/$key');

/** Why what is not sealed still waits, and what may be done about it. */
export function WaitingView() {
  const { key } = route.useParams();
  const query = useQuery(pendingList);
  return (
    <Asked query={query} isView>
      {(pending) => <Waiting pending={pending.find((one) => toPendingKey(one) === key)} />}
    </Asked>
  );
}

function Waiting({ pending }: { readonly pending: PendingUnit | undefined }) {
  if (pending === undefined) {
    return (
      <>
        <h1>{UNIT.goneTitle}</h1>
        <Empty>{UNIT.gone}</Empty>
      </>
    );
  }
  return (
    <>
      <UnitHead name={pending.name} root={pending.root} stage={pending.stage} facts={[]}>
        <ActButtons acts={toPendingActs(pending)} target={{ ref: pending.path, name: pending.name }} />
      </UnitHead>
      <Explain reference={pending.path} title={UNIT.why} />
      <Section title={UNIT.about}>
        <Facts facts={toFacts(pending)} />
      </Section>
    </>
  );
}

function toFacts(pending: PendingUnit): readonly (readonly [string, ReactNode])[] {
  const { path, reason, since, waitingMs, unchangedMs, quietMs } = pending;
  return [
    [UNIT.reason, <Sentence>{reason}</Sentence>],
    [UNIT.path, <Name className="mono">{path}</Name>],
    ...(since === null ? [] : [[UNIT.heldSince, <At iso={since} />] as const]),
    ...(waitingMs === null ? [] : [[UNIT.waiting, toDuration(waitingMs)] as const]),
    ...(unchangedMs === null ? [] : [[UNIT.unchanged, toDuration(unchangedMs)] as const]),
    ...(quietMs === null ? [] : [[UNIT.quiet, toDuration(quietMs)] as const]),
  ];
}
