import { expect, test } from 'vitest';
import { ImportWatch } from './import-watch.ts';

test('listing, reading and what is done apart are told from each other', async () => {
  let time = 1_000;
  const watch = new ImportWatch({ now: () => time });
  time += 40;
  expect(watch.readingMs()).toBe(0);
  time += 300;
  await watch.apart(async () => {
    time += 5_000;
  });
  time += 200;
  expect(watch.readingMs()).toBe(500);
  expect(watch.toTimes(123.4)).toEqual({ listingMs: 40, readingMs: 500, hashingMs: 123 });
});
