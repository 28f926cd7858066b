import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type CandidateState,
  createState,
  type Input,
  isBusy,
  type Step,
} from '../src/candidate/state.ts';
import { step } from '../src/candidate/step.ts';
import { candidateOf, lookOf, momentAt, noteOf, QUIET_MS } from './step-world.ts';

/** Inputs in a row. */
const DEPTH = 8;

const BATCH = { name: 'scan', path: '/data/scan', batchId: '1' };
const KNOWN = { kind: 'known', batchId: '1', generation: 1, status: 'DONE', changed: false, isLate: false } as const;
const SEALED = { kind: 'sealed', batchId: '1', generation: 1, isLate: false } as const;
const KEPT = { kind: 'kept-back', batchId: null, generation: null, note: noteOf('hold') } as const;

/** Inputs possible in any phase. */
const EVENTS: readonly Input[] = [
  { kind: 'arrived', candidate: candidateOf('found') },
  { kind: 'arrived', candidate: candidateOf('renamed') },
  { kind: 'left', mayBeRecorded: false },
  { kind: 'left', mayBeRecorded: true },
  { kind: 'named', reason: 'its name is not final', isNew: false },
  { kind: 'recalled', since: 0 },
  { kind: 'recorded' },
  { kind: 'disowned' },
  { kind: 'wanted' },
  { kind: 'dismissed' },
  { kind: 'check', batch: BATCH },
  { kind: 'turn' },
];

const looked = (look: ReturnType<typeof lookOf>, over: Partial<Extract<Answer, { kind: 'looked' }>> = {}): Answer => ({
  kind: 'looked',
  look,
  isInPlace: true,
  note: undefined,
  tookMs: 1,
  ...over,
});

/** Possible answers to each kind of work. */
const ANSWERS: Readonly<Record<string, readonly Answer[]>> = {
  looking: [
    looked(lookOf(undefined)),
    looked(lookOf('')),
    looked(lookOf('one')),
    looked(lookOf('two')),
    looked(lookOf('one'), { isInPlace: false }),
    looked(lookOf('one'), { note: noteOf('hold') }),
    looked(lookOf('one'), { note: noteOf('release') }),
    looked(lookOf('one'), { note: noteOf('release', { identity: 'another' }) }),
    looked(lookOf('one'), { note: noteOf(null, { outcome: 'quarantine', identity: '1:scan:0' }) }),
    looked(lookOf('one', { isDirectory: false })),
  ],
  asking: [
    { kind: 'writers', writers: { kind: 'none', complete: true } },
    { kind: 'writers', writers: { kind: 'open', files: 1, pids: [1], example: 'a' } },
  ],
  sealing: [
    { kind: 'answered', outcome: SEALED },
    { kind: 'answered', outcome: KNOWN },
    { kind: 'answered', outcome: KEPT },
    { kind: 'refused', error: 'Error' },
  ],
  marking: [
    { kind: 'marked', result: 'done' },
    { kind: 'marked', result: 'elsewhere' },
    { kind: 'marked', result: 'failed' },
  ],
  checking: [
    looked(lookOf(undefined)),
    looked(lookOf('one')),
    looked(lookOf('two')),
    looked(lookOf('two', { unreadable: 1 })),
    looked(lookOf('two'), { isInPlace: false }),
  ],
  noting: [
    { kind: 'seen', outcome: undefined },
    { kind: 'seen', outcome: { kind: 'unchanged' } },
    { kind: 'seen', outcome: { kind: 'replaced' } },
    { kind: 'seen', outcome: { kind: 'late', isNew: true, isLeft: true } },
  ],
  settling: [{ kind: 'settled' }],
};

const FAILED: Answer = { kind: 'failed', error: 'Error' };

/** A state at a time; times count from it, as far as they matter. */
interface Node {
  readonly state: CandidateState;
  readonly now: number;
}

function toKey({ now, state }: Node): string {
  const from = (at: number): number => Math.max(-3 * QUIET_MS, Math.min(at - now, 3 * QUIET_MS));
  const { aftercare, facts, phase } = state;
  return JSON.stringify([
    phase.kind,
    'until' in phase && phase.until !== undefined ? from(phase.until) : null,
    'look' in phase ? phase.look.listing.manifestDigest : 'snapshotDigest' in phase ? phase.snapshotDigest : null,
    'candidate' in phase ? phase.candidate.arrival : null,
    'isAftercare' in phase ? phase.isAftercare : null,
    state.candidate?.arrival,
    facts && [facts.arrival, facts.renamedFiles, facts.listing, from(facts.lastChangeAt), from(facts.firstSeenAt)],
    [state.isRecorded, state.isGone, state.isOvertaken, state.outcome, state.reason, state.told !== undefined],
    Math.min(state.failures, 1),
    aftercare && [aftercare.snapshotDigest, from(aftercare.at)],
  ]);
}

/** The inputs that a state may get, each at once, and turns and looks also a quiet time later, and while the store is away. */
function* toInputs({
  now,
  state,
}: Node): Generator<{ readonly input: Input; readonly now: number; readonly away: boolean }> {
  const answers = isBusy(state) ? [...(ANSWERS[state.phase.kind] ?? []), FAILED] : [];
  for (const input of [...EVENTS, ...answers]) {
    yield { input, now, away: false };
    if (input.kind === 'turn' || input.kind === 'looked') {
      yield { input, now: now + QUIET_MS + 1, away: false };
      yield { input, now, away: true };
    }
  }
}

function walk(visit: (before: Node, input: Input, after: Step) => void): number {
  let level: Node[] = [{ state: createState('scan', false, 0), now: 1_000 }];
  const seen = new Set(level.map(toKey));
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next: Node[] = [];
    for (const node of level) {
      for (const { away, input, now } of toInputs(node)) {
        const closed = away ? { storeClosedUntil: now + QUIET_MS, isStoreAway: true } : {};
        const after = step(node.state, input, momentAt(now, closed));
        visit(node, input, after);
        const found = { state: after.state, now };
        const key = toKey(found);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(found);
      }
    }
    level = next;
  }
  return seen.size;
}

/** The rows of the two tables as `input phase → phases`. */
function readTables(): Map<string, Set<string>> {
  const text = readFileSync(new URL('../../../docs/candidates.md', import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  const busy = Object.keys(ANSWERS);
  const table = new Map<string, Set<string>>();
  const add = (input: string, phases: readonly string[], cell: string): void => {
    for (const phase of phases) {
      const to = cell.split(' ').map((word) => (word === '·' ? phase : word));
      table.set(`${input} in ${phase}`, new Set(to));
    }
  };
  const header = rows.findIndex(([first]) => first === 'input');
  for (const [input = '', ...cells] of rows.slice(header + 2, header + 2 + 10)) {
    for (const [index, phase] of ['resting', 'unfinished', 'waiting'].entries())
      add(input, [phase], cells[index] ?? '');
    add(input, busy, cells[3] ?? '');
  }
  const answers = rows.findIndex(([first]) => first === 'answer');
  for (const [input = '', phase = '', cell = ''] of rows.slice(answers + 2)) add(input, phase.split(', '), cell);
  return table;
}

/** Laws that every transition keeps; gives those that one breaks. */
function* findBroken(before: CandidateState, input: Input, { state, work }: Step): Generator<string> {
  const isAnswer =
    input === FAILED ||
    Object.values(ANSWERS)
      .flat()
      .some((answer) => answer === input);
  const wasAnswered = isBusy(before) && isAnswer;
  if ((work !== undefined) !== (isBusy(state) && (wasAnswered || !isBusy(before))))
    yield 'one piece of work at a time, each with its phase';
  if (isBusy(before) && !isAnswer && state.phase !== before.phase) yield 'an event does not end the work';
  if (work?.kind === 'seal') {
    const look = before.phase.kind === 'asking' ? before.phase.look : input.kind === 'looked' ? input.look : undefined;
    if (work.look !== look) yield 'a seal takes the files of the look that was judged';
    if (before.isOvertaken) yield 'nothing is sealed by a look that was overtaken';
    if (before.isGone) yield 'what has gone is recorded before anything else';
  }
  const isDropped = before.candidate !== undefined && state.candidate === undefined;
  const isSettled = before.phase.kind === 'settling' && before.phase.until === undefined && input.kind === 'settled';
  const isGone = input.kind === 'looked' && !(input.look.listing.exists && input.look.listing.isDirectory);
  if (isDropped && input.kind !== 'left' && input.kind !== 'answered' && !isSettled && !isGone)
    yield 'a candidate is dropped only when it is gone, recorded, or no directory';
  const wasGone = before.isGone || (before.phase.kind === 'marking' && input.kind === 'failed');
  if (wasGone && !state.isGone && !(input.kind === 'turn' && state.phase.kind === 'marking'))
    yield 'a going is forgotten only when the store was told of it';
  const isFoundGone = input.kind === 'looked' && !input.look.listing.exists && input.isInPlace && !before.isOvertaken;
  if (before.phase.kind === 'checking' && !before.phase.isAftercare && isFoundGone && !state.isGone)
    yield 'what a check finds gone is to be told';
  const isAtRest = state.phase.kind === 'resting' || state.phase.kind === 'unfinished';
  if (isAtRest && (state.candidate !== undefined || state.isGone)) yield 'nothing that is to be done rests';
}

describe('every sequence of inputs up to a length', () => {
  const taken = new Map<string, Set<string>>();
  const broken = new Set<string>();
  let states = 0;
  beforeAll(() => {
    states = walk(({ state }, input, after) => {
      const key = `${input.kind} in ${state.phase.kind}`;
      taken.set(key, (taken.get(key) ?? new Set()).add(after.state.phase.kind));
      for (const law of findBroken(state, input, after)) broken.add(`${law}: ${key} → ${after.state.phase.kind}`);
    });
  });

  test('takes the transitions of docs/candidates.md and no others; together they take each of them', () => {
    const sorted = (table: Map<string, Set<string>>) =>
      Object.fromEntries(
        [...table]
          .toSorted(([one], [other]) => one.localeCompare(other))
          .map(([key, to]) => [key, [...to].sort().join(' ')]),
      );
    expect(sorted(taken)).toEqual(sorted(readTables()));
    expect(states).toBeGreaterThan(10_000);
  });

  test('keeps the laws of a candidate', () => {
    expect([...broken]).toEqual([]);
  });
});

test('an answer that nobody waits for is a mistake', () => {
  const state = createState('scan', false, 0);
  for (const input of Object.values(ANSWERS).flat()) expect(() => step(state, input, momentAt(0))).toThrow(TypeError);
});
