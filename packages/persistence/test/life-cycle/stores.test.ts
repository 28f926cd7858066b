import { join } from 'node:path';
import { openMemoryDir, type TempDir } from '@sendit/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/index.ts';
import { type Bounds, type Life, type Step, stepsOf, take, UNBORN } from './life.ts';
import { RealLife } from './real-life.ts';

const BOUNDS: Bounds = { messages: 4, tries: 3 };
const LIVES = 40;
const LONGEST = 32;
/** Of what may happen three in four are these: or hardly a life would come to its end. */
const PROGRESS: readonly Step['does'][] = [
  'claim',
  'add',
  'mark',
  'deliver',
  'begin',
  'commit',
  'fail',
  'retry',
  'take-off',
];
const INSTANCES = 2;

let temp: TempDir;
let db: Database;
let lives = 0;

beforeAll(async () => {
  temp = await openMemoryDir();
  db = await openDatabase({ kind: 'embedded', directory: join(temp.path, 'database') });
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await temp[Symbol.asyncDispose]();
});

test('the stores do what the model of a life does, step by step, in whatever order', async () => {
  const taken = new Set<string>();
  const choices = fc.array(fc.nat({ max: 10_000 }), { minLength: 10, maxLength: LONGEST });
  const property = fc.asyncProperty(choices, async (picks) => {
    for (const does of await live(picks)) taken.add(does);
  });
  // A failure prints the seed and the shortest life that shows it.
  await fc.assert(property, { numRuns: LIVES });
  for (const does of ['retry', 'commit', 'fail', 'begin', 'mark', 'set-aside']) expect(taken).toContain(does);
}, 300_000);

/** Lives one life in the model and in the database at once; what was done in it. */
async function live(picks: readonly number[]): Promise<readonly Step['does'][]> {
  lives += 1;
  const real = new RealLife(db, `life-${lives}`);
  const done: Step[] = [];
  let life: Life = UNBORN;
  let instances = 0;
  for (const pick of picks) {
    const step = choose(stepsOf(life, BOUNDS), pick);
    if (step === undefined) break;
    done.push(step);
    const told = await real.take(step, life);
    const taken = take(life, step, BOUNDS);
    life = taken.life;
    if (taken.told === 'committed') instances = step.does === 'commit' && step.end === 'EMPTY' ? 0 : INSTANCES;
    const { status, attempts, message } = life;
    // `done` is told when it differs.
    expect({ told, ...(await real.read()), done }).toEqual({
      told: taken.told,
      status,
      attempts,
      message: message?.id ?? null,
      instances,
      done,
    });
  }
  await real.end();
  return done.map((step) => step.does);
}

function choose(steps: readonly Step[], pick: number): Step | undefined {
  const progress = steps.filter(({ does }) => PROGRESS.includes(does));
  const pool = pick % 4 === 0 || progress.length === 0 ? steps : progress;
  return pool[Math.floor(pick / 4) % pool.length];
}
