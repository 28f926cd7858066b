import { Dialog } from '@base-ui/react/dialog';
import type { RetryQuery } from '@sendit/api';
import { type RootStatus, toRootLabels } from '@sendit/model';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useWho } from '../acts/use-who.ts';
import { api } from '../api/client.ts';
import { useMay } from '../api/use-access.ts';
import { Trouble } from '../ui/asked.tsx';
import { Button, BUTTON } from '../ui/button.tsx';
import { DialogFrame } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { toCount } from '../words/format.ts';
import { toVisible } from '../words/visible.ts';
import { ACT, BOARD, BULK, STATUSES } from '../words/words.ts';
import styles from './bulk-retry.module.css';

const OFFERED = ['ERROR', 'QUARANTINED', 'HELD', 'EMPTY'] as const;
const PAGE = 500;

/** Queues many batches again, by state and watch path: first a look at how many, then the act. */
export function BulkRetry({ roots }: { readonly roots: readonly RootStatus[] }) {
  const [isOpen, setOpen] = useState(false);
  if (!useMay('operator')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{BULK.open}</Button>
      <DialogFrame isOpen={isOpen} onClose={() => setOpen(false)}>
        <BulkForm roots={roots} />
      </DialogFrame>
    </>
  );
}

type Chosen = Pick<RetryQuery, 'statuses' | 'root'>;

function BulkForm({ roots }: { readonly roots: readonly RootStatus[] }) {
  const queries = useQueryClient();
  const rootId = useId();
  const [who, setWho, isKnown] = useWho();
  const [chosen, setChosen] = useState<Chosen>({ statuses: ['ERROR'] });
  const [soFar, setSoFar] = useState(0);
  const looking = useMutation({ mutationFn: () => retryAll({ ...chosen, dryRun: true }, () => undefined) });
  const doing = useMutation({
    mutationFn: () => retryAll({ ...chosen, dryRun: false, by: who.trim() }, setSoFar),
    onSuccess: () => queries.invalidateQueries(),
  });
  const choose = (next: Chosen): void => {
    looking.reset();
    doing.reset();
    setChosen(next);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (looking.data === undefined) looking.mutate();
    else doing.mutate();
  };
  const labels = toRootLabels(roots);
  return (
    <form onSubmit={submit} className={styles['form']}>
      <Dialog.Title>{BULK.title}</Dialog.Title>
      <Dialog.Description>{BULK.meaning}</Dialog.Description>
      <fieldset>
        <legend>{BULK.states}</legend>
        {OFFERED.map((status) => (
          <label key={status}>
            <input
              type="checkbox"
              checked={chosen.statuses.includes(status)}
              onChange={({ target }) =>
                choose({ ...chosen, statuses: toggle(chosen.statuses, status, target.checked) })
              }
            />
            {STATUSES[status]}
          </label>
        ))}
      </fieldset>
      <Field id={rootId} label={BULK.root}>
        <select id={rootId} value={chosen.root ?? ''} onChange={({ target }) => choose(withRoot(chosen, target.value))}>
          <option value="">{BOARD.allPaths}</option>
          {roots.map(({ name }) => (
            <option key={name} value={name}>
              {toVisible(labels.get(name) ?? name)}
            </option>
          ))}
        </select>
      </Field>
      {isKnown ? null : <WhoField who={who} onWho={setWho} />}
      <p role="status" className={styles['told']}>
        {toTold({ found: looking.data, done: doing.data, soFar: doing.isPending ? soFar : undefined })}
      </p>
      {[looking.error, doing.error].map((error) =>
        error === null ? null : (
          <p key={error.message} role="alert" className={styles['trouble']}>
            <Trouble error={error} />
          </p>
        ),
      )}
      <div className={styles['buttons']}>
        <Dialog.Close className={BUTTON}>{ACT.close}</Dialog.Close>
        <Button
          type="submit"
          isPrimary
          disabled={
            chosen.statuses.length === 0 ||
            looking.isPending ||
            doing.isPending ||
            looking.data === 0 ||
            doing.isSuccess
          }
        >
          {looking.data === undefined ? BULK.look : BULK.go(toCount(looking.data))}
        </Button>
      </div>
    </form>
  );
}

function WhoField({ who, onWho }: { readonly who: string; readonly onWho: (who: string) => void }) {
  const id = useId();
  return (
    <Field id={id} label={ACT.by}>
      <input
        id={id}
        value={who}
        onChange={({ target }) => onWho(target.value)}
        required
        maxLength={256}
        autoComplete="username"
      />
    </Field>
  );
}

function toTold(state: {
  readonly found: number | undefined;
  readonly done: number | undefined;
  readonly soFar: number | undefined;
}): string {
  const { found, done, soFar } = state;
  if (done !== undefined) return BULK.done(toCount(done));
  if (soFar !== undefined) return BULK.going(toCount(soFar));
  if (found === undefined) return '';
  return found === 0 ? BULK.none : BULK.found(toCount(found));
}

/** Page by page: each is one transaction, and a batch that is queued is not found again. */
async function retryAll(query: Omit<RetryQuery, 'limit' | 'after'>, tell: (count: number) => void): Promise<number> {
  let count = 0;
  for (let after: string | null | undefined; after !== null; ) {
    const page = await api.retryBatches({ ...query, limit: PAGE, after });
    count += page.batchIds.length;
    tell(count);
    after = page.next;
  }
  return count;
}

function toggle(statuses: Chosen['statuses'], status: Chosen['statuses'][number], isOn: boolean): Chosen['statuses'] {
  return isOn ? [...statuses, status] : statuses.filter((one) => one !== status);
}

function withRoot({ statuses }: Chosen, root: string): Chosen {
  return root === '' ? { statuses } : { statuses, root };
}
