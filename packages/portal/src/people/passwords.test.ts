import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './passwords.ts';

test('a hash says how it was made, opens for its password alone, and is another one each time', async () => {
  const hash = await hashPassword('päss word of anna');
  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  expect(hash).not.toContain('anna');
  expect(await hashPassword('päss word of anna')).not.toBe(hash);
  expect(await verifyPassword('päss word of anna', hash)).toBe(true);
  expect(await verifyPassword('pa\u0308ss word of anna', hash)).toBe(true);
  expect(await verifyPassword('päss word of Anna', hash)).toBe(false);
});

test('nobody has a password', async () => {
  expect(await verifyPassword('', undefined)).toBe(false);
  await expect(verifyPassword('', 'md5')).rejects.toThrow(TypeError);
});

test('those who come while sixteen wait are refused', async () => {
  const cheap = `$scrypt$ln=4,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  const told = await Promise.allSettled(Array.from({ length: 20 }, () => verifyPassword('', cheap)));
  expect(told.map(({ status }) => status)).toEqual([...Array(16).fill('fulfilled'), ...Array(4).fill('rejected')]);
  expect(await verifyPassword('', cheap)).toBe(false);
});
