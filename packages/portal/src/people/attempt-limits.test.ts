import { expect, test } from 'vitest';
import { createAttemptLimits } from './attempt-limits.ts';

const MINUTE = 60_000;

function open() {
  const clock = { at: 0, now: () => clock.at };
  return { clock, limits: createAttemptLimits(clock as never) };
}

test('five failures lock an account for a quarter of an hour, and no other', () => {
  const { clock, limits } = open();
  const tries = [1, 2, 3, 4, 5].map((host) => limits.begin('anna', `10.0.0.${host}`));
  expect(tries.map((attempt) => attempt.kind === 'allowed' && attempt.isLast)).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
  expect(limits.begin('anna', '10.0.0.9')).toEqual({ kind: 'locked', afterMs: 15 * MINUTE });
  expect(limits.begin('bea', '10.0.0.9').kind).toBe('allowed');
  clock.at = 15 * MINUTE;
  expect(limits.begin('anna', '10.0.0.9').kind).toBe('allowed');
});

test('twenty failures lock an address, whatever the names; of IPv6 a whole network', () => {
  const { limits } = open();
  for (let index = 0; index < 20; index += 1) limits.begin(`name ${index}`, `2001:db8::${index}`);
  expect(limits.begin('anna', '2001:db8:0:0:ffff::1').kind).toBe('locked');
  expect(limits.begin('anna', '2001:db8:0:1::1').kind).toBe('allowed');
});

test('who succeeds is forgotten', () => {
  const { limits } = open();
  for (let index = 0; index < 100; index += 1) {
    expect(limits.begin('anna', '10.0.0.1')).toMatchObject({ kind: 'allowed', isLast: false });
    limits.succeed('anna', '10.0.0.1');
  }
});
