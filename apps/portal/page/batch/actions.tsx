import type { ActionSummary } from '@sendit/api';
import type { ActionState, BatchStatus } from '@sendit/model';
import { Empty, Section } from '../ui/card.tsx';
import { Pill } from '../ui/pill.tsx';
import type { Tone } from '../units/stage.ts';
import { Name, Sentence } from '../ui/text.tsx';
import { toCountOf, toDuration } from '../words/format.ts';
import { ACTION_STATES, NOUNS, UNIT } from '../words/words.ts';
import styles from './actions.module.css';

const ACTION_TONES: Readonly<Record<ActionState, Tone>> = {
  pending: 'quiet',
  running: 'busy',
  done: 'well',
  failed: 'bad',
};

/** Actions on a batch after its import, in order. */
export function Actions({
  actions,
  status,
}: {
  readonly actions: readonly ActionSummary[];
  readonly status: BatchStatus;
}) {
  if (actions.length === 0) {
    const isOpen = status === 'NEW' || status === 'QUEUE' || status === 'PROCESSING';
    return (
      <Section title={UNIT.actions} isBare>
        <Empty>{isOpen ? UNIT.noneYet : UNIT.noActions}</Empty>
      </Section>
    );
  }
  return (
    <Section title={UNIT.actions}>
      <ol className={styles['actions']}>
        {actions.map((action) => (
          <li key={action.id}>
            <div>
              <Name>{action.name}</Name>
              {action.reason === null ? null : (
                <small>
                  <Sentence>{action.reason}</Sentence>
                </small>
              )}
              {action.attempts > 1 ? <small>{toCountOf(action.attempts, NOUNS.attempt)}</small> : null}
            </div>
            <Pill tone={ACTION_TONES[action.state]}>{ACTION_STATES[action.state]}</Pill>
            <span>{toTook(action)}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function toTook({ startedAt, finishedAt }: ActionSummary): string {
  if (startedAt === null || finishedAt === null) return '';
  return toDuration(Date.parse(finishedAt) - Date.parse(startedAt));
}
