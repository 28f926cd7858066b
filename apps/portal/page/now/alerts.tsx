import type { HealthProblem } from '@sendit/api';
import type { FindingSeverity } from '@sendit/model';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { LiveProblem } from '../live/follow-live.ts';
import type { ListedStage, Tone } from '../units/stage.ts';
import { BUTTON } from '../ui/button.tsx';
import { Pill } from '../ui/pill.tsx';
import { Sentence } from '../ui/text.tsx';
import { Ago } from '../ui/time.tsx';
import { ALERTS, NOW, SEVERITIES } from '../words/words.ts';
import styles from './alerts.module.css';

const TONES: Readonly<Record<FindingSeverity, Tone>> = { error: 'bad', warning: 'attention', info: 'quiet' };

/** Where the units or jobs that an alert speaks of are seen and let go. */
const STAGE_OF: Readonly<Record<string, ListedStage>> = {
  'files-missing': 'held',
  'files-unreadable': 'held',
  'late-files': 'late',
  'directories-held': 'held',
  'directories-stuck': 'settling',
  'directories-quarantined': 'quarantined',
  'batches-failed': 'failed',
  'batches-held': 'held',
  'batches-quarantined': 'quarantined',
};
const IN_QUEUE: ReadonlySet<string> = new Set([
  'no-worker',
  'worker-gone',
  'queue-unavailable',
  'queue-refuses',
  'queue-slow',
  'queue-paused',
  'actions-failed',
]);

/** Problems that need a person: what, why, since when, and a link to where it is done. */
export function Alerts(props: { readonly own: LiveProblem | null; readonly problems: readonly HealthProblem[] }) {
  const { own, problems } = props;
  return (
    <ul className={styles['alerts']}>
      {own === null ? null : (
        <li>
          <Pill tone="bad">{SEVERITIES.error}</Pill>
          <p>
            <Sentence>{own.message}</Sentence> {own.hint === null ? null : <Sentence>{own.hint}</Sentence>}
          </p>
        </li>
      )}
      {problems.map((problem) => (
        <Alert key={`${problem.code} ${problem.subject} ${problem.message}`} problem={problem} />
      ))}
    </ul>
  );
}

function Alert({ problem: { code, severity, message, since } }: { readonly problem: HealthProblem }) {
  const target = toTarget(code);
  return (
    <li>
      <Pill tone={TONES[severity]}>{ALERTS[code] ?? SEVERITIES[severity]}</Pill>
      <p>
        <Sentence>{message}</Sentence>
        {since === null ? null : (
          <small>
            <Ago iso={since} />
          </small>
        )}
      </p>
      {target === undefined ? null : (
        <Link {...target} className={BUTTON}>
          {NOW.show}
          <span className="visually-hidden">: {ALERTS[code] ?? SEVERITIES[severity]}</span>
        </Link>
      )}
    </li>
  );
}

function toTarget(code: string): LinkProps | undefined {
  const stage = STAGE_OF[code];
  if (stage !== undefined) return { to: '/board', search: { stage } };
  return IN_QUEUE.has(code) ? { to: '/queue' } : undefined;
}
