import type { BatchDetail } from '@sendit/api';
import type { ReactNode } from 'react';
import { Section } from '../ui/card.tsx';
import { Facts } from '../ui/facts.tsx';
import { Name } from '../ui/text.tsx';
import { At } from '../ui/time.tsx';
import { toBytes, toCount, toCountOf, toDuration, toStudyDate } from '../words/format.ts';
import { NOUNS, UNIT } from '../words/words.ts';

/** Facts about a batch beside its content. */
export function About({ batch }: { readonly batch: BatchDetail }) {
  return (
    <Section title={UNIT.about}>
      <Facts facts={toFacts(batch)} />
    </Section>
  );
}

function toFacts(batch: BatchDetail): readonly (readonly [string, ReactNode])[] {
  return [
    [UNIT.path, <Name className="mono">{batch.path}</Name>],
    ...one(UNIT.renamedTo, batch.renamedTo, (path) => <Name className="mono">{path}</Name>),
    [UNIT.content, `${toCountOf(batch.files, NOUNS.file)}, ${toBytes(batch.bytes)}`],
    [UNIT.sealed, <At iso={batch.createdAt} />],
    ...one(UNIT.took, batch.times, toTook),
    ...one(UNIT.modality, batch.modalities.join(', '), (text) => <Name>{text}</Name>),
    ...one(UNIT.studyDate, batch.studyDates.map(toStudyDate).join(', '), (text) => <Name>{text}</Name>),
    ...one(UNIT.duplicates, batch.duplicates, (count) => toCountOf(count, NOUNS.instance)),
    ...one(UNIT.replaced, batch.replaced, (count) => toCountOf(count, NOUNS.instance)),
    ...one(UNIT.quarantined, batch.quarantined, (count) => toCountOf(count, NOUNS.file)),
    ...one(UNIT.attempts, batch.attempts > 1 ? batch.attempts : 0, toCount),
    ...one(UNIT.digest, batch.digest, (digest) => (
      <span className="mono">
        {digest} ({batch.digestAlgorithm ?? ''})
      </span>
    )),
  ];
}

/** A fact that is left out where there is nothing to say. */
function one<T>(
  name: string,
  value: T | null,
  show: (value: T) => ReactNode,
): readonly (readonly [string, ReactNode])[] {
  return value === null || value === 0 || value === '' ? [] : [[name, show(value)]];
}

/** The whole, and its steps. */
function toTook({
  elapsedMs,
  listingMs,
  readingMs,
  hashingMs,
  databaseMs,
}: NonNullable<BatchDetail['times']>): ReactNode {
  const hashing = hashingMs === 0 ? '' : UNIT.hashing(toDuration(hashingMs));
  return (
    <>
      {toDuration(elapsedMs)}
      <small>{UNIT.steps(toDuration(listingMs), toDuration(readingMs), hashing, toDuration(databaseMs))}</small>
    </>
  );
}
