import { IN } from '@sendit/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OpenFiles } from './open-files.ts';

const { IN_CLOSE_NOWRITE, IN_CLOSE_WRITE, IN_CREATE, IN_DELETE, IN_MODIFY, IN_MOVED_FROM, IN_MOVED_TO, IN_OPEN } = IN;

function after(...masks: readonly number[]): OpenFiles {
  const open = new OpenFiles();
  for (const mask of masks) open.see('a', mask);
  return open;
}

describe('a file is being written', () => {
  test.each<[string, readonly number[], boolean]>([
    ['from its creation on', [IN_CREATE, IN_OPEN], true],
    ['while its creator writes', [IN_CREATE, IN_OPEN, IN_MODIFY], true],
    ['also where others read it meanwhile', [IN_CREATE, IN_OPEN, IN_MODIFY, IN_OPEN, IN_CLOSE_NOWRITE], true],
    ['no more once it is closed', [IN_CREATE, IN_OPEN, IN_MODIFY, IN_CLOSE_WRITE], false],
    ['not by link(2)', [IN_CREATE], false],
    ['not by truncate(2)', [IN_CREATE, IN_OPEN, IN_CLOSE_WRITE, IN_MODIFY], false],
    ['not by link(2) and truncate(2)', [IN_CREATE, IN_MODIFY], false],
    ['not by flock(1), which makes it and only reads', [IN_CREATE, IN_OPEN, IN_CLOSE_NOWRITE], false],
    ['again when it is opened and written again', [IN_CREATE, IN_OPEN, IN_CLOSE_WRITE, IN_OPEN, IN_MODIFY], true],
    ['not when it is only read then', [IN_CREATE, IN_OPEN, IN_CLOSE_WRITE, IN_OPEN], false],
    ['when it was there before and is written', [IN_MODIFY], true],
    ['no more once that one is closed', [IN_MODIFY, IN_CLOSE_WRITE], false],
    ['not when it was there before and is read', [IN_OPEN, IN_CLOSE_NOWRITE], false],
    ['no more under a name that it lost', [IN_CREATE, IN_OPEN, IN_MODIFY, IN_MOVED_FROM], false],
    ['under a new name when it is written on', [IN_MOVED_TO, IN_MODIFY], true],
    ['no more when it is deleted', [IN_CREATE, IN_OPEN, IN_MODIFY, IN_DELETE], false],
  ])('%s', (_, masks, isOpen) => {
    const open = after(...masks);
    expect(open.has('a')).toBe(isOpen);
    expect([...open]).toEqual(isOpen ? ['a'] : []);
  });

  test('what was known ends with an overflow, and with a directory that leaves', () => {
    const open = new OpenFiles();
    for (const path of ['x/a', 'x/y/b', 'xy']) open.see(path, IN_MODIFY);
    open.leave('x');
    expect([...open]).toEqual(['xy']);
    open.clear();
    expect([...open]).toEqual([]);
  });
});

/** Actions of the only writer of a file and any number of readers; `away` lets the watcher read what has queued up. */
type Step = 'write' | 'close' | 'open' | 'read' | 'end-reading' | 'truncate' | 'away';

interface World {
  readonly events: readonly number[];
  readonly isBeingWritten: boolean;
  readonly isOpen: boolean;
}

/** Plays steps as processes and kernel would: what a step cannot do it leaves, and of two equal events in a row, neither read, one stays. */
function play(steps: readonly Step[]): World {
  const events: number[] = [IN_CREATE, IN_OPEN];
  let queued = 2;
  let writer: 'none' | 'idle' | 'writing' = 'writing';
  let readers = 0;
  const raise = (mask: number): void => {
    if (queued > 0 && events.at(-1) === mask) return;
    events.push(mask);
    queued += 1;
  };
  for (const step of steps) {
    if (step === 'away') queued = 0;
    if (step === 'truncate' && writer === 'none' && readers === 0) raise(IN_MODIFY);
    if (step === 'read') raise(IN_OPEN);
    if (step === 'read') readers += 1;
    if (step === 'end-reading' && readers > 0) {
      readers -= 1;
      raise(IN_CLOSE_NOWRITE);
    }
    if (step === 'open' && writer === 'none') {
      writer = 'idle';
      raise(IN_OPEN);
    }
    if (step === 'write' && writer !== 'none') {
      writer = 'writing';
      raise(IN_MODIFY);
    }
    if (step === 'close' && writer !== 'none') {
      writer = 'none';
      raise(IN_CLOSE_WRITE);
    }
  }
  return { events, isBeingWritten: writer === 'writing', isOpen: writer !== 'none' };
}

const ofWriter: readonly Step[] = ['write', 'close', 'open', 'away'];
const ofAll: readonly Step[] = [...ofWriter, 'read', 'end-reading'];
const stepsOf = (steps: readonly Step[]) => fc.array(fc.constantFrom(...steps), { maxLength: 30 });

test('what no process has open is never taken for being written, whoever reads it', () => {
  fc.assert(
    fc.property(stepsOf(ofAll), (steps) => {
      const { events, isOpen } = play(steps);
      return isOpen || !after(...events).has('a');
    }),
  );
});

test('truncate(2) between two writers opens nothing, where nobody reads', () => {
  fc.assert(
    fc.property(stepsOf([...ofWriter, 'truncate']), (steps) => {
      const { events, isBeingWritten } = play(steps);
      expect(after(...events).has('a')).toBe(isBeingWritten);
    }),
  );
});

test('a writer that has written, or made the file, is seen until it closes, whoever reads it', () => {
  fc.assert(
    fc.property(stepsOf(ofAll), (steps) => {
      const written = steps.toReversed().find((step) => step === 'write' || step === 'close') === 'write';
      const { events, isBeingWritten } = play(steps);
      return !isBeingWritten || !written || after(...events).has('a');
    }),
  );
});
