import styles from './choice.module.css';

/** One of a few, side by side. */
export function Choice<T extends string | undefined>(props: {
  readonly label: string;
  readonly options: readonly (readonly [value: T, words: string])[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}) {
  const { label, options, chosen, onChoose } = props;
  return (
    <div role="group" aria-label={label} className={styles['choice']}>
      {options.map(([value, words]) => (
        <button key={words} type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {words}
        </button>
      ))}
    </div>
  );
}
