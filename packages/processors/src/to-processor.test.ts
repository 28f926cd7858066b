import { describe, expect, test } from 'vitest';
import { createContext } from '../test/context.ts';
import { dirEvent, fileEvent } from '@sendit/testing';
import { BUILT_IN_PROCESSORS } from './built-in.ts';
import { defineProcessor } from './processor.ts';
import { toProcessor } from './to-processor.ts';

describe('toProcessor', () => {
  const mine = defineProcessor('Mine', {});

  test('takes a processor as it is, and calls a function for one', () => {
    expect(toProcessor(mine, './my.ts')).toEqual({ kind: 'processor', processor: mine });
    expect(toProcessor(() => mine, './my.ts')).toEqual({ kind: 'processor', processor: mine });
  });

  test('makes one of a class each time', () => {
    class Counting {
      readonly name = 'Counting';
      handle(): void {}
    }
    const [one, other] = [toProcessor(Counting, './my.ts'), toProcessor(Counting, './my.ts')];
    expect(one).toMatchObject({ kind: 'processor', processor: { name: 'Counting' } });
    expect(one.kind === 'processor' && other.kind === 'processor' && one.processor !== other.processor).toBe(true);
  });

  test('every built-in one is a factory of fresh processors under its own name', () => {
    for (const [name, create] of Object.entries(BUILT_IN_PROCESSORS)) {
      expect(toProcessor(create, name)).toMatchObject({ kind: 'processor', processor: { name } });
      expect(create()).not.toBe(create());
    }
    expect(Object.keys(BUILT_IN_PROCESSORS)).toHaveLength(5);
  });

  test.each([
    [null, 'got null'],
    [7, 'got a number'],
    [{ name: 'x' }, 'got an object with name'],
    [{ name: '', handle: () => undefined }, 'got an object with name, handle'],
    [() => undefined, 'got a undefined'],
    [async () => mine, 'got a promise'],
    [
      () => {
        throw new Error('no');
      },
      'it threw Error: no',
    ],
  ])('says what is wrong with %s', (value, words) => {
    const result = toProcessor(value, './my.ts#Mine');
    expect(result).toMatchObject({ kind: 'problem', message: expect.stringContaining(words) });
    expect(result).toMatchObject({ message: expect.stringContaining('Expected ./my.ts#Mine to export') });
  });
});

describe('defineProcessor', () => {
  test('an event goes to the handler of its type, else to default, else nowhere', async () => {
    const heard: string[] = [];
    const context = createContext();
    const some = defineProcessor('Some', {
      IN_CREATE: () => void heard.push('create'),
      default: (event) => void heard.push(event.maskname),
    });
    await some.handle(dirEvent('IN_CREATE', 'x'), context);
    await some.handle(fileEvent('IN_ATTRIB', 'x'), context);
    await defineProcessor('None', {}).handle(fileEvent('IN_ATTRIB', 'x'), context);
    expect(heard).toEqual(['create', 'IN_ATTRIB']);
  });
});
