import { toVisible } from '../words/visible.ts';

/** A name from disk or a header: hostile input, shown as text with what would hide or reorder written out. */
export function Name({ children, className }: { readonly children: string; readonly className?: string | undefined }) {
  return <bdi className={className}>{toVisible(children)}</bdi>;
}

/** A sentence of sendit, `commands` in it set as code; names in it are as hostile as {@link Name}s. */
export function Sentence({ children }: { readonly children: string }) {
  const parts = toVisible(children).split('`');
  if (parts.length % 2 === 0) return <>{toVisible(children)}</>;
  // biome-ignore lint: the parts of one text have no names
  return <>{parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part))}</>;
}
