import { toCount } from '../words/format.ts';
import { UNITS } from '../words/words.ts';
import styles from './figures.module.css';

/** A number with its name. */
export interface Figure {
  readonly name: string;
  /** Null where nobody can be asked. */
  readonly count: number | null;
  /** Any is one too many. */
  readonly isBad?: boolean;
}

/** Large numbers side by side. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl className={styles['figures']}>
      {figures.map(({ name, count, isBad = false }) => (
        <div key={name} data-bad={isBad && count !== null && count > 0}>
          <dt>{name}</dt>
          <dd data-zero={count === 0}>{count === null ? UNITS.unknown : toCount(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
