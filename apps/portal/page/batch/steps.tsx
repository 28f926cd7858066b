import styles from './steps.module.css';

/** One step of a way. */
export interface Step {
  readonly name: string;
  readonly state: 'done' | 'now' | 'failed' | 'none';
  readonly words: string;
  readonly title?: string;
}

/** Steps in their order, those behind in colour. */
export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <ol className={styles['steps']}>
      {steps.map(({ name, state, words, title }) => (
        <li key={name} data-state={state} title={title}>
          <b>{name}</b>
          <span>{words}</span>
        </li>
      ))}
    </ol>
  );
}
