import { type FileEvent, IN, toFileEvent } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import { Delivery, END } from './delivery.ts';

const event = (name: string): FileEvent => toFileEvent({ wd: 1, mask: IN.IN_CREATE, path: '/data', name });

describe('Delivery', () => {
  test('delivers in order until the end', async () => {
    const queue = [event('a'), event('b')];
    const names: string[] = [];
    const never = new AbortController().signal;
    for await (const { name } of new Delivery().run(() => queue.shift() ?? END, never)) names.push(name);
    expect(names).toEqual(['a', 'b']);
  });

  test('waits while there is nothing, and goes on when notified', async () => {
    const delivery = new Delivery();
    const queue: FileEvent[] = [];
    const iterator = delivery.run(() => queue.shift(), new AbortController().signal);
    const first = iterator.next();
    queue.push(event('late'));
    delivery.notify();
    expect((await first).value).toMatchObject({ name: 'late' });
  });

  test('ends while it waits when the signal aborts', async () => {
    const stop = new AbortController();
    const next = new Delivery().run(() => undefined, stop.signal).next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test('delivers nothing more once the signal is aborted', async () => {
    const stop = new AbortController();
    let delivered = 0;
    for await (const _ of new Delivery().run(() => event('x'), stop.signal)) {
      delivered += 1;
      stop.abort();
    }
    expect(delivered).toBe(1);
  });

  test('passes on what the queue throws', async () => {
    const failing = (): never => {
      throw new Error('broken');
    };
    await expect(new Delivery().run(failing, new AbortController().signal).next()).rejects.toThrow('broken');
  });
});
