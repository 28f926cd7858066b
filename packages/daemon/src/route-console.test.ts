import { createRecordingLogger } from '@sendit/testing';
import { expect, test } from 'vitest';
import { routeConsole } from './route-console.ts';

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;

function print(method: (typeof METHODS)[number], ...parts: readonly unknown[]): void {
  const own: unknown = Reflect.get(globalThis.console, method);
  if (typeof own === 'function') Reflect.apply(own, globalThis.console, parts);
}

const standing = (): readonly unknown[] => [
  ...METHODS.map((method): unknown => Reflect.get(globalThis.console, method)),
  ...process.listeners('warning'),
];

test('what libraries and processors print has the form of the log; afterwards the console is as before', () => {
  const logger = createRecordingLogger();
  const before = standing();
  {
    using _routed = routeConsole(logger);
    print('log', 'took %d ms', 5);
    print('error', 'cannot read /data/L1');
    for (let time = 0; time < 2; time += 1) {
      print('warn', 'IMPORTANT! Eviction policy is allkeys-lru. It should be "noeviction"');
    }
    process.emit('warning', Object.assign(new Error('old'), { name: 'DeprecationWarning' }));
  }
  expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'INFO took 5 ms',
    'INFO cannot read /data/L1',
    'WARNING Redis may drop jobs: its eviction policy is allkeys-lru. Set maxmemory-policy to noeviction.',
    'WARNING DeprecationWarning: old',
  ]);
  expect(standing()).toEqual(before);
});
