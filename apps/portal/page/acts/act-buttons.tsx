import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { useMay } from '../api/use-access.ts';
import { Button, BUTTON } from '../ui/button.tsx';
import { ACT, ACTS } from '../words/words.ts';
import { ActDialog, type ActTarget } from './act-dialog.tsx';
import styles from './acts.module.css';
import type { Act } from './allowed.ts';

/** The likeliest act as a button, the others in a menu; each asks why. */
export function ActButtons({ acts, target }: { readonly acts: readonly Act[]; readonly target: ActTarget }) {
  const [act, setAct] = useState<Act>();
  const [said, setSaid] = useState('');
  const [first, ...others] = useMay('operator') ? acts : [];
  return (
    <div className={styles['acts']}>
      {others.length === 0 ? null : (
        <Menu.Root modal={false}>
          <Menu.Trigger className={BUTTON}>{ACT.others}</Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner align="end" sideOffset={6} className={styles['positioner']}>
              <Menu.Popup className={styles['menu']}>
                {others.map((other) => (
                  <Menu.Item key={other} className={styles['item']} onClick={() => setAct(other)}>
                    {ACTS[other][0]}…
                  </Menu.Item>
                ))}
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      )}
      {first === undefined ? null : (
        <Button isPrimary onClick={() => setAct(first)}>
          {ACTS[first][0]}…
        </Button>
      )}
      <ActDialog
        act={act}
        target={target}
        onClose={(done) => {
          if (done !== undefined) setSaid(ACT.done(ACTS[done][0]));
          setAct(undefined);
        }}
      />
      <p role="status" className={styles['said']}>
        {said}
      </p>
    </div>
  );
}
