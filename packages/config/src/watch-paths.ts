import { resolve } from 'node:path';
import { parseMask } from '@sendit/model';
import type { z } from 'zod';
import { isRecord } from './is-record.ts';
import type { Origin } from './origins.ts';
import { type ParsedWatchPath, toEventExpression, watchPathObject } from './schema.ts';

const salvageable = watchPathObject.partial();
type Salvaged = z.output<typeof salvageable>;

/** A watch path of which every field that is right by itself is known; the place in the list keeps its meaning for messages. */
export interface WatchPathDraft extends Omit<Salvaged, 'events' | 'name' | 'folder'> {
  readonly index: number;
  /** As it was written, as an object. */
  readonly entry: unknown;
  /** Absolute. */
  readonly folder: string | undefined;
  readonly events: string;
  readonly mask: number;
  readonly name: string;
  /** The fields that were written out. */
  readonly given: readonly string[];
  /** The path of one field for a message: `watchPaths[0].folder`, in a tuple `watchPaths[0][0]`. */
  pathOf(field: keyof ParsedWatchPath): string;
}

const TUPLE: readonly string[] = ['folder', 'events', 'processor'];

/** Brings tuples and objects into one form, with absolute folders and names. What is wrong is left out; the schema reports it. */
export function toDrafts(watchPaths: unknown, origin: Origin): readonly WatchPathDraft[] {
  const entries: readonly unknown[] = Array.isArray(watchPaths) ? watchPaths : [];
  return entries.map((written, index) => {
    const isTuple = Array.isArray(written);
    const entry: unknown = isTuple ? Object.fromEntries(TUPLE.map((key, at) => [key, written[at]])) : written;
    const fields = salvage(entry);
    const folder = fields.folder === undefined ? undefined : resolve(origin.base, fields.folder);
    const events = fields.events === undefined ? '' : toEventExpression(fields.events);
    const parsed = parseMask(events);
    const name = fields.name ?? (folder === undefined ? '' : toDefaultName(folder));
    return {
      ...fields,
      folder,
      index,
      entry,
      events,
      mask: parsed.kind === 'mask' ? parsed.mask : 0,
      name,
      given: !isTuple && isRecord(entry) ? Object.keys(entry).filter((key) => entry[key] !== undefined) : TUPLE,
      pathOf: (field) => {
        const at = isTuple ? TUPLE.indexOf(field) : -1;
        return at === -1 ? `watchPaths[${index}].${field}` : `watchPaths[${index}][${at}]`;
      },
    };
  });
}

/**
 * The whole path without its first slash: the name is the identity of a root, so it must depend neither on the other watch paths nor
 * on their order, and two folders must never share one. People who want a shorter one give it.
 */
function toDefaultName(folder: string): string {
  return folder === '/' ? '/' : folder.replace(/^\/+/, '');
}

function salvage(entry: unknown): Salvaged {
  if (!isRecord(entry)) return {};
  const right = Object.entries(watchPathObject.shape).filter(([key, schema]) => schema.safeParse(entry[key]).success);
  return salvageable.parse(Object.fromEntries(right.map(([key]) => [key, entry[key]])));
}
