import { BATCH_STATUSES, BATCH_TRANSITIONS, type BatchStatus, canTransition } from '@sendit/model';
import { expect, test } from 'vitest';
import { type Bounds, keyOf, type Life, type Step, stepsOf, take, UNBORN } from './life.ts';

/** Two messages: the first, and one of a retry. Any number of runs, two of them at once; each job may fail once and be tried again. */
const BOUNDS: Bounds = { messages: 2, tries: 2 };
const OPEN: readonly (BatchStatus | null)[] = ['NEW', 'QUEUE', 'PROCESSING'];

/** How a state was first reached; the shortest way, since states are visited in breadth. */
interface Visit {
  readonly life: Life;
  readonly from: Visit | undefined;
  readonly by: Step | undefined;
}

test('whatever happens in whatever order: no effect twice, nothing stuck, no way outside the table, and health ends it', () => {
  const { states, changes, violation } = explore();
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(10_000);
  // The table has no transition that nothing takes, and nothing takes one that it does not have.
  expect(changes).toEqual(tableChanges());
});

/** Every state within the bounds, or the first that must not be, with the way to it. */
function explore(): { readonly states: number; readonly changes: readonly string[]; readonly violation?: string } {
  const changes = new Set<string>();
  const seen = new Set<string>();
  const frontier: Visit[] = [{ life: UNBORN, from: undefined, by: undefined }];
  const result = () => ({ states: seen.size, changes: [...changes].toSorted() });
  for (let next = frontier[0], at = 1; next !== undefined; next = frontier[at++]) {
    const wrong = violationOf(next.life);
    if (wrong !== undefined) return { ...result(), violation: `${wrong}\n${pathTo(next)}` };
    for (const step of stepsOf(next.life, BOUNDS)) {
      const { life } = take(next.life, step, BOUNDS);
      const { status } = next.life;
      if (status !== null && life.status !== status) changes.add(`${status}>${life.status}`);
      const key = keyOf(life);
      if (seen.has(key)) continue;
      seen.add(key);
      frontier.push({ life, from: next, by: step });
    }
  }
  return result();
}

function violationOf(life: Life): string | undefined {
  const { status, message, effects } = life;
  if (effects > 1) return `${effects} effects`;
  if (OPEN.includes(status) && message === null) return `${status} without a message: stuck`;
  if ((status === 'DONE' || status === 'EMPTY') && (message !== null || effects !== 1)) {
    return `${status} with ${message === null ? 'no' : 'a'} message and ${effects} effects`;
  }
  if (OPEN.includes(status) && OPEN.includes(heal(life).status)) return `all is healthy, and still ${status}`;
  return undefined;
}

/** Everything that runs dies, then a relay and a worker work in peace. */
function heal(sick: Life): Life {
  let life: Life = { ...sick, relay: null, runs: [] };
  const go = (step: Step): void => {
    life = take(life, step, BOUNDS).life;
  };
  if (life.status === null) go({ does: 'seal' });
  for (let round = 0; round < 3 && life.message !== null; round++) {
    const { id } = life.message;
    if (!life.message.due) go({ does: 'let-lease-lapse' });
    for (const does of ['claim', 'add', 'mark'] as const) go({ does });
    go({ does: 'deliver', id });
    go({ does: 'begin', run: 0 });
    if (life.runs[0]?.ended === false) go({ does: 'commit', run: 0, end: 'DONE' });
    go({ does: 'take-off', run: 0 });
  }
  return life;
}

function tableChanges(): readonly string[] {
  return BATCH_STATUSES.flatMap((from) =>
    BATCH_TRANSITIONS[from].filter((to) => from !== to && canTransition(from, to)).map((to) => `${from}>${to}`),
  ).toSorted();
}

function pathTo(visit: Visit): string {
  const steps: string[] = [];
  for (let at: Visit | undefined = visit; at?.by !== undefined; at = at.from) {
    steps.unshift(`${JSON.stringify(at.by)} → ${at.life.status}`);
  }
  return steps.join('\n');
}
