import { expect, test } from 'vitest';
import type { EngineSession } from './embedded-session.ts';
import { openVacuum } from './vacuum.ts';

/** An engine with two tables that keeps what it is asked. */
function toEngine(): { readonly pglite: Pick<EngineSession, 'query'>; readonly vacuumed: string[] } {
  const vacuumed: string[] = [];
  const query = async (text: string): Promise<unknown> => {
    if (text.startsWith('vacuum')) vacuumed.push(text);
    return { rows: [{ name: 'sendit.batches' }, { name: 'sendit.outbox' }] };
  };
  return { pglite: { query: query as EngineSession['query'] }, vacuumed };
}

test('every table is vacuumed by itself, early in a process that may soon be restarted, and then every few thousand transactions', async () => {
  const { pglite, vacuumed } = toEngine();
  const vacuum = openVacuum(pglite);
  const rounds: number[] = [];
  for (let transaction = 1; transaction <= 10_600; transaction += 1) {
    const before = vacuumed.length;
    await vacuum.beforeTransaction();
    if (vacuumed.length > before) rounds.push(transaction);
  }
  expect(rounds).toEqual([500, 5_500, 10_500]);
  expect(vacuumed.slice(0, 2)).toEqual(['vacuum (analyze) sendit.batches', 'vacuum (analyze) sendit.outbox']);
});
