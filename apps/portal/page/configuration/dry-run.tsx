import type { DryRun } from '@sendit/api';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { api } from '../api/client.ts';
import { Trouble } from '../ui/asked.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/card.tsx';
import { Field } from '../ui/field.tsx';
import { toCountOf, toDuration } from '../words/format.ts';
import { toVisible } from '../words/visible.ts';
import { BOARD, CONFIGURATION, DRY_RUN, NOUNS } from '../words/words.ts';
import styles from './configuration-view.module.css';

/** Batches that are linked to. */
const LINKED = 5;

/** Asks for a quiet time, and says what it would have made of the last week. */
export function DryRunForm({ roots }: { readonly roots: readonly string[] }) {
  const ids = { quiet: useId(), root: useId() };
  const [seconds, setSeconds] = useState('60');
  const [root, setRoot] = useState('');
  const trying = useMutation({
    mutationFn: () => api.dryRun({ quietMs: Math.round(Number(seconds) * 1_000), ...(root === '' ? {} : { root }) }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    trying.mutate();
  };
  return (
    <Section title={DRY_RUN.title}>
      <div className={styles['body']}>
        <p>{DRY_RUN.meaning}</p>
        <form onSubmit={submit} className={styles['form']}>
          <Field id={ids.quiet} label={DRY_RUN.quiet}>
            <input
              id={ids.quiet}
              type="number"
              min={0}
              max={86_400}
              step="any"
              required
              value={seconds}
              onChange={({ target }) => setSeconds(target.value)}
            />
          </Field>
          <Field id={ids.root} label={CONFIGURATION.watchPath}>
            <select id={ids.root} value={root} onChange={({ target }) => setRoot(target.value)}>
              <option value="">{BOARD.allPaths}</option>
              {roots.map((name) => (
                <option key={name} value={name}>
                  {toVisible(name)}
                </option>
              ))}
            </select>
          </Field>
          <Button type="submit" disabled={trying.isPending}>
            {DRY_RUN.go}
          </Button>
        </form>
        {trying.error === null ? null : (
          <p role="alert" className={styles['trouble']}>
            <Trouble error={trying.error} />
          </p>
        )}
        <div role="status">{trying.data === undefined ? null : <Outcome run={trying.data} />}</div>
      </div>
    </Section>
  );
}

function Outcome({ run }: { readonly run: DryRun }) {
  const { considered, earlier, joined, later, otherProof, split, unknown } = run;
  const of = (count: number): string => toCountOf(count, NOUNS.batch);
  return (
    <ul className={styles['said']}>
      <li>{DRY_RUN.considered(of(considered))}</li>
      <li>{DRY_RUN.later(of(later.count), toDuration(later.medianMs), toDuration(later.mostMs))}</li>
      <li>{DRY_RUN.earlier(of(earlier.count), toDuration(earlier.medianMs))}</li>
      <li>
        {DRY_RUN.split(of(split.count))}
        <Batches ids={split.batches.map(({ batchId }) => batchId)} />
      </li>
      <li>
        {DRY_RUN.joined(of(joined.count))}
        <Batches ids={joined.batches} />
      </li>
      <li>{DRY_RUN.otherProof(of(otherProof))}</li>
      {unknown === 0 ? null : <li>{DRY_RUN.unknown(of(unknown))}</li>}
    </ul>
  );
}

function Batches({ ids }: { readonly ids: readonly string[] }) {
  return ids.slice(0, LINKED).map((id) => (
    <span key={id}>
      {' '}
      <Link to="/batch/$id" params={{ id }}>
        #{id}
      </Link>
    </span>
  ));
}
