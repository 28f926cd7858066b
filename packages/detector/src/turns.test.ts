import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('whoever asks within a slice goes on at once, and after it waits for a turn of the event loop', async () => {
  let time = 0;
  const turns = createTurns(() => time);
  const order: string[] = [];
  const others = (): void => void setImmediate(() => order.push('others'));
  await turns.take();
  others();
  await turns.take();
  order.push('same slice');
  time = 100;
  await turns.take();
  order.push('next slice');
  expect(order).toEqual(['same slice', 'others', 'next slice']);
});

test('of many who ask at once each has a turn of its own, and others are let in between', async () => {
  let time = 0;
  const turns = createTurns(() => time);
  const order: string[] = [];
  const work = async (name: string): Promise<void> => {
    await turns.take();
    order.push(name);
    setImmediate(() => order.push(`after ${name}`));
    time += 100;
  };
  await Promise.all([work('one'), work('two'), work('three')]);
  expect(order.slice(0, 4)).toEqual(['one', 'two', 'after one', 'three']);
});
