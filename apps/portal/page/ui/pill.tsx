import { type Stage, type Tone, TONES } from '../units/stage.ts';
import { STAGES } from '../words/words.ts';
import styles from './pill.module.css';

/** A word of state in its colour. */
export function Pill({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <span className={styles['pill']} data-tone={tone}>
      {children}
    </span>
  );
}

/** The stage of a unit. */
export function StagePill({ stage }: { readonly stage: Stage }) {
  return <Pill tone={TONES[stage]}>{STAGES[stage]}</Pill>;
}
