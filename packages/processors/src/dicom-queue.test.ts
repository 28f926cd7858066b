import { describe, expect, test } from 'vitest';
import { createContext } from '../test/context.ts';
import { dirEvent, fileEvent } from '@sendit/testing';
import { DicomQueue } from './dicom-queue.ts';

describe('DicomQueue', () => {
  test('tells the testing mode in the seed’s words', async () => {
    const context = createContext();
    const processor = DicomQueue();
    await processor.handle(dirEvent('IN_CREATE', 'test_finished'), context);
    await processor.handle(dirEvent('IN_CREATE', 'test_notfinished.tmp1234'), context);
    await processor.handle(dirEvent('IN_MOVED_FROM', 'test_notfinished.tmp1234', { cookie: 7 }), context);
    await processor.handle(dirEvent('IN_MOVED_TO', 'test_nowfinished', { cookie: 7 }), context);
    expect(context.logger.transcript).toEqual([
      '1|CREATE EVENT: /data/test_finished',
      '2|FINISHED: /data/test_finished',
      '1|CREATE EVENT: /data/test_notfinished.tmp1234',
      '2|NOTFINISHED: /data/test_notfinished.tmp1234',
      '1|MOVEDTO EVENT: /data/test_nowfinished',
      '2|FINISHED: /data/test_nowfinished',
    ]);
  });

  test('both lines are there when handle returns, so that no other line can come between', () => {
    const context = createContext();
    expect(DicomQueue().handle(dirEvent('IN_CREATE', 'scan'), context)).toBeUndefined();
    expect(context.logger.transcript).toHaveLength(2);
  });

  test('names every kind of event, and submits by how the directory came', async () => {
    const context = createContext();
    const processor = DicomQueue();
    for (const event of ['IN_CREATE', 'IN_MOVED_TO', 'IN_CLOSE_WRITE', 'IN_MODIFY'] as const) {
      await processor.handle(dirEvent(event, 'scan'), context);
    }
    expect(context.logger.transcript.filter((line) => line.startsWith('1'))).toEqual([
      '1|CREATE EVENT: /data/scan',
      '1|MOVEDTO EVENT: /data/scan',
      '1|CLOSEWRITE EVENT: /data/scan',
      '1|MODIFY EVENT: /data/scan',
    ]);
    expect(context.submitted.map(({ arrival }) => arrival)).toEqual(['created', 'renamed', 'found', 'found']);
    expect(context.submitted[0]).toEqual({ name: 'scan', path: '/data/scan', arrival: 'created' });
  });

  test('a loose file is NOTFINISHED and not submitted, and its writing is told once', async () => {
    const context = createContext();
    const processor = DicomQueue();
    for (const event of ['IN_CREATE', 'IN_MODIFY', 'IN_MODIFY', 'IN_MODIFY', 'IN_CLOSE_WRITE', 'IN_MODIFY'] as const) {
      await processor.handle(fileEvent(event, 'a.dcm'), context);
    }
    expect(context.logger.transcript).toEqual([
      '1|CREATE EVENT: /data/a.dcm',
      '2|NOTFINISHED: /data/a.dcm',
      '1|MODIFY EVENT: /data/a.dcm',
      '2|NOTFINISHED: /data/a.dcm',
      '1|CLOSEWRITE EVENT: /data/a.dcm',
      '2|NOTFINISHED: /data/a.dcm',
      '1|MODIFY EVENT: /data/a.dcm',
      '2|NOTFINISHED: /data/a.dcm',
    ]);
    expect(context.submitted).toEqual([]);
  });

  test('says nothing of other events, of deeper entries and of the watch path itself', async () => {
    const context = createContext();
    const processor = DicomQueue();
    await processor.handle(dirEvent('IN_ACCESS', 'scan'), context);
    await processor.handle(dirEvent('IN_DELETE', 'scan'), context);
    await processor.handle(dirEvent('IN_CREATE', 'deeper', { path: '/data/scan' }), context);
    await processor.handle(dirEvent('IN_CREATE', ''), context);
    expect(context.logger.transcript).toEqual([]);
  });

  test('passes on the bytes of a name that is not UTF-8', async () => {
    const context = createContext();
    const rawName = Buffer.from([0x62, 0xe9]);
    await DicomQueue().handle(dirEvent('IN_CREATE', 'b\ufffd', { rawName }), context);
    expect(context.submitted).toEqual([{ name: 'b\ufffd', path: '/data/b\ufffd', arrival: 'created', rawName }]);
  });
});
