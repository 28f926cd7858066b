import type { WatcherStatus } from '@sendit/api';
import { Section } from '../ui/card.tsx';
import { Facts } from '../ui/facts.tsx';
import { Ago } from '../ui/time.tsx';
import { toCount } from '../words/format.ts';
import { NOW } from '../words/words.ts';
import { Disk } from './disk.tsx';

/** The queue's oldest import, workers, and the disk of the database. */
export function Machine({ status: { backlog, databaseDisk, mode, workers } }: { readonly status: WatcherStatus }) {
  const oldest = backlog?.oldestAt ?? null;
  return (
    <Section title={NOW.machine}>
      <Facts
        facts={[
          [NOW.oldestImport, backlog?.paused ? NOW.paused : oldest === null ? NOW.noneWaits : <Ago iso={oldest} />],
          ...(workers && mode !== 'embedded'
            ? [[NOW.workers, NOW.workersAlive(toCount(workers.alive), toCount(workers.dead))] as const]
            : []),
          ...(databaseDisk ? [[NOW.databaseDisk, <Disk key="disk" disk={databaseDisk} />] as const] : []),
        ]}
      />
    </Section>
  );
}
