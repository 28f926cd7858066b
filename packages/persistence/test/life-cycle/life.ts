import { type BatchStatus, canTransition, statusesBefore } from '@sendit/model';

/**
 * The life of one batch, with everything that touches it: sealer, relay, queue, up to two runs of a worker, and people. A state is
 * what would be left after a power cut, plus what is in the memory of the relay and of the runs.
 */
export interface Life {
  /** Null until it is sealed. */
  readonly status: BatchStatus | null;
  /** Runs that began, ever: the number of the latest. */
  readonly attempts: number;
  /** Messages given so far; the id of the latest. */
  readonly messages: number;
  /** The outbox row; `due` when a relay may take it. */
  readonly message: { readonly id: number; readonly due: boolean } | null;
  /** The relay's memory: a message that it took, and whether the queue has it. */
  readonly relay: { readonly id: number; readonly added: boolean } | null;
  /** The queue: at most one job for each message. */
  readonly jobs: readonly Job[];
  readonly runs: readonly Run[];
  /** Imports written since the batch was last sealed or taken up again. */
  readonly effects: number;
}

interface Job {
  readonly id: number;
  /** A run has it, or died with it. */
  readonly active: boolean;
  /** Runs that may still fail. */
  readonly tries: number;
}

/** One run of a job: fetched, then begun under a number, then ended with the job not yet taken off the queue. */
export interface Run {
  readonly id: number;
  readonly attempt: number | null;
  readonly ended: boolean;
}

/** Final statuses of an import. */
export const IMPORT_ENDS = ['DONE', 'EMPTY', 'ERROR'] as const;

/** Where a person or a policy may put a batch. */
export const ASIDE = ['HELD', 'QUARANTINED'] as const;

/** A possible next step. `run` is the index of a run. */
export type Step =
  | { readonly does: 'seal' | 'find-late-files' | 'retry' }
  | { readonly does: 'accept' }
  | { readonly does: 'claim' | 'add' | 'mark' | 'kill-relay' | 'let-lease-lapse' }
  | { readonly does: 'forget-jobs' }
  | { readonly does: 'deliver'; readonly id: number }
  | { readonly does: 'begin' | 'kill-run' | 'take-off' | 'fail'; readonly run: number }
  | { readonly does: 'commit'; readonly run: number; readonly end: (typeof IMPORT_ENDS)[number] }
  | { readonly does: 'set-aside'; readonly to: (typeof ASIDE)[number] };

/** How far a life is followed. */
export interface Bounds {
  readonly messages: number;
  /** Runs of a job before its batch is given up. */
  readonly tries: number;
}

/** Before anything happened. */
export const UNBORN: Life = {
  status: null,
  attempts: 0,
  messages: 0,
  message: null,
  relay: null,
  jobs: [],
  runs: [],
  effects: 0,
};

const MOST_RUNS = 2;

/** Everything that may happen now: progress, crashes, duplicates, people, late files. */
export function stepsOf(life: Life, bounds: Bounds): readonly Step[] {
  const { status } = life;
  if (status === null) return [{ does: 'seal' }];
  const steps: Step[] = [{ does: 'find-late-files' }];
  if (statusesBefore('NEW').includes(status) && life.messages < bounds.messages) steps.push({ does: 'retry' });
  if (status === 'ERROR') steps.push({ does: 'accept' });
  for (const to of ASIDE) if (canTransition(status, to)) steps.push({ does: 'set-aside', to });
  if (life.message !== null) steps.push({ does: life.message.due ? 'claim' : 'let-lease-lapse' });
  if (life.relay !== null) steps.push({ does: life.relay.added ? 'mark' : 'add' }, { does: 'kill-relay' });
  if (life.jobs.length > 0) steps.push({ does: 'forget-jobs' });
  // Also of an active job: its lock lapsed, whether its run died or only stood still.
  if (life.runs.length < MOST_RUNS) for (const { id } of life.jobs) steps.push({ does: 'deliver', id });
  for (const [run, { attempt, ended }] of life.runs.entries()) {
    steps.push({ does: 'kill-run', run });
    if (ended) steps.push({ does: 'take-off', run });
    else if (attempt !== null) {
      steps.push({ does: 'fail', run });
      for (const end of IMPORT_ENDS) steps.push({ does: 'commit', run, end });
    } else steps.push({ does: 'begin', run });
  }
  return steps;
}

/** States of one key have the same future: of the runs that began only which is the latest matters, not how many there were. */
export function keyOf({ attempts, runs, ...rest }: Life): string {
  const roles = runs.map(
    ({ id, attempt, ended }) => `${id} ${attempt === null ? 'fetched' : attempt === attempts} ${ended}`,
  );
  return JSON.stringify([rest, roles.toSorted()]);
}

/** Result of a step, and its answer to the caller, if any. */
export interface Taken {
  readonly life: Life;
  readonly told?: 'sealed' | 'known' | 'import' | 'settled' | 'committed' | 'already-done' | 'failed';
}

/** Takes one step. Pure. */
export function take(life: Life, step: Step, bounds: Bounds): Taken {
  switch (step.does) {
    case 'seal':
      return { life: withMessage({ ...life, status: 'NEW' }), told: 'sealed' };
    case 'find-late-files':
      return { life, told: 'known' };
    case 'retry':
      return { life: withMessage({ ...life, status: 'NEW', effects: 0 }) };
    case 'accept':
      return { life: { ...life, status: 'DONE' } };
    case 'set-aside':
      return { life: { ...life, status: step.to } };
    case 'forget-jobs':
      return { life: { ...life, jobs: [] } };
    case 'deliver':
      return {
        life: {
          ...life,
          jobs: life.jobs.map((job) => (job.id === step.id ? { ...job, active: true } : job)),
          runs: [...life.runs, { id: step.id, attempt: null, ended: false }],
        },
      };
    case 'claim':
    case 'add':
    case 'mark':
    case 'kill-relay':
    case 'let-lease-lapse':
      return { life: relayStep(life, step.does, bounds) };
    case 'begin':
    case 'kill-run':
    case 'take-off':
    case 'fail':
    case 'commit':
      return runStep(life, step);
  }
}

function withMessage(life: Life): Life {
  const id = life.messages + 1;
  return { ...life, messages: id, message: { id, due: true } };
}

function relayStep(
  life: Life,
  does: 'claim' | 'add' | 'mark' | 'kill-relay' | 'let-lease-lapse',
  bounds: Bounds,
): Life {
  const { message, relay, jobs } = life;
  switch (does) {
    case 'claim':
      return message === null
        ? life
        : { ...life, message: { ...message, due: false }, relay: { id: message.id, added: false } };
    case 'let-lease-lapse':
      return message === null ? life : { ...life, message: { ...message, due: true } };
    case 'kill-relay':
      return { ...life, relay: null };
    case 'add': {
      if (relay === null) return life;
      const isThere = jobs.some((job) => job.id === relay.id);
      const job = { id: relay.id, active: false, tries: bounds.tries };
      return { ...life, relay: { ...relay, added: true }, jobs: isThere ? jobs : [...jobs, job] };
    }
    case 'mark':
      return {
        ...life,
        relay: null,
        // Of a message that is gone nothing is marked.
        ...(message?.id === relay?.id && message !== null
          ? { message: { ...message, due: false }, ...(life.status === 'NEW' ? { status: 'QUEUE' } : {}) }
          : {}),
      };
  }
}

function runStep(life: Life, step: Extract<Step, { readonly run: number }>): Taken {
  const run = life.runs[step.run];
  if (run === undefined) throw new TypeError('Expected a run that there is');
  const hasMessage = life.message?.id === run.id;
  switch (step.does) {
    case 'kill-run':
      return { life: { ...life, runs: life.runs.toSpliced(step.run, 1) } };
    case 'take-off':
      return {
        life: {
          ...life,
          runs: life.runs.toSpliced(step.run, 1),
          jobs: life.jobs.filter((job) => job.id !== run.id),
        },
      };
    case 'begin': {
      if (!hasMessage || life.status === null || !statusesBefore('PROCESSING').includes(life.status)) {
        return {
          life: {
            ...life,
            message: hasMessage ? null : life.message,
            runs: change(life.runs, step.run, { ended: true }),
          },
          told: 'settled',
        };
      }
      const attempts = life.attempts + 1;
      return {
        life: { ...life, status: 'PROCESSING', attempts, runs: change(life.runs, step.run, { attempt: attempts }) },
        told: 'import',
      };
    }
    case 'commit': {
      const ended = { ...life, runs: change(life.runs, step.run, { ended: true }) };
      if (!hasMessage || run.attempt !== life.attempts) return { life: ended, told: 'already-done' };
      // Set aside by a person: what was read is not wanted, and nobody shall read it again.
      if (life.status !== 'PROCESSING') return { life: { ...ended, message: null }, told: 'already-done' };
      return { life: { ...ended, message: null, status: step.end, effects: life.effects + 1 }, told: 'committed' };
    }
    case 'fail':
      return fail(life, step.run, run);
  }
}

/** An attempt that failed: back to the queue while tries are left, else the batch is given up. */
function fail(life: Life, index: number, run: Run): Taken {
  const hasMessage = life.message?.id === run.id;
  const job = life.jobs.find(({ id }) => id === run.id);
  const runs = life.runs.toSpliced(index, 1);
  // A job that the queue forgot cannot be asked for tries: its run only ends.
  if (job === undefined || job.tries > 1) {
    const jobs = life.jobs.map((one) => (one === job ? { ...one, active: false, tries: one.tries - 1 } : one));
    const isOwn = hasMessage && life.status === 'PROCESSING' && run.attempt === life.attempts;
    return { life: { ...life, runs, jobs, ...(isOwn ? { status: 'QUEUE' as const } : {}) } };
  }
  const jobs = life.jobs.filter((one) => one !== job);
  if (!hasMessage) return { life: { ...life, runs, jobs }, told: 'already-done' };
  // The queue had it, even when nobody could say so.
  const status = life.status === 'NEW' ? 'QUEUE' : life.status;
  const isOpen = status === 'QUEUE' || status === 'PROCESSING';
  return {
    life: { ...life, runs, jobs, message: null, status: isOpen ? GIVEN_UP : status },
    told: isOpen ? 'failed' : 'already-done',
  };
}

/** Status of a batch whose last try has failed. */
export const GIVEN_UP: BatchStatus = 'QUARANTINED';

function change(runs: readonly Run[], index: number, fields: Partial<Run>): readonly Run[] {
  return runs.map((run, at) => (at === index ? { ...run, ...fields } : run));
}
