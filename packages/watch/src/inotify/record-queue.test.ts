import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InotifyRecord, RecordQueue } from './record-queue.ts';

/** A `struct inotify_event` as the kernel writes it. */
function encode({ wd, mask, cookie }: Pick<InotifyRecord, 'wd' | 'mask' | 'cookie'>, name: Uint8Array): Buffer {
  const padded = name.length === 0 ? 0 : Math.ceil((name.length + 1) / 16) * 16;
  const bytes = Buffer.alloc(16 + padded);
  bytes.writeInt32LE(wd, 0);
  bytes.writeUInt32LE(mask, 4);
  bytes.writeUInt32LE(cookie, 8);
  bytes.writeUInt32LE(padded, 12);
  bytes.set(name, 16);
  return bytes;
}

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const record = fc.record({
  wd: fc.integer({ min: -1, max: 0x7fff_ffff }),
  mask: uint32,
  cookie: uint32,
  // What a file name can be: anything but NUL and a slash, up to 255 bytes.
  bytes: fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: 255 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x2f))),
});

describe('RecordQueue', () => {
  test('gives back every record in order, however reads and takes are mixed', () => {
    fc.assert(
      fc.property(fc.array(fc.array(record, { minLength: 1, maxLength: 40 })), fc.nat(50), (reads, takesBetween) => {
        const queue = new RecordQueue();
        const taken: InotifyRecord[] = [];
        const take = (): boolean => {
          const next = queue.shift();
          if (next !== undefined) taken.push(next);
          return next !== undefined;
        };
        for (const [index, read] of reads.entries()) {
          // Two reads in one millisecond, and so on.
          const heardAt = Math.trunc(index / 2);
          queue.push(Buffer.concat(read.map(({ bytes, ...fields }) => encode(fields, bytes))), heardAt);
          for (let i = 0; i < takesBetween && take(); i++);
        }
        while (take());
        expect(taken.map(({ wd, mask, cookie }) => ({ wd, mask, cookie }))).toEqual(
          reads.flat().map(({ wd, mask, cookie }) => ({ wd, mask, cookie })),
        );
        expect(taken.map(({ heardAt }) => heardAt)).toEqual(
          reads.flatMap((read, index) => read.map(() => Math.trunc(index / 2))),
        );
        expect(taken.map(({ key }) => Buffer.from(key, 'latin1'))).toEqual(reads.flat().map(({ bytes }) => bytes));
        expect(queue.bytes).toBe(0);
      }),
    );
  });

  test('holds a burst of single events in little more than their own size', () => {
    const queue = new RecordQueue();
    const one = encode({ wd: 1, mask: 0x100, cookie: 0 }, Buffer.from('d1234'));
    for (let i = 0; i < 10_000; i++) queue.push(one, i);
    expect(queue.bytes).toBeLessThan(10_000 * one.length * 1.5);
  });

  test('copies what it is given: the read buffer is used again', () => {
    const queue = new RecordQueue();
    const buffer = encode({ wd: 1, mask: 0x100, cookie: 0 }, Buffer.from('first'));
    queue.push(buffer, 1);
    buffer.fill(0);
    expect(queue.shift()).toMatchObject({ wd: 1, key: 'first' });
  });

  test('is empty after clear', () => {
    const queue = new RecordQueue();
    queue.push(encode({ wd: 1, mask: 0x100, cookie: 0 }, Buffer.from('x')), 1);
    queue.clear();
    expect(queue.shift()).toBeUndefined();
    expect(queue.bytes).toBe(0);
  });
});
