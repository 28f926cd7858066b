import type { AcceptRefusal } from '@sendit/model';
import { expect, test } from 'vitest';
import { type DecideDeps, decide } from './decide.ts';

type Outcome = Awaited<ReturnType<DecideDeps['decisions']['decide']>>;

const accept = (outcome: Outcome) =>
  decide(
    { decisions: { decide: () => Promise.resolve(outcome) } },
    { ref: '17', decision: 'accept', by: 'alice', reason: 'Because.' },
  );

test.each<[AcceptRefusal, string]>([
  ['status', 'Only batches in ERROR, and HELD ones whose files cannot be read'],
  ['held', '`sendit batch release` queues it'],
  ['missing', '`sendit batch retry`'],
  ['running', 'try again when it has ended'],
  ['moved', 'put them back where they were'],
])('a batch that is not accepted is refused with the next step: %s', async (why, hint) => {
  await expect(accept({ kind: 'refused', batchId: '17', status: 'HELD', why })).rejects.toMatchObject({
    code: 'refused',
    message: 'Batch 17 is HELD, so it cannot be accepted.',
    hint: expect.stringContaining(hint),
  });
});

test('a directory that is not sealed is not accepted, but released', async () => {
  await expect(accept({ kind: 'unsealed' })).rejects.toMatchObject({
    code: 'refused',
    hint: '`sendit batch release` seals a directory as it is.',
  });
});
