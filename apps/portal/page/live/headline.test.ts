import type { WatcherStatus } from '@sendit/api';
import type { FindingSeverity } from '@sendit/model';
import { describe, expect, test } from 'vitest';
import { toHeadline } from './headline.ts';

function aStatus(active: boolean, ...severities: readonly FindingSeverity[]): WatcherStatus {
  const problems = severities.map(
    (severity) => ({ code: 'late-files', severity, since: null, subject: 'batches', message: 'x' }) as const,
  );
  return {
    active,
    pid: null,
    since: null,
    mode: 'embedded',
    portal: { url: null },
    roots: [],
    queue: null,
    actions: null,
    problems: [],
    health: { level: severities[0] ?? 'well', problems },
  };
}

const FAULT = { message: 'The database does not answer.', hint: null };

describe('the headline', () => {
  test.each([
    ['all is well', aStatus(true), { tone: 'well', words: 'All is well', count: 0 }],
    ['an info alone', aStatus(true, 'info'), { tone: 'well', words: 'All is well', count: 0 }],
    ['a warning', aStatus(true, 'warning'), { tone: 'attention', words: '1 thing needs a person', count: 1 }],
    [
      'an error and more',
      aStatus(true, 'error', 'warning', 'info'),
      { tone: 'bad', words: '2 things need a person', count: 2 },
    ],
    ['no watcher', aStatus(false, 'error'), { tone: 'bad', words: 'Watcher inactive', count: 1 }],
    ['no watcher, as an older version says it', aStatus(false), { tone: 'bad', words: 'Watcher inactive', count: 1 }],
    ['nobody was heard yet', undefined, { tone: 'unknown', words: 'Asking for the watcher…', count: 0 }],
  ] as const)('%s', (_case, status, expected) => {
    expect(toHeadline({ connection: 'live', problem: null, status })).toEqual(expected);
  });

  test.each([undefined, aStatus(true)])('is never green where the server cannot see its state', (status) => {
    expect(toHeadline({ connection: 'live', problem: FAULT, status })).toMatchObject({ tone: 'bad', count: 1 });
  });

  test.each([null, FAULT])('claims nothing where the connection is lost', (problem) => {
    expect(toHeadline({ connection: 'lost', problem, status: aStatus(true) })).toEqual({
      tone: 'unknown',
      words: 'No answer from sendit',
      count: 0,
    });
  });
});
