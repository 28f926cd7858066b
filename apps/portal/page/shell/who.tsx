import { signOut } from '../api/session.ts';
import { useSession } from '../api/use-access.ts';
import { Button } from '../ui/button.tsx';
import { Name } from '../ui/text.tsx';
import { SIGN_IN } from '../words/words.ts';
import styles from './who.module.css';

/** Who is signed in with an account, and the way out. */
export function Who() {
  const who = useSession()?.who;
  if (who?.kind !== 'account') return null;
  return (
    <p className={styles['who']}>
      <span>
        <Name>{who.name ?? ''}</Name> <small>{SIGN_IN.roles[who.role]}</small>
      </span>
      <Button onClick={() => void signOut().then(() => location.reload())}>{SIGN_IN.out}</Button>
    </p>
  );
}
