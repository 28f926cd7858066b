import { Dialog } from '@base-ui/react/dialog';
import type { QueuePause } from '@sendit/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useWho } from '../acts/use-who.ts';
import acts from '../acts/acts.module.css';
import { api } from '../api/client.ts';
import { useMay } from '../api/use-access.ts';
import { Trouble } from '../ui/asked.tsx';
import { Button, BUTTON } from '../ui/button.tsx';
import { DialogFrame } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { ACT, PAUSE } from '../words/words.ts';

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
  const ids = { by: useId(), reason: useId(), hint: useId() };
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
      <Field id={ids.reason} label={ACT.reason} hint={{ id: ids.hint, words: ACT.reasonHint }}>
        <textarea
          id={ids.reason}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          required
          maxLength={2000}
          rows={3}
          aria-describedby={ids.hint}
        />
      </Field>
      {isKnown ? null : (
        <Field id={ids.by} label={ACT.by}>
          <input
            id={ids.by}
            value={by}
            onChange={(event) => setBy(event.target.value)}
            required
            maxLength={256}
            autoComplete="username"
          />
        </Field>
      )}
      {doing.error === null ? null : (
        <p role="alert" className={acts['trouble']}>
          <Trouble error={doing.error} />
        </p>
      )}
      <div className={acts['buttons']}>
        <Dialog.Close className={BUTTON}>{ACT.cancel}</Dialog.Close>
        <Button isPrimary type="submit" disabled={doing.isPending}>
          {words.label}
        </Button>
      </div>
    </form>
  );
}
