import { type ReactNode, useId } from 'react';
import styles from './card.module.css';

/** A titled part of a view on a sheet of its own. */
export function Section(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly isBare?: boolean;
}) {
  const { title, aside, children, isBare = false } = props;
  const id = useId();
  return (
    <section className={styles['section']} aria-labelledby={id}>
      <div className={styles['head']}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {isBare ? children : <div className={styles['card']}>{children}</div>}
    </section>
  );
}

/** Text for an empty view. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <div className={styles['empty']}>{children}</div>;
}
