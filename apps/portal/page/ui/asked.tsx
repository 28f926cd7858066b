import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { SenditError } from '@sendit/model';
import { SHELL } from '../words/words.ts';
import styles from './asked.module.css';
import { Button } from './button.tsx';
import { Sentence } from './text.tsx';

/**
 * The answer of a query, once it is there; until then a loading note, or the error. The last answer stays while the
 * query runs again.
 */
export function Asked<T>(props: {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending' | 'refetch'>;
  /** The view's own heading stands in what is asked for: until then there is another. */
  readonly isView?: boolean;
  readonly children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = props.query;
  if (data !== undefined) return props.children(data);
  const heading = props.isView === true ? <h1 className="visually-hidden">{SHELL.loading}</h1> : null;
  if (error === null) {
    return (
      <>
        {heading}
        <p className={styles['loading']}>{SHELL.loading}</p>
      </>
    );
  }
  return (
    <div className={styles['failed']} role="alert">
      {heading}
      <p>
        <Trouble error={error} />
      </p>
      <Button onClick={() => void refetch()}>{SHELL.again}</Button>
    </div>
  );
}

/** An error in the API's own words, with what to do. */
export function Trouble({ error }: { readonly error: Error }) {
  if (!(error instanceof SenditError)) return SHELL.failed;
  return (
    <>
      <Sentence>{error.message}</Sentence> {error.hint === undefined ? null : <Sentence>{error.hint}</Sentence>}
    </>
  );
}
