import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { signIn } from '../api/session.ts';
import { useSession } from '../api/use-access.ts';
import { Trouble } from '../ui/asked.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/card.tsx';
import { Field } from '../ui/field.tsx';
import { SIGN_IN } from '../words/words.ts';
import styles from './sign-in.module.css';

/** How one comes to see more than health and counts. */
export function SignIn() {
  const session = useSession();
  return (
    <Section title={SIGN_IN.title}>
      <div className={styles['how']}>
        <p>{SIGN_IN.why}</p>
        {session?.ways.password === true ? <PasswordForm /> : null}
        <p>
          {SIGN_IN.how} <code>{SIGN_IN.command}</code>
        </p>
      </div>
    </Section>
  );
}

function PasswordForm() {
  const queries = useQueryClient();
  const ids = { name: useId(), password: useId() };
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signing = useMutation({
    mutationFn: () => signIn(name, password),
    // The feed of before has no names: a page that begins anew has all of them.
    onSuccess: () => location.reload(),
    onError: () => {
      setPassword('');
      return queries.invalidateQueries({ queryKey: ['access'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signing.mutate();
  };
  return (
    <form onSubmit={submit} className={styles['form']}>
      <Field id={ids.name} label={SIGN_IN.name}>
        <input
          id={ids.name}
          value={name}
          onChange={({ target }) => setName(target.value)}
          required
          maxLength={64}
          autoComplete="username"
        />
      </Field>
      <Field id={ids.password} label={SIGN_IN.password}>
        <input
          id={ids.password}
          type="password"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          required
          maxLength={256}
          autoComplete="current-password"
        />
      </Field>
      {signing.error === null ? null : (
        <p role="alert">
          <Trouble error={signing.error} />
        </p>
      )}
      <Button isPrimary type="submit" disabled={signing.isPending}>
        {SIGN_IN.submit}
      </Button>
    </form>
  );
}
