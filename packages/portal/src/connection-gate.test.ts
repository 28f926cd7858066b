import fc from 'fast-check';
import { silentLogger } from '@sendit/model';
import { expect, test } from 'vitest';
import { createRecordingLogger } from '../test/recording-logger.ts';
import { ConnectionGate, toConnectionLimits } from './connection-gate.ts';

test.each([
  [64, { inAll: 16, perClient: 8, feedsPerClient: 6 }],
  [1_024, { inAll: 256, perClient: 128, feedsPerClient: 96 }],
  [1_048_576, { inAll: 512, perClient: 256, feedsPerClient: 192 }],
  [Infinity, { inAll: 512, perClient: 256, feedsPerClient: 192 }],
])('of %d descriptors a server takes no more than a quarter', (openFiles, expected) => {
  expect(toConnectionLimits(openFiles)).toEqual(expected);
});

test('whoever comes and goes, no more are in than the limits say, and all places are free again at the end', () => {
  const limits = { inAll: 5, perClient: 3, feedsPerClient: 2 };
  const step = fc.record({ client: fc.constantFrom('a', 'b', 'c'), leaves: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const gate = new ConnectionGate({ limits, logger: silentLogger });
      const inside: { readonly client: string; readonly leave: () => void }[] = [];
      for (const { client, leaves } of steps) {
        if (leaves) {
          const one = inside.shift();
          one?.leave();
          one?.leave();
          continue;
        }
        const mine = inside.filter((one) => one.client === client).length;
        const leave = gate.connect(client);
        expect(leave !== undefined).toBe(inside.length < limits.inAll && mine < limits.perClient);
        if (leave !== undefined) inside.push({ client, leave });
        expect(gate.open).toBe(inside.length);
      }
      for (const { leave } of inside) leave();
      expect([gate.open, ...['a', 'a', 'a'].map((client) => gate.connect(client) !== undefined)]).toEqual([
        0,
        true,
        true,
        true,
      ]);
    }),
  );
});

test('live feeds leave connections to requests that end', () => {
  const gate = new ConnectionGate({ limits: toConnectionLimits(64), logger: silentLogger });
  const feeds = Array.from({ length: 8 }, () => gate.openFeed('a'));
  expect(feeds.filter((leave) => leave !== undefined)).toHaveLength(6);
  feeds[0]?.();
  expect(gate.openFeed('a')).toBeDefined();
  expect(gate.openFeed('b')).toBeDefined();
});

test('what is refused is told once a minute, with how many it was', () => {
  let now = 0;
  const logger = createRecordingLogger();
  const limits = { inAll: 1, perClient: 1, feedsPerClient: 1 };
  const gate = new ConnectionGate({ limits, logger, now: () => now });
  gate.connect('a');
  for (let at = 0; at < 5; at += 1) gate.connect('b');
  now = 60_000;
  gate.connect('b');
  expect(logger.lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'warning', which: 'in all', refused: 1, open: 1, ...limits },
    { refused: 5 },
  ]);
});
