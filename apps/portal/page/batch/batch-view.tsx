import type { BatchDetail } from '@sendit/api';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ActButtons } from '../acts/act-buttons.tsx';
import { toActs } from '../acts/allowed.ts';
import { batchDetail } from '../api/queries.ts';
import { toShownStage } from '../units/stage.ts';
import { Asked } from '../ui/asked.tsx';
import { Empty, Section } from '../ui/card.tsx';
import { Sentence } from '../ui/text.tsx';
import { GRADES, UNIT } from '../words/words.ts';
import { About } from './about.tsx';
import { Actions } from './actions.tsx';
import { AuditList } from './audit-list.tsx';
import styles from './batch-view.module.css';
import { Explain } from './explain.tsx';
import { Files } from './files.tsx';
import { Findings } from './findings.tsx';
import { Generations } from './generations.tsx';
import { SeriesList } from './series-list.tsx';
import { UnitHead } from './unit-head.tsx';
import { Way } from './way.tsx';

const route = getRouteApi('/batch/$id');

/** All about one batch: what it is, how it came here, what is in it, what was found, what follows. */
export function BatchView() {
  const { id } = route.useParams();
  const query = useQuery(batchDetail(id));
  return (
    <Asked query={query} isView>
      {(batch) => (batch === null ? <Unknown /> : <Batch batch={batch} />)}
    </Asked>
  );
}

function Unknown() {
  return (
    <>
      <h1>{UNIT.unknown}</h1>
      <Empty>{UNIT.unknownHint}</Empty>
    </>
  );
}

function Batch({ batch }: { readonly batch: BatchDetail }) {
  const facts = [
    UNIT.batch(batch.id),
    UNIT.generation(batch.generation),
    UNIT.sealedBecause(GRADES[batch.grade] ?? batch.grade),
    ...(batch.isDelta ? [UNIT.delta] : []),
  ];
  return (
    <>
      <UnitHead name={batch.name} root={batch.root} stage={toShownStage(batch)} facts={facts}>
        <ActButtons acts={toActs(batch)} target={{ ref: `id:${batch.id}`, batchId: batch.id, name: batch.name }} />
      </UnitHead>
      {batch.reason === null ? null : (
        <p className={styles['reason']} data-stage={batch.status}>
          <Sentence>{batch.reason}</Sentence>
        </p>
      )}
      <Section title={UNIT.way}>
        <Way batch={batch} />
      </Section>
      <div className={styles['two']}>
        <div>
          <SeriesList batch={batch} />
          <Findings groups={batch.findingGroups} />
          <Files batchId={batch.id} instances={batch.instances} />
        </div>
        <div>
          <Explain reference={`id:${batch.id}`} title={UNIT.whyComplete} />
          <Actions actions={batch.actionList} status={batch.status} />
          <About batch={batch} />
          <Generations batch={batch} />
          <AuditList records={batch.auditList} />
        </div>
      </div>
    </>
  );
}
