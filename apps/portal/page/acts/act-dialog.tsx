import { Dialog } from '@base-ui/react/dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client.ts';
import { DialogFrame } from '../ui/dialog.tsx';
import { toVisible } from '../words/visible.ts';
import { ACT, ACTS } from '../words/words.ts';
import { ActFooter, ReasonField, WhoField } from './act-fields.tsx';
import styles from './acts.module.css';
import type { Act } from './allowed.ts';
import { useWho } from './use-who.ts';

/** The target of an act. */
export interface ActTarget {
  /** As the API names it: `id:17`, or the path of what is not sealed. */
  readonly ref: string;
  /** Id of a batch. */
  readonly batchId?: string;
  readonly name: string;
}

/** Asks who and why, and does it. `onClose` gets the act where it was done. */
export function ActDialog(props: {
  readonly act: Act | undefined;
  readonly target: ActTarget;
  readonly onClose: (done?: Act) => void;
}) {
  const { act, target, onClose } = props;
  return (
    <DialogFrame isOpen={act !== undefined} onClose={() => onClose()}>
      {act === undefined ? null : <ActForm act={act} target={target} onDone={() => onClose(act)} />}
    </DialogFrame>
  );
}

function ActForm({
  act,
  target,
  onDone,
}: {
  readonly act: Act;
  readonly target: ActTarget;
  readonly onDone: () => void;
}) {
  const [label, meaning] = ACTS[act];
  const queries = useQueryClient();
  const [by, setBy, isKnown] = useWho();
  const [reason, setReason] = useState('');
  const doing = useMutation({
    mutationFn: () => perform(act, target, { by: by.trim(), reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    doing.mutate();
  };
  return (
    <form onSubmit={submit} className={styles['form']}>
      <Dialog.Title>{ACT.title(label, toVisible(target.name))}</Dialog.Title>
      <Dialog.Description>{meaning}</Dialog.Description>
      {act === 'retry' || act === 'actions' ? null : <ReasonField value={reason} onChange={setReason} />}
      {act === 'actions' || isKnown ? null : <WhoField value={by} onChange={setBy} />}
      <ActFooter doing={doing} label={label} />
    </form>
  );
}

async function perform(
  act: Act,
  target: ActTarget,
  words: { readonly by: string; readonly reason: string },
): Promise<void> {
  if (act === 'retry') await api.retryBatch({ id: target.batchId ?? '', by: words.by });
  else if (act === 'actions') await api.retryActions({ batch: target.ref });
  else await api.decide({ ref: target.ref, decision: act, ...words });
}
