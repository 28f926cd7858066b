import type { FindingRecord } from '@sendit/model';
import type { Tone } from '../units/stage.ts';
import { Empty, Section } from '../ui/card.tsx';
import { Pill } from '../ui/pill.tsx';
import { Name, Sentence } from '../ui/text.tsx';
import { toCount } from '../words/format.ts';
import { FINDINGS_TODO, SEVERITIES, UNIT } from '../words/words.ts';
import styles from './findings.module.css';
import { type FindingGroup, groupFindings } from './group-findings.ts';

const TONES: Readonly<Record<FindingRecord['severity'], Tone>> = { error: 'bad', warning: 'attention', info: 'quiet' };

/** What was found, the worst first, one entry for each code. */
export function Findings({ findings }: { readonly findings: readonly FindingRecord[] }) {
  if (findings.length === 0) {
    return (
      <Section title={UNIT.findings} isBare>
        <Empty>{UNIT.noFindings}</Empty>
      </Section>
    );
  }
  return (
    <Section title={UNIT.findings}>
      <ul className={styles['findings']}>
        {groupFindings(findings).map((group) => (
          <Group key={`${group.severity} ${group.code}`} group={group} />
        ))}
      </ul>
    </Section>
  );
}

function Group({ group }: { readonly group: FindingGroup }) {
  const { code, severity, message, findings } = group;
  const todo = FINDINGS_TODO[code];
  const [only] = findings;
  const path = findings.length === 1 ? (only?.path ?? null) : null;
  return (
    <li data-severity={severity}>
      <Pill tone={TONES[severity]}>{SEVERITIES[severity]}</Pill>
      <div>
        <p>
          <Sentence>{message}</Sentence> <code>{code}</code>
        </p>
        {todo === undefined ? null : <p className={styles['todo']}>{todo}</p>}
        {path === null ? null : <Name className={styles['path']}>{path}</Name>}
        {findings.length === 1 ? null : (
          <details>
            <summary>{UNIT.showFiles(toCount(findings.length))}</summary>
            <ul className={styles['files']}>
              {findings.map((finding, at) => (
                <li key={`${at} ${finding.path ?? ''}`}>
                  {finding.path === null ? UNIT.inBatch : <Name className={styles['path']}>{finding.path}</Name>}
                  {finding.message === message ? null : (
                    <span>
                      {' '}
                      <Sentence>{finding.message}</Sentence>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}
