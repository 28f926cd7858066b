import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import styles from './dialog.module.css';

/** A modal question; Escape, a click beside it and its own buttons close it. */
export function DialogFrame(props: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { isOpen, onClose, children } = props;
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['dialog']}>{children}</Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
