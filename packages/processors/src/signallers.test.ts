import { EVENT_NAMES } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import { createContext } from '../test/context.ts';
import { dirEvent, fileEvent, settle } from '@sendit/testing';
import { AllEventsPrinter } from './all-events-printer.ts';
import { CreateViaChunksSignaler } from './create-via-chunks-signaler.ts';
import { AllEventsSignaler, CreateSignaler } from './event-signalers.ts';
import { signalOf } from './signals.ts';

const HOUR = 3_600_000;

describe('AllEventsPrinter', () => {
  test('prints every type of event as pyinotify does', async () => {
    const context = createContext();
    const printer = AllEventsPrinter();
    await printer.handle(dirEvent('IN_CLOSE_NOWRITE', 'hello'), context);
    await printer.handle(fileEvent('IN_MOVED_TO', 'b', { cookie: 9, srcPathname: '/data/a' }), context);
    await printer.handle(dirEvent('IN_DELETE_SELF', ''), context);
    expect(context.logger.transcript).toEqual([
      '<Event dir=True mask=0x40000010 maskname=IN_CLOSE_NOWRITE|IN_ISDIR name=hello path=/data pathname=/data/hello wd=1 >',
      '<Event cookie=9 dir=False mask=0x80 maskname=IN_MOVED_TO name=b path=/data pathname=/data/b src_pathname=/data/a wd=1 >',
      "<Event dir=True mask=0x40000400 maskname=IN_DELETE_SELF|IN_ISDIR name='' path=/data pathname=/data wd=1 >",
    ]);
    for (const name of EVENT_NAMES) await printer.handle(fileEvent(name, 'x'), context);
    expect(context.logger.transcript).toHaveLength(3 + EVENT_NAMES.length);
  });
});

describe('AllEventsSignaler', () => {
  test('sends the signal of each event’s own type, and no other', async () => {
    const context = createContext();
    const heard: string[] = [];
    for (const name of EVENT_NAMES) {
      signalOf(context.signals, name).connect(({ sender, root, event }) => {
        heard.push(`${name} ${sender} ${root} ${event.name}`);
      });
    }
    const signaler = AllEventsSignaler();
    for (const name of EVENT_NAMES) await signaler.handle(fileEvent(name, 'x'), context);
    expect(heard).toEqual(EVENT_NAMES.map((name) => `${name} AllEventsSignaler data x`));
  });
});

describe('CreateSignaler', () => {
  test('sends one create signal per IN_CREATE and nothing else', async () => {
    const context = createContext();
    const heard: string[] = [];
    context.signals.in_create.connect(({ event }) => void heard.push(event.pathname));
    for (const event of ['IN_CREATE', 'IN_MODIFY', 'IN_CLOSE_WRITE', 'IN_MOVED_TO'] as const) {
      await CreateSignaler().handle(fileEvent(event, 'x'), context);
    }
    expect(heard).toEqual(['/data/x']);
  });
});

describe('signals', () => {
  test('a receiver that fails, at once or later, is logged and stops nothing', async () => {
    const { logger, signals } = createContext();
    const heard: string[] = [];
    signals.in_create.connect(() => {
      throw new RangeError('with a name in it');
    });
    signals.in_create.connect(() => Promise.reject(new TypeError('later')));
    signals.in_create.connect(() => void heard.push('told'));
    signals.in_create.send({ sender: 'me', root: 'data', event: fileEvent('IN_CREATE', 'x') });
    await settle();
    expect(heard).toEqual(['told']);
    const errors = logger.lines.filter(({ level }) => level === 'ERROR');
    expect(errors.map(({ fields }) => fields['error'])).toEqual(['RangeError', 'TypeError']);
    // Their words, and the line that said them, only where the transcript is.
    expect(errors.map(({ message }) => message).join()).not.toContain('with a name in it');
    expect(logger.said('INFO')).toEqual([
      expect.stringMatching(/^The receiver said: with a name in it \(\/.*signallers\.test\.ts:\d+:\d+\)$/),
      expect.stringMatching(/^The receiver said: later \(/),
    ]);
  });

  test('a receiver that was disconnected is not told, even while others are', () => {
    const { signals } = createContext();
    const heard: string[] = [];
    const disconnect = signals.in_create.connect(() => void heard.push('first'));
    disconnect();
    disconnect();
    signals.in_create.send({ sender: 'me', root: 'data', event: fileEvent('IN_CREATE', 'x') });
    expect(heard).toEqual([]);
  });
});

describe('CreateViaChunksSignaler', () => {
  function setUp(): {
    context: ReturnType<typeof createContext>;
    heard: string[];
    handle: (event: ReturnType<typeof fileEvent>) => Promise<void>;
  } {
    const context = createContext();
    const heard: string[] = [];
    context.signals.in_create.connect(({ event }) => void heard.push(`${event.maskname} ${event.pathname}`));
    const processor = CreateViaChunksSignaler();
    return { context, heard, handle: async (event) => processor.handle(event, context) };
  }

  const renamed = (from: string, to: string): ReturnType<typeof fileEvent> =>
    fileEvent('IN_MOVED_TO', to, { cookie: 1, srcPathname: `/data/${from}` });

  test('a part that is created, written in chunks and renamed gives one create signal for the final name', async () => {
    const { handle, heard } = setUp();
    await handle(fileEvent('IN_CREATE', 'a.dcm.part'));
    for (let chunk = 0; chunk < 5; chunk++) await handle(fileEvent('IN_MODIFY', 'a.dcm.part'));
    await handle(fileEvent('IN_CLOSE_WRITE', 'a.dcm.part'));
    expect(heard).toEqual([]);
    await handle(renamed('a.dcm.part', 'a.dcm'));
    await handle(renamed('a.dcm.part', 'a.dcm'));
    expect(heard).toEqual(['IN_CREATE /data/a.dcm']);
  });

  test('the halves of a rename are joined by cookie where the backend does not', async () => {
    const { handle, heard } = setUp();
    await handle(fileEvent('IN_CREATE', 'a.part'));
    await handle(fileEvent('IN_MODIFY', 'a.part'));
    await handle(fileEvent('IN_MOVED_FROM', 'a.part', { cookie: 3 }));
    await handle(fileEvent('IN_MOVED_TO', 'a', { cookie: 3 }));
    expect(heard).toEqual(['IN_CREATE /data/a']);
  });

  test('a part renamed to another part is still a part', async () => {
    const { handle, heard } = setUp();
    await handle(fileEvent('IN_CREATE', 'a.part'));
    await handle(fileEvent('IN_MODIFY', 'a.part'));
    await handle(renamed('a.part', 'b.part'));
    expect(heard).toEqual([]);
    await handle(renamed('b.part', 'b'));
    expect(heard).toEqual(['IN_CREATE /data/b']);
  });

  test.each([
    ['a file without .part', ['IN_CREATE a', 'IN_MODIFY a', 'move a b']],
    ['a part that was never written', ['IN_CREATE a.part', 'move a.part a']],
    ['a part whose beginning was not seen', ['IN_MODIFY a.part', 'move a.part a']],
    ['a part that was deleted', ['IN_CREATE a.part', 'IN_MODIFY a.part', 'IN_DELETE a.part', 'move a.part a']],
  ])('no signal for %s', async (_, steps) => {
    const { handle, heard } = setUp();
    for (const step of steps) {
      const [word = '', name = '', to = ''] = step.split(' ');
      await handle(word === 'move' ? renamed(name, to) : fileEvent(word as 'IN_CREATE', name));
    }
    expect(heard).toEqual([]);
  });

  test('a part is forgotten six hours after it was last heard of', async () => {
    const { context, handle, heard } = setUp();
    await handle(fileEvent('IN_CREATE', 'old.part'));
    await handle(fileEvent('IN_CREATE', 'kept.part'));
    await handle(fileEvent('IN_MODIFY', 'old.part'));
    await context.clock.advance(5 * HOUR);
    await handle(fileEvent('IN_MODIFY', 'kept.part'));
    await context.clock.advance(HOUR);
    await handle(renamed('old.part', 'old'));
    await handle(renamed('kept.part', 'kept'));
    expect(heard).toEqual(['IN_CREATE /data/kept']);
  });
});
