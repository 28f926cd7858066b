import type { AuditRecord } from '@sendit/api';
import { Empty, Section } from '../ui/card.tsx';
import { Name } from '../ui/text.tsx';
import { At } from '../ui/time.tsx';
import { DECIDED, UNIT } from '../words/words.ts';
import styles from './audit-list.module.css';

/** People's decisions about a unit, newest first. */
export function AuditList({ records }: { readonly records: readonly AuditRecord[] }) {
  if (records.length === 0) {
    return (
      <Section title={UNIT.audit} isBare>
        <Empty>{UNIT.noAudit}</Empty>
      </Section>
    );
  }
  return (
    <Section title={UNIT.audit}>
      <ul className={styles['audit']}>
        {records.toReversed().map((record) => (
          <li key={record.id}>
            <p>
              <Name>{record.by}</Name> {DECIDED[record.decision] ?? record.decision}
              <span>
                <At iso={record.at} />
              </span>
            </p>
            {record.reason === '' ? null : (
              <q>
                <Name>{record.reason}</Name>
              </q>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
