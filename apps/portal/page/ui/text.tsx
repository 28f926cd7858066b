import { toVisible } from '../words/visible.ts';

/** A name from disk or a header: hostile input, shown as text with what would hide or reorder written out. */
export function Name({ children, className }: { readonly children: string; readonly className?: string | undefined }) {
  return <bdi className={className}>{toVisible(children)}</bdi>;
}

/** A UID; a long one is shortened in the middle, and its tooltip has the whole. */
export function Uid({ children, className }: { readonly children: string; readonly className?: string | undefined }) {
  const uid = toVisible(children);
  if (uid.length <= LONGEST_UID) return <bdi className={className}>{uid}</bdi>;
  return (
    <bdi className={className} title={uid}>
      {uid.slice(0, UID_HEAD)}…{uid.slice(-UID_TAIL)}
    </bdi>
  );
}

const LONGEST_UID = 16;
const [UID_HEAD, UID_TAIL] = [9, 6];

/** A sentence of sendit, `commands` in it set as code; names in it are as hostile as {@link Name}s. */
export function Sentence({ children }: { readonly children: string }) {
  const parts = toVisible(children).split('`');
  if (parts.length % 2 === 0) return <>{toVisible(children)}</>;
  return <>{parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>;
}
