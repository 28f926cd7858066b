import { Dialog } from '@base-ui/react/dialog';
import { useId } from 'react';
import { Trouble } from '../ui/asked.tsx';
import { Button, BUTTON } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { ACT } from '../words/words.ts';
import styles from './acts.module.css';

interface TextProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asks for the reason of an act. */
export function ReasonField({ value, onChange }: TextProps) {
  const [id, hint] = [useId(), useId()];
  return (
    <Field id={id} label={ACT.reason} hint={{ id: hint, words: ACT.reasonHint }}>
      <textarea
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        required
        maxLength={2000}
        rows={3}
        aria-describedby={hint}
      />
    </Field>
  );
}

/** Asks for the name of the person who acts. */
export function WhoField({ value, onChange }: TextProps) {
  const id = useId();
  return (
    <Field id={id} label={ACT.by}>
      <input
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        required
        maxLength={256}
        autoComplete="username"
      />
    </Field>
  );
}

/** Failure of an act, if any, and the buttons that cancel it and do it. */
export function ActFooter({
  doing: { error, isPending },
  label,
}: {
  readonly doing: { readonly error: Error | null; readonly isPending: boolean };
  readonly label: string;
}) {
  return (
    <>
      {error === null ? null : (
        <p role="alert" className={styles['trouble']}>
          <Trouble error={error} />
        </p>
      )}
      <div className={styles['buttons']}>
        <Dialog.Close className={BUTTON}>{ACT.cancel}</Dialog.Close>
        <Button isPrimary type="submit" disabled={isPending}>
          {label}
        </Button>
      </div>
    </>
  );
}
