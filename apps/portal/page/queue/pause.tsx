import { Dialog } from '@base-ui/react/dialog';
import type { QueuePause } from '@sendit/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActFooter, ReasonField, WhoField } from '../acts/act-fields.tsx';
import { useWho } from '../acts/use-who.ts';
import acts from '../acts/acts.module.css';
import { api } from '../api/client.ts';
import { useMay } from '../api/use-access.ts';
import { Button } from '../ui/button.tsx';
import { DialogFrame } from '../ui/dialog.tsx';
import { PAUSE } from '../words/words.ts';

/** Pauses the imports, or lets them go on; asks who and why. */
export function Pause({ paused }: { readonly paused: QueuePause | null }) {
  const [isOpen, setOpen] = useState(false);
  const words = paused === null ? PAUSE.pause : PAUSE.resume;
  if (!useMay('operator')) return null;
  return (
    <>
      <Button isPrimary={paused !== null} onClick={() => setOpen(true)}>
        {words.label}…
      </Button>
      <DialogFrame isOpen={isOpen} onClose={() => setOpen(false)}>
        <PauseForm isPaused={paused !== null} onDone={() => setOpen(false)} />
      </DialogFrame>
    </>
  );
}

function PauseForm({ isPaused, onDone }: { readonly isPaused: boolean; readonly onDone: () => void }) {
  const words = isPaused ? PAUSE.resume : PAUSE.pause;
  const queries = useQueryClient();
  const [by, setBy, isKnown] = useWho();
  const [reason, setReason] = useState('');
  const doing = useMutation({
    mutationFn: () => {
      const asked = { by: by.trim(), reason: reason.trim() };
      return isPaused ? api.resumeQueue(asked) : api.pauseQueue(asked);
    },
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
    <form onSubmit={submit} className={acts['form']}>
      <Dialog.Title>{words.label}</Dialog.Title>
      <Dialog.Description>{words.meaning}</Dialog.Description>
      <ReasonField value={reason} onChange={setReason} />
      {isKnown ? null : <WhoField value={by} onChange={setBy} />}
      <ActFooter doing={doing} label={words.label} />
    </form>
  );
}
