import { SenditError } from '@sendit/model';

/** The most rows that one request returns. */
export const MAX_LIMIT = 1000;

/** How one field of a body is checked, and what was expected where that fails. */
export type FieldCheck = readonly [check: (value: unknown) => boolean, expected: string];

/**
 * Checks the fields of a JSON body, reporting every problem at once.
 * @throws SenditError `bad-arguments`
 */
export function checkBody<T>(body: unknown, checks: Readonly<Record<keyof T & string, FieldCheck>>): T {
  const values: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const problems = Object.entries<FieldCheck>(checks).flatMap(([key, [check, expected]]) =>
    check(values[key]) ? [] : [`Expected \`${key}\` to be ${expected}.`],
  );
  if (Object.keys(values).some((key) => !(key in checks))) {
    problems.push(`Expected only the fields ${Object.keys(checks).join(', ')}, got another one.`);
  }
  const [first] = problems;
  if (first !== undefined) throw new SenditError(first, { code: 'bad-arguments', problems });
  return values as T;
}

/** The same check, of a field that may be left out. */
export function optional([check, expected]: FieldCheck): FieldCheck {
  return [(value) => value === undefined || check(value), expected];
}

/** A text of a length that a person would type. */
export function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= 256;
}

const isTime = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
const isId = (value: unknown): boolean => typeof value === 'string' && /^[0-9]{1,15}$/.test(value);
const isCount = (value: unknown, from: number, to: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;

/** Checks that several bodies share. */
export const FIELDS = {
  root: [isText, 'the name of a watch path'],
  time: [isTime, 'a time such as 2025-03-01T10:00:00Z'],
  id: [isId, 'the id of a batch'],
  limit: [(value: unknown) => isCount(value, 1, MAX_LIMIT), `a whole number from 1 to ${MAX_LIMIT}`],
  offset: [(value: unknown) => isCount(value, 0, 1e9), 'a whole number from 0'],
} as const satisfies Record<string, FieldCheck>;
