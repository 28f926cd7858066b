import type { ByteWindow } from './byte-window.ts';
import type { Encoding, ElementHead } from './element.ts';
import type { HeaderLimits } from './header-limits.ts';

/** A walk over one data set; `elementsLeft` counts down, `hasPrivate` is set at the first element of an odd group. */
export interface Walk {
  readonly window: ByteWindow;
  readonly encoding: Encoding;
  readonly limits: HeaderLimits;
  elementsLeft: number;
  hasPrivate: boolean;
}

/** Looks at one top-level element, before its value is known to be there; anything but undefined ends the walk. */
export type Visit = (head: ElementHead) => 'stop' | keyof HeaderLimits | undefined;
