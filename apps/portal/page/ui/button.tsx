import type { ComponentProps } from 'react';
import styles from './button.module.css';

/** A button; `isPrimary` for the one act of its place. */
export function Button({ isPrimary = false, ...props }: ComponentProps<'button'> & { readonly isPrimary?: boolean }) {
  return <button type="button" {...props} className={isPrimary ? styles['primary'] : styles['button']} />;
}

/** The look of a button for what is a link, or another library's button. */
export const BUTTON = styles['button'] ?? '';
