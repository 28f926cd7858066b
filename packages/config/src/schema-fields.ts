import { type AlertChannel, BATCH_EVENTS, CHANNEL_KINDS, HAND_ON_KINDS, type HandOnKind } from '@sendit/model';
import { z } from 'zod';
import { ACTION_OBJECTS } from './action-schema.ts';
import { CHANNEL_OBJECTS } from './alert-schema.ts';
import { expectations } from './field-types.ts';
import { isRecord } from './is-record.ts';
import { configSchema, watchPathObject } from './schema.ts';
import { stepObject } from './step-schema.ts';

/** Fields of a watch path that are lists of actions. */
const LISTS: readonly string[] = ['actions', ...BATCH_EVENTS];

/** One setting as the reference page and the source report list it. */
export interface Field {
  /** `portal.port`; of a watch path without its prefix: `quietMs`. */
  readonly path: string;
  /** Completes "expected …". */
  readonly expected: string;
  readonly description: string;
  /** Undefined where the schema has none. */
  readonly defaultValue: unknown;
  readonly required: boolean;
}

/** Every setting outside the watch paths, groups resolved, in the order of the schema. */
export function listFields(): readonly Field[] {
  return listOf(configSchema);
}

/** Every field of one watch path. */
export function listWatchPathFields(): readonly Field[] {
  return listOf(watchPathObject);
}

/** Every field of one kind of action, but the kind itself. */
export function listActionFields(kind: HandOnKind): readonly Field[] {
  return listOf(ACTION_OBJECTS[kind]).filter(({ path }) => path !== 'kind');
}

/** Every field of one kind of alert channel, but the kind itself. */
export function listChannelFields(kind: AlertChannel['kind']): readonly Field[] {
  return listOf(CHANNEL_OBJECTS[kind]).filter(({ path }) => path !== 'kind');
}

/** Every field of a step of the worker. */
export function listStepFields(): readonly Field[] {
  return listOf(stepObject);
}

/** The keys that the object at a path may have. */
export function listKeys(path: readonly PropertyKey[], value: unknown): readonly string[] {
  if (path[0] === 'watchPaths' && LISTS.some((name) => name === path[2])) {
    const kind = HAND_ON_KINDS.find((known) => isRecord(value) && value['kind'] === known);
    return kind === undefined ? ['kind'] : Object.keys(ACTION_OBJECTS[kind].shape);
  }
  if (path[0] === 'alerts' && path[1] === 'channels') {
    const kind = CHANNEL_KINDS.find((known) => isRecord(value) && value['kind'] === known);
    return kind === undefined ? ['kind'] : Object.keys(CHANNEL_OBJECTS[kind].shape);
  }
  if (path[0] === 'worker' && path[1] === 'steps') return Object.keys(stepObject.shape);
  const isOfWatchPath = path[0] === 'watchPaths';
  const whole: z.core.$ZodType = isOfWatchPath ? watchPathObject : configSchema;
  const object = path.slice(isOfWatchPath ? 2 : 0).reduce<z.core.$ZodType>((schema, part) => {
    const inner = unwrap(schema).schema;
    return inner instanceof z.ZodObject ? (inner.shape[String(part)] ?? inner) : inner;
  }, whole);
  const { schema } = unwrap(object);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((key) => key !== '$schema') : [];
}

function listOf(object: z.ZodObject, prefix = ''): readonly Field[] {
  return Object.entries(object.shape)
    .filter(([key]) => key !== '$schema')
    .flatMap(([key, wrapped]) => {
      const path = `${prefix}${key}`;
      const { schema, defaultValue, optional } = unwrap(wrapped);
      // One that says as a whole what it expects is one setting.
      if (schema instanceof z.ZodObject && !expectations.has(schema)) return listOf(schema, `${path}.`);
      return [
        {
          path,
          expected: expectations.get(schema)?.expected ?? '',
          description: z.globalRegistry.get(wrapped)?.description ?? '',
          defaultValue,
          required: !optional,
        },
      ];
    });
}

interface Unwrapped {
  readonly schema: z.core.$ZodType;
  readonly defaultValue: unknown;
  readonly optional: boolean;
}

function unwrap(schema: z.core.$ZodType, defaultValue?: unknown, optional = false): Unwrapped {
  if (schema instanceof z.ZodOptional) return unwrap(schema.def.innerType, defaultValue, true);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.def.innerType, schema.def.defaultValue, true);
  }
  return { schema, defaultValue, optional };
}
