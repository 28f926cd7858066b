import { redactUrl } from '@sendit/model';
import type { z } from 'zod';
import { isRecord } from './is-record.ts';
import type { Origins } from './origins.ts';
import type { Problem } from './problem.ts';
import { listKeys } from './schema-fields.ts';
import { toSuggestion } from './suggest.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Every issue of the schema in words: `expected …, got … (did you mean …?)`. */
export function toSchemaProblems(error: z.ZodError, raw: unknown, origins: Origins): readonly Problem[] {
  return error.issues.flatMap((issue) => flatten(issue, [], raw)).flatMap((issue) => toProblems(issue, raw, origins));
}

/** A watch path is a tuple or an object: of the two readings only the issues of the intended one help. */
function flatten(issue: Issue, base: Path, raw: unknown): readonly Issue[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'invalid_union' && path.length === 2 && path[0] === 'watchPaths') {
    const value = valueAt(raw, path);
    const reading = issue.errors[Array.isArray(value) ? 0 : 1];
    if (typeof value === 'object' && value !== null && reading !== undefined) {
      return reading.flatMap((inner) => flatten(inner, path, raw));
    }
    return [{ ...issue, path, message: '[folder, events, processor], or an object with folder, events and processor' }];
  }
  if (issue.code === 'invalid_union' && path.length === 3 && path[0] === 'worker' && path[1] === 'steps') {
    const asObject = isRecord(valueAt(raw, path)) ? issue.errors[1] : undefined;
    if (asObject !== undefined) return asObject.flatMap((inner) => flatten(inner, path, raw));
  }
  return [{ ...issue, path }];
}

function toProblems(issue: Issue, raw: unknown, origins: Origins): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = listKeys(issue.path, valueAt(raw, issue.path));
    return issue.keys.map((key) => ({
      path: toPathText([...issue.path, key]),
      message: `unknown setting${toSuggestion(key, known)}; expected one of ${known.join(', ')}`,
      source: origins.of(toPathText([...issue.path, key])).source,
    }));
  }
  const path = toPathText(issue.path);
  const value = valueAt(raw, issue.path);
  return [
    {
      path,
      message: `expected ${issue.message}, got ${toGot(value, path)}${suggestion(issue, value)}`,
      source: origins.of(path).source,
    },
  ];
}

function suggestion(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    return toSuggestion(
      value,
      issue.values.filter((known) => typeof known === 'string'),
    );
  }
  if (issue.code === 'custom' && Array.isArray(issue.params?.['unknown'])) {
    const unknown: readonly unknown[] = issue.params['unknown'];
    const known: readonly string[] = issue.params['known'];
    return unknown.map((word) => toSuggestion(String(word), known)).find((words) => words !== '') ?? '';
  }
  return '';
}

/** `watchPaths[1].events`. */
function toPathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    raw,
  );
}

/** A value as a message shows it; URLs without their passwords, long ones cut. */
function toGot(value: unknown, path: string): string {
  if (value === undefined || value === null || value === '') return value === '' ? 'an empty string' : 'nothing';
  if (/secret$/i.test(path)) return typeof value === 'string' ? `one of ${value.length}` : 'something else';
  if (/url$/i.test(path)) return toGotUrl(value);
  if (typeof value === 'string') return cut(JSON.stringify(/:\/\/|@/.test(value) ? redactUrl(value) : value));
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
  return `a ${typeof value}`;
}

/** Only a scheme that is known as one: whatever else stands there may be a secret. */
function toGotUrl(value: unknown): string {
  const known = /^(?:postgres|postgresql|redis|rediss|http|https|mysql|mariadb|mongodb|amqp|valkey):\/\//i;
  const scheme = typeof value === 'string' ? known.exec(value)?.[0] : undefined;
  return scheme === undefined ? 'something without such a beginning' : `one that begins with ${scheme}`;
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
