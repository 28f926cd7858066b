import type { BatchDetail } from '@sendit/api';
import type { Tone } from '../units/stage.ts';
import { Empty, Section } from '../ui/card.tsx';
import { Pill } from '../ui/pill.tsx';
import { Name, Sentence } from '../ui/text.tsx';
import { toCount } from '../words/format.ts';
import { FINDINGS_TODO, SEVERITIES, UNIT } from '../words/words.ts';
import styles from './findings.module.css';

type FindingGroup = BatchDetail['findingGroups'][number];

const TONES: Readonly<Record<FindingGroup['severity'], Tone>> = { error: 'bad', warning: 'attention', info: 'quiet' };

/** Findings, one entry per code, worst first. */
export function Findings({ groups }: { readonly groups: readonly FindingGroup[] }) {
  if (groups.length === 0) {
    return (
      <Section title={UNIT.findings} isBare>
        <Empty>{UNIT.noFindings}</Empty>
      </Section>
    );
  }
  return (
    <Section title={UNIT.findings}>
      <ul className={styles['findings']}>
        {groups.map((group) => (
          <Group key={`${group.severity} ${group.code}`} group={group} />
        ))}
      </ul>
    </Section>
  );
}

function Group({ group: { code, severity, message, count, paths } }: { readonly group: FindingGroup }) {
  const todo = FINDINGS_TODO[code];
  const [only] = paths;
  return (
    <li data-severity={severity}>
      <Pill tone={TONES[severity]}>{SEVERITIES[severity]}</Pill>
      <div>
        <p>
          <Sentence>{message}</Sentence> <code>{code}</code>
        </p>
        {todo === undefined ? null : <p className={styles['todo']}>{todo}</p>}
        {paths.length === 1 && only !== undefined && count === 1 ? (
          <Name className={styles['path']}>{only}</Name>
        ) : null}
        {count < 2 ? null : (
          <details>
            <summary>
              {toCount(count)} {UNIT.ofFindings}
            </summary>
            <ul className={styles['files']}>
              {paths.map((path) => (
                <li key={path}>
                  <Name className={styles['path']}>{path}</Name>
                </li>
              ))}
              {count > paths.length && paths.length > 0 ? (
                <li>{UNIT.moreRows(toCount(count - paths.length))}</li>
              ) : null}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}
