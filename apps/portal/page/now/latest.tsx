import type { BatchSummary, WatcherStatus } from '@sendit/api';
import { Link } from '@tanstack/react-router';
import { toBatchUnit } from '../units/unit.ts';
import { UnitWhy } from '../units/unit-why.tsx';
import { Empty, Section } from '../ui/card.tsx';
import { StagePill } from '../ui/pill.tsx';
import { Name } from '../ui/text.tsx';
import { Age } from '../ui/time.tsx';
import { NOW } from '../words/words.ts';
import styles from './latest.module.css';

const LATEST = 8;

/** The newest batches, to see that something arrives; the board has the rest. */
export function Latest(props: {
  readonly batches: readonly BatchSummary[] | undefined;
  readonly status: WatcherStatus | undefined;
}) {
  const { batches, status } = props;
  if (batches === undefined) return null;
  if (batches.length === 0) return <NothingYet status={status} />;
  return (
    <Section
      title={NOW.latest}
      aside={
        <Link to="/board" search={{}}>
          {NOW.allOfThem}
        </Link>
      }
    >
      <ul className={styles['latest']}>
        {batches.slice(0, LATEST).map((batch) => {
          const unit = toBatchUnit(batch);
          return (
            <li key={batch.id}>
              <Link to="/batch/$id" params={{ id: batch.id }} className={styles['name']}>
                <Name>{batch.name}</Name>
              </Link>
              <StagePill stage={unit.stage} />
              <span className={styles['why']}>
                <UnitWhy unit={unit} />
              </span>
              <span className={styles['age']}>
                <Age iso={batch.createdAt} />
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function NothingYet({ status }: { readonly status: WatcherStatus | undefined }) {
  const roots = status?.roots ?? [];
  return (
    <Section title={NOW.latest} isBare>
      <Empty>
        <p className={styles['title']}>{NOW.emptyTitle}</p>
        {roots.length === 0 ? <p>{NOW.dropAny}</p> : null}
        {roots.map(({ name, path }) => (
          <p key={name}>
            {NOW.drop('')}
            <Name className="mono">{path}</Name>
          </p>
        ))}
        <p>{NOW.dropHow}</p>
      </Empty>
    </Section>
  );
}
