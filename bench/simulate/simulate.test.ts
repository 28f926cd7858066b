import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

const STUDIES = 600;
const { profiles, quietMs } = simulate({ studies: STUDIES, seed: 20 });
const of = (name: string) => {
  const result = profiles[name];
  if (result === undefined) throw new Error(`Expected a result for ${name}`);
  return result;
};

test('safe seals no study early whose sender gives a sign of life and keeps the contract', () => {
  expect(of('safe')).toMatchObject({ studies: STUDIES, early: 0, never: 0 });
  expect(of('safe').held + of('safe').quarantined).toBeLessThanOrEqual(0.2 * STUDIES);
});

test('safe is at most 1.1 quiet times late without a proof, and 50 ms with one', () => {
  expect(of('safe').quietP50Ms).toBeLessThanOrEqual(1.1 * quietMs);
  expect(of('safe').provenP50Ms).toBeLessThanOrEqual(50);
});

test('every study ends in every profile, and legacy and strict are never early either', () => {
  for (const name of ['legacy', 'safe', 'strict']) expect(of(name)).toMatchObject({ early: 0, never: 0 });
});

test.each(['rename-only', 'folder-age-5s', 'series-timer-60s', 'count-unchanged-twice'])(
  'the senders are hard enough for %s to be early',
  (name) => {
    expect(of(name).early).toBeGreaterThan(0);
  },
);

test('what a sender writes after its rename is counted apart, and every late file is reported', () => {
  const { contractBroken, late, silent } = of('safe');
  expect(contractBroken.early).toBeGreaterThan(0);
  expect(silent.studies).toBeGreaterThan(0);
  expect(late.studies).toBeGreaterThan(contractBroken.early);
  expect(late.reported).toBe(late.studies);
});

test('the same seed gives the same result, another one another', () => {
  const small = { studies: 30, seed: 1 };
  expect(simulate(small)).toEqual(simulate(small));
  expect(simulate(small).profiles).not.toEqual(simulate({ ...small, seed: 2 }).profiles);
});

test('safe is never early with another quiet time either', () => {
  for (const quietMs of [5_000, 60_000]) {
    expect(simulate({ studies: 60, seed: 3, quietMs }).profiles['safe']).toMatchObject({ early: 0, never: 0 });
  }
});
