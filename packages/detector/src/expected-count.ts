import type { ExpectedCount } from './facts.ts';

/** Reads how many instances there will be: a number alone, or JSON `{"instances": 120}`. Undefined where a text says nothing of it. */
export function parseExpectedCount(text: string, source: ExpectedCount['source']): ExpectedCount | undefined {
  const number = /^\s*(?<number>\d{1,9})\s*$/.exec(text)?.groups?.['number'];
  const instances = number === undefined ? toInstances(text) : Number(number);
  return typeof instances === 'number' && Number.isSafeInteger(instances) && instances >= 0
    ? { instances, source }
    : undefined;
}

function toInstances(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Reflect.get(value, 'instances') : undefined;
  } catch {
    return undefined;
  }
}
