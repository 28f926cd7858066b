import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SOCKET_PATH_BYTES, toSocketPath } from './socket-path.ts';

const long = `/state/${'d'.repeat(120)}/api.sock`;

test('a path of 107 bytes stays where it is', () => {
  const path = `/${'s'.repeat(SOCKET_PATH_BYTES - 1)}`;
  expect(toSocketPath(path)).toBe(path);
});

test('a longer path moves to a short directory named by user and path', () => {
  expect(toSocketPath(long, { tmp: '/tmp', uid: 1000 })).toMatch(/^\/tmp\/sendit-1000-[0-9a-f]{12}\/api\.sock$/);
});

test('bytes count, not characters', () => {
  expect(toSocketPath(`/${'ü'.repeat(60)}`, { tmp: '/tmp', uid: 1 })).toMatch(/^\/tmp\/sendit-1-/);
});

test('a temporary directory that is itself too long is not used', () => {
  expect(toSocketPath(long, { tmp: `/${'t'.repeat(120)}`, uid: 1 })).toMatch(/^\/tmp\/sendit-1-/);
});

test('every answer fits and is the same the next time, and two long paths never share one', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (left, right) => {
      const answer = toSocketPath(`/${left}`, { tmp: '/tmp', uid: 1 });
      expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(SOCKET_PATH_BYTES);
      expect(toSocketPath(`/${left}`, { tmp: '/tmp', uid: 1 })).toBe(answer);
      fc.pre(Buffer.from(left).compare(Buffer.from(right)) !== 0);
      expect(toSocketPath(`/${right}`, { tmp: '/tmp', uid: 1 })).not.toBe(answer);
    }),
  );
});
