import type { ReactNode } from 'react';
import styles from './field.module.css';

/** A field of a form below its name, with what else is to be known of it. */
export function Field(props: {
  /** Id of the input inside, for its label. */
  readonly id: string;
  readonly label: string;
  readonly hint?: { readonly id: string; readonly words: string };
  readonly children: ReactNode;
}) {
  const { id, label, hint, children } = props;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint === undefined ? null : <small id={hint.id}>{hint.words}</small>}
    </div>
  );
}
