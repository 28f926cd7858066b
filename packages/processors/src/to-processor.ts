import type { Processor } from './processor.ts';
import { toErrorName } from '@sendit/model';

/** A processor, or a sentence that says why the value is not one. */
export type ToProcessorResult =
  | { readonly kind: 'processor'; readonly processor: Processor }
  | { readonly kind: 'problem'; readonly message: string };

/**
 * The processor that a user's module exports: an object with `name` and `handle`, a function that returns one, or a class of which one
 * is made. Call it once per watch path: functions and classes then give each its own state. `specifier` names the module in messages.
 */
export function toProcessor(value: unknown, specifier: string): ToProcessorResult {
  const made = make(value);
  if (made.kind === 'failed') {
    return problem(specifier, `a function that returns a processor, but it threw ${made.error}`);
  }
  const { processor } = made;
  if (isProcessor(processor)) return { kind: 'processor', processor };
  if (processor instanceof Promise) {
    // Nobody will wait for it; its failure must not end the process.
    processor.catch(() => undefined);
    return problem(specifier, 'a processor, got a promise; make the function synchronous');
  }
  return problem(
    specifier,
    `an object with a \`name\` and a \`handle\` function, got ${toDescription(processor)}; use defineProcessor`,
  );
}

type Made =
  | { readonly kind: 'made'; readonly processor: unknown }
  | { readonly kind: 'failed'; readonly error: string };

function make(value: unknown): Made {
  if (typeof value !== 'function') return { kind: 'made', processor: value };
  try {
    const processor: unknown = isClass(value) ? Reflect.construct(value, []) : Reflect.apply(value, undefined, []);
    return { kind: 'made', processor };
  } catch (thrown) {
    return {
      kind: 'failed',
      error: thrown instanceof Error ? `${toErrorName(thrown)}: ${thrown.message}` : String(thrown),
    };
  }
}

function isClass(value: object): boolean {
  const prototype: unknown = Reflect.get(value, 'prototype');
  return typeof prototype === 'object' && prototype !== null && 'handle' in prototype;
}

function isProcessor(value: unknown): value is Processor {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    value.name !== '' &&
    'handle' in value &&
    typeof value.handle === 'function'
  );
}

function problem(specifier: string, expected: string): ToProcessorResult {
  return { kind: 'problem', message: `Expected ${specifier} to export ${expected}` };
}

function toDescription(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an object without keys' : `an object with ${keys.join(', ')}`;
}
