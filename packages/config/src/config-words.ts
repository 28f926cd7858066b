import type { EventName } from '@sendit/model';

/** Names of events that an editor offers; `|` joins several. */
export type EventsText = EventName | 'IN_ALL_EVENTS' | (string & {});

/** Built-in processors that an editor offers; or a module of the user's. */
export type ProcessorText =
  | 'DicomQueue'
  | 'AllEventsPrinter'
  | 'AllEventsSignaler'
  | 'CreateSignaler'
  | 'CreateViaChunksSignaler'
  | `${string}#${string}`
  | (string & {});

/** Profiles that an editor offers; or a module with rules of the user's own. */
export type ProfileText = 'legacy' | 'safe' | 'strict' | `${string}#${string}` | `./${string}` | `/${string}`;
