import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toFileEvent } from './event.ts';
import { EVENT_NAMES, IN, IN_ALL_EVENTS, IN_ISDIR, MASK_NAMES, parseMask, toEventName, toMaskname } from './mask.ts';

describe('inotify masks by name', () => {
  test('the original’s example event', () => {
    const event = toFileEvent({ wd: 1, mask: 1073741840, path: '/data', name: 'hello' });
    expect(event).toEqual({
      name: 'hello',
      maskname: 'IN_CLOSE_NOWRITE|IN_ISDIR',
      wd: 1,
      dir: true,
      path: '/data',
      pathname: '/data/hello',
      mask: 1073741840,
    });
  });

  test('an expression gives the mask of its names, in any order and with any spaces', () => {
    expect(parseMask('IN_CREATE | IN_MOVED_TO')).toEqual({ kind: 'mask', mask: 0x180 });
    expect(parseMask('IN_MOVED_TO|IN_CREATE')).toEqual({ kind: 'mask', mask: 0x180 });
    expect(parseMask('IN_ALL_EVENTS')).toEqual({ kind: 'mask', mask: IN_ALL_EVENTS });
    expect(parseMask('IN_CLOSE | IN_MOVE')).toEqual({ kind: 'mask', mask: 0xd8 });
  });

  test('what is no event name is named, prototype names included', () => {
    expect(parseMask('IN_CREAT | IN_MOVED_TO | toString')).toEqual({
      kind: 'unknown',
      names: ['IN_CREAT', 'toString'],
    });
    expect(parseMask('')).toEqual({ kind: 'unknown', names: [''] });
  });

  test('names and masks are inverse, for every set of selectable names', () => {
    const names = MASK_NAMES.filter((name) => name in IN);
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), (chosen) => {
        const parsed = parseMask(chosen.join('|'));
        expect(parsed.kind === 'mask' && toMaskname(parsed.mask).split('|').toSorted()).toEqual(chosen.toSorted());
      }),
    );
  });

  test('an event of the root itself has its path as pathname, the root directory no double slash', () => {
    expect(toFileEvent({ wd: 1, mask: IN.IN_DELETE_SELF, path: '/data', name: '' }).pathname).toBe('/data');
    expect(toFileEvent({ wd: 1, mask: IN.IN_CREATE | IN_ISDIR, path: '/', name: 'x' }).pathname).toBe('/x');
  });

  test('a mask stays unsigned and its single event is found', () => {
    for (const name of EVENT_NAMES) expect(toEventName(IN[name] | IN_ISDIR)).toBe(name);
    expect(toFileEvent({ wd: 1, mask: -2147483648 | IN.IN_OPEN, path: '/', name: 'x' }).mask).toBe(0x8000_0020);
  });
});
