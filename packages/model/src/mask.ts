/** inotify event bits by name, as in `<sys/inotify.h>` (inotify(7)) and pyinotify. */
export const IN = {
  IN_ACCESS: 0x1,
  IN_MODIFY: 0x2,
  IN_ATTRIB: 0x4,
  IN_CLOSE_WRITE: 0x8,
  IN_CLOSE_NOWRITE: 0x10,
  IN_OPEN: 0x20,
  IN_MOVED_FROM: 0x40,
  IN_MOVED_TO: 0x80,
  IN_CREATE: 0x100,
  IN_DELETE: 0x200,
  IN_DELETE_SELF: 0x400,
  IN_MOVE_SELF: 0x800,
  IN_UNMOUNT: 0x2000,
  IN_Q_OVERFLOW: 0x4000,
  IN_IGNORED: 0x8000,
} as const;

/** Name of one inotify event type. */
export type EventName = keyof typeof IN;

/** Every event name, in bit order. */
export const EVENT_NAMES = Object.keys(IN) as readonly EventName[];

/** The event concerns a directory; combined with one event bit in `mask`. */
export const IN_ISDIR = 0x4000_0000;

/** All event types that a watch can select (pyinotify's `ALL_EVENTS`). */
export const IN_ALL_EVENTS = 0xfff;

const SELECTABLE: Readonly<Record<string, number>> = {
  ...Object.fromEntries(EVENT_NAMES.filter((name) => IN[name] <= IN_ALL_EVENTS).map((name) => [name, IN[name]])),
  IN_CLOSE: IN.IN_CLOSE_WRITE | IN.IN_CLOSE_NOWRITE,
  IN_MOVE: IN.IN_MOVED_FROM | IN.IN_MOVED_TO,
  IN_ALL_EVENTS,
};

/** Names that a mask expression may use, for messages and the configuration schema. */
export const MASK_NAMES: readonly string[] = Object.keys(SELECTABLE);

/** Result of {@link parseMask}: the mask, or the words that are not event names. */
export type ParsedMask =
  | { readonly kind: 'mask'; readonly mask: number }
  | { readonly kind: 'unknown'; readonly names: readonly string[] };

/** Parses `IN_CREATE | IN_MOVED_TO` into a mask; an empty expression is unknown. */
export function parseMask(expression: string): ParsedMask {
  const words = expression.split('|').map((word) => word.trim());
  const unknown = words.filter((word) => !Object.hasOwn(SELECTABLE, word));
  if (unknown.length > 0) return { kind: 'unknown', names: unknown };
  return { kind: 'mask', mask: words.reduce((mask, word) => mask | (SELECTABLE[word] ?? 0), 0) };
}

/** The single event name in a reported mask, flags left aside; undefined when none is set. */
export function toEventName(mask: number): EventName | undefined {
  return EVENT_NAMES.find((name) => (mask & IN[name]) !== 0);
}

/** pyinotify's `maskname`: `IN_CREATE`, or `IN_CREATE|IN_ISDIR` for a directory; several bits are joined by `|`. */
export function toMaskname(mask: number): string {
  // A handful of masks make up nearly all events.
  const known = MASKNAMES.get(mask);
  if (known !== undefined) return known;
  const names: string[] = EVENT_NAMES.filter((name) => (mask & IN[name]) !== 0);
  if ((mask & IN_ISDIR) !== 0) names.push('IN_ISDIR');
  const maskname = names.join('|');
  if (MASKNAMES.size < MAX_MASKNAMES) MASKNAMES.set(mask, maskname);
  return maskname;
}

const MAX_MASKNAMES = 256;
const MASKNAMES = new Map<number, string>();
