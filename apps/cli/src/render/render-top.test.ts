import { aBatch, aRoot, aStatus } from '@sendit/testing';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { renderTop, type TopFacts } from './render-top.ts';

const NOW = Date.parse('2025-03-01T12:00:00.000Z');
const problem = (at: number) =>
  ({
    code: 'batches-failed',
    severity: 'warning',
    since: null,
    subject: String(at),
    message: `${at} went wrong. `.repeat(9),
  }) as const;

function aTop(rows: number, problems = 0): TopFacts {
  const told = Array.from({ length: problems }, (_, at) => problem(at));
  return {
    status: aStatus({
      host: 'ct-3',
      version: '1.2.3',
      roots: [aRoot({ name: 'data', oldest: { since: '2025-03-01T11:00:00.000Z', reason: 'quiet for 15 s' } })],
      backlog: { oldestAt: '2025-03-01T11:59:00.000Z', paused: null },
      arrivals: [{ root: 'data', lastAt: null, minutes: Array.from({ length: 60 }, () => 2) }],
      databaseDisk: { freeBytes: 5e9, totalBytes: 1e10, fullAt: '2025-03-04T10:00:00.000Z' },
      today: { done: 7, failed: 1 },
      health: { level: problems === 0 ? 'well' : 'warning', problems: told },
    }),
    stages: null,
    pending: [],
    batches: Array.from({ length: rows }, (_, at) => aBatch(String(at), { name: `L${at}`.padEnd(90, 'x') })),
  };
}

test('it says in words whether all is well, and the figures', () => {
  const lines = renderTop(aTop(1), { width: 200, isColoured: false, now: NOW });
  expect(lines.slice(0, 4)).toEqual([
    expect.stringMatching(/^All is well {2}on ct-3, pid \d+, sendit 1\.2\.3, /),
    'Queue: 0 waiting, 0 importing, oldest 1 min 0 s',
    '2.0 sealed/min; today 7 done, 1 failed',
    'Disk left: database 5.0 GB (full 2025-03-04 10:00)',
  ]);
  expect(lines.join('\n')).toContain('quiet for 15 s');
});

test.each([
  [0, 0, 80, 24],
  [50, 0, 80, 24],
  [50, 40, 80, 24],
  [50, 3, 40, 10],
  [50, 3, 200, 60],
])('%i batches and %i problems fit %i columns and %i lines', (rows, problems, width, height) => {
  const lines = renderTop(aTop(rows, problems), { width, height, isColoured: false, now: NOW });
  expect(lines.length).toBeLessThanOrEqual(height);
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
  const hasRoom = rows > 0 && height > 20;
  expect(hasRoom).toBe(hasRoom && lines.some((line) => line.includes('L0')));
});

test('only colours differ where there are some', () => {
  const facts = aTop(2, 2);
  const plain = renderTop(facts, { width: 80, isColoured: false, now: NOW });
  const coloured = renderTop(facts, { width: 80, isColoured: true, now: NOW });
  expect(plain.join('')).not.toContain('\u001B');
  expect(coloured.join('')).toContain('\u001B');
  const colours = new RegExp(String.raw`${'\u001B'}\[[0-9;]*m`, 'g');
  expect(coloured.map((line) => line.replaceAll(colours, ''))).toEqual(plain);
});

test('an inactive watcher is said first', () => {
  const facts = aTop(0);
  const [first] = renderTop(
    { ...facts, status: { ...facts.status, active: false } },
    { width: 80, isColoured: false, now: NOW },
  );
  expect(first).toMatch(/^Watcher inactive/);
});
