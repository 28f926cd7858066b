import type { Explanation } from '@sendit/api';
import { SenditError } from '@sendit/model';
import { useQuery } from '@tanstack/react-query';
import { explanation } from '../api/queries.ts';
import { Asked, Trouble } from '../ui/asked.tsx';
import { Section } from '../ui/card.tsx';
import { Sentence } from '../ui/text.tsx';
import { At } from '../ui/time.tsx';
import { ANSWERS, UNIT } from '../words/words.ts';
import styles from './explain.module.css';

/** Every rule, its evidence, the next look, and what would finish it. */
export function Explain({ reference, title }: { readonly reference: string; readonly title: string }) {
  const query = useQuery(explanation(reference));
  // A portal of its own sees no files: that is no fault, and asking again would not help.
  if (query.error instanceof SenditError && query.error.code === 'refused') {
    return (
      <Section title={title}>
        <p className={styles['elsewhere']}>
          <Trouble error={query.error} />
        </p>
      </Section>
    );
  }
  return (
    <Section title={title}>
      <Asked query={query}>{(told) => <Told told={told} />}</Asked>
    </Section>
  );
}

function Told({ told }: { readonly told: Explanation }) {
  const { reason, toFinish, recheckAt, findings, notes, finished } = told;
  return (
    <>
      <p className={styles['reason']}>
        <Sentence>{reason}</Sentence>
        {finished || recheckAt === null ? null : (
          <small>
            {UNIT.nextLook}: <At iso={recheckAt} />
          </small>
        )}
      </p>
      {toFinish.length === 0 ? null : (
        <div className={styles['todo']}>
          <h3>{UNIT.toFinish}</h3>
          <ul>
            {toFinish.map((order) => (
              <li key={order}>
                <Sentence>{order}</Sentence>
              </li>
            ))}
          </ul>
        </div>
      )}
      <ul className={styles['rules']}>
        {findings.map((finding) => (
          <Rule key={finding.rule} finding={finding} />
        ))}
      </ul>
      {notes.map((note) => (
        <p key={note} className={styles['note']}>
          <Sentence>{note}</Sentence>
        </p>
      ))}
    </>
  );
}

function Rule({ finding }: { readonly finding: Explanation['findings'][number] }) {
  const { rule, answer, reason } = finding;
  const evidence = toEvidence(finding['evidence']);
  const known = ANSWERS[answer];
  return (
    <li data-answer={answer}>
      <span className={styles['sign']} aria-hidden="true">
        {known?.sign ?? '?'}
      </span>
      <b>
        {rule}
        <span className="visually-hidden">: {known?.words ?? answer}</span>
      </b>
      <span>
        <Sentence>{reason}</Sentence>
        {evidence === '' ? null : (
          <small>
            <Sentence>{evidence}</Sentence>
          </small>
        )}
      </span>
    </li>
  );
}

function toEvidence(evidence: unknown): string {
  if (typeof evidence !== 'object' || evidence === null) return '';
  return Object.entries(evidence)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(' · ');
}
