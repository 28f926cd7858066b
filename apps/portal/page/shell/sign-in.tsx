import { Section } from '../ui/card.tsx';
import { SIGN_IN } from '../words/words.ts';
import styles from './sign-in.module.css';

/** How one comes to see more than health and counts. */
export function SignIn() {
  return (
    <Section title={SIGN_IN.title}>
      <div className={styles['how']}>
        <p>{SIGN_IN.why}</p>
        <p>
          {SIGN_IN.how} <code>{SIGN_IN.command}</code>
        </p>
      </div>
    </Section>
  );
}
