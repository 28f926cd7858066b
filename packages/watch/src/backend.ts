import { EVENT_NAMES, type EventName } from '@sendit/model';

/** The backends, best first. */
export const BACKEND_NAMES = ['inotify', 'chokidar', 'polling'] as const;

/** One word of {@link BACKEND_NAMES}. */
export type BackendName = (typeof BACKEND_NAMES)[number];

export interface Capabilities {
  readonly events: ReadonlySet<EventName>;
  /** Entries whose names are not UTF-8 are reported, with their bytes in `rawName`. */
  readonly rawNames: boolean;
}

/**
 * Events that each backend can deliver; others never arrive from it, whatever the mask.
 *
 * A backend without moves reports a rename as IN_DELETE of the old name and IN_CREATE of the new one. Its IN_CREATE
 * does not distinguish a finished directory that was renamed from one just begun: weaker evidence than IN_MOVED_TO.
 * chokidar's IN_MODIFY means content or attributes. Its IN_Q_OVERFLOW, like the kernel's, means that events may be
 * missing.
 */
export const CAPABILITIES: Readonly<Record<BackendName, Capabilities>> = {
  inotify: { events: new Set(EVENT_NAMES), rawNames: true },
  chokidar: {
    events: new Set<EventName>(['IN_CREATE', 'IN_MODIFY', 'IN_DELETE', 'IN_Q_OVERFLOW', 'IN_IGNORED']),
    rawNames: false,
  },
  polling: { events: new Set<EventName>(['IN_CREATE', 'IN_DELETE', 'IN_IGNORED']), rawNames: true },
};
