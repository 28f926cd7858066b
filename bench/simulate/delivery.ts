import type { VirtualFolder } from './virtual-folder.ts';

/** How often each kind of sender comes, of all. */
export const BEHAVIOURS = {
  renamed: 18,
  'moved-in': 8,
  steady: 10,
  slow: 8,
  paused: 10,
  'out-of-order': 7,
  'cross-device-copy': 8,
  'rename-first': 3,
  'restarted-resend': 4,
  'two-senders': 6,
  'late-slices': 6,
  aborted: 5,
  'part-files': 4,
  marker: 4,
  manifest: 4,
  count: 3,
  stalled: 3,
  'resend-later': 2,
} as const;

/** Name of a sender's behaviour. */
export type Behaviour = keyof typeof BEHAVIOURS;

/** One study as it lands, known from beginning to end. */
export interface Delivery {
  readonly behaviour: Behaviour;
  readonly folder: VirtualFolder;
  /** The last byte of an image; later ones (of a re-send) are late files. */
  readonly lastByteAt: number;
  /** The last thing the sender did: its last byte, rename or done-file. */
  readonly endedAt: number;
  /** It wrote after it renamed. */
  readonly contractBroken: boolean;
  /** Files change after `endedAt`. */
  readonly hasLateFiles: boolean;
}
