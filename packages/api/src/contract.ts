import { z } from 'zod';
import { batchId } from './fields.ts';
import type { Role } from '@sendit/model';
import type { Frozen } from './frozen.ts';
import { OPERATIONS, type OperationName, type Place } from './operations.ts';
import {
  acceptMountRequest,
  actionPage,
  actionQuery,
  actionRetry,
  auditPage,
  auditQuery,
  auditRecord,
  batchDetail,
  batchLookup,
  batchPage,
  batchQuery,
  decisionRequest,
  pauseRequest,
  retryOne,
  retryOutcome,
  prunePage,
  pruneQuery,
  retryPage,
  retryQuery,
} from './schemas/batch.ts';
import {
  findingPage,
  findingQuery,
  imagePage,
  imageQuery,
  jobPage,
  jobQuery,
  seriesPage,
  seriesQuery,
  studyPage,
  studyQuery,
} from './schemas/content.ts';
import { configuration, dryRun, dryRunQuery } from './schemas/configuration.ts';
import { explanation, publicHealth, stageCounts, throughputPage, throughputQuery, totals } from './schemas/overview.ts';
import {
  accessPage,
  accessQuery,
  newToken,
  newUser,
  removal,
  removed,
  tokenMade,
  tokenPage,
  user,
  userChange,
  userPage,
} from './schemas/people.ts';
import { pendingPage, pendingQuery, watcherStatus, workerPage } from './schemas/watcher.ts';
import { queueState } from './schemas/work.ts';

/** Another address of an operation. */
interface Also {
  readonly path: string;
  readonly input?: z.ZodObject;
  readonly toInput?: (input: never) => unknown;
}

/** Input and output of an operation. */
export interface Contract {
  readonly summary: string;
  /** `open` tells no name; `look` changes nothing; `act` does; `admin` is about who may come. See {@link toNeededRole}. */
  readonly access: 'open' | 'look' | 'act' | 'admin';
  /** The command that does the same on the host of the watcher. */
  readonly command: string;
  /** Schema of all input; an operation without it takes none. */
  readonly input?: z.ZodObject;
  /** Whether the body may be left out if only the path is required. */
  readonly bodyMayBeAbsent?: true;
  readonly answer: z.ZodType;
  /** 200 by default. */
  readonly status?: number | Readonly<Record<string, number>>;
  /** Other addresses, for what may stand in one. */
  readonly also?: readonly Also[];
}

// As an id and nothing else: a directory may be named by digits.
const toRef = ({ id }: { readonly id: string }) => ({ ref: `id:${id}` });
const byId = z.strictObject({ id: batchId });

/**
 * The API: each operation once. Ids go into addresses; names and paths may identify the patient, so that they can go
 * into a body.
 */
const CONTRACT = {
  status: {
    summary: 'What the watcher says of itself: `sendit watcher status --json`.',
    access: 'look',
    command: 'sendit watcher status',
    answer: watcherStatus,
    also: [{ path: '/api/status' }],
  },
  readHealth: {
    summary: 'Health and counts, without any name: the one judgement, as `sendit watcher status` has it.',
    access: 'open',
    command: 'sendit watcher status',
    answer: publicHealth,
  },
  readTotals: {
    summary: 'What was done since the database was made, without any name: the counters behind `/metrics`.',
    access: 'open',
    command: 'sendit watcher status',
    answer: totals,
  },
  readConfiguration: {
    summary:
      'What is in force and where each value came from, without secrets, and the rules of each watch path in words.',
    access: 'look',
    command: 'sendit config show',
    answer: configuration,
  },
  dryRun: {
    summary: 'What another quiet time would have made of what was sealed; changes nothing.',
    access: 'look',
    command: 'sendit config dry-run',
    input: dryRunQuery,
    answer: dryRun,
  },
  countStages: {
    summary: 'How many units are in each stage of their way.',
    access: 'look',
    command: 'sendit watcher status',
    answer: stageCounts,
  },
  listPending: {
    summary:
      "What is seen and not yet sealed, longest first. Only the watcher's own process knows all: from the database, what is held, quarantined or decided about.",
    access: 'look',
    command: 'sendit watcher pending',
    input: pendingQuery,
    answer: pendingPage,
  },
  listBatches: {
    summary: 'Batches, newest first.',
    access: 'look',
    command: 'sendit batch list',
    input: batchQuery,
    answer: batchPage,
    also: [{ path: '/api/batches', input: batchQuery }],
  },
  showBatch: {
    summary: 'One batch by id (`17`, `id:17`), absolute path, name (newest generation), or UID of a study or series.',
    access: 'look',
    command: 'sendit batch show',
    input: batchLookup,
    answer: batchDetail,
    also: [{ path: '/api/batches/{id}', input: byId, toInput: toRef }],
  },
  explain: {
    summary: 'Why a batch or a directory is where it is: every rule, its evidence, and what would finish it.',
    access: 'look',
    command: 'sendit explain',
    input: batchLookup,
    answer: explanation,
    also: [{ path: '/api/batches/{id}/explain', input: byId, toInput: toRef }],
  },
  listStudies: {
    summary: 'Studies, newest first.',
    access: 'look',
    command: 'sendit batch show',
    input: studyQuery,
    answer: studyPage,
  },
  listSeries: {
    summary: 'Series, newest first.',
    access: 'look',
    command: 'sendit batch show',
    input: seriesQuery,
    answer: seriesPage,
  },
  listImages: {
    summary: 'Images, by batch and UID.',
    access: 'look',
    command: 'sendit batch show',
    input: imageQuery,
    answer: imagePage,
  },
  listFindings: {
    summary: 'Findings of imports, newest first.',
    access: 'look',
    command: 'sendit batch show',
    input: findingQuery,
    answer: findingPage,
  },
  listWorkers: {
    summary: 'Watchers and import workers, by their signs of life, the youngest first.',
    access: 'look',
    command: 'sendit watcher status',
    answer: workerPage,
  },
  listJobs: {
    summary: 'What is still to be done, imports and actions, the oldest first.',
    access: 'look',
    command: 'sendit batch list',
    input: jobQuery,
    answer: jobPage,
  },
  readThroughput: {
    summary: 'What was imported in each span, the oldest first.',
    access: 'look',
    command: 'sendit batch list',
    input: throughputQuery,
    answer: throughputPage,
  },
  listAudit: {
    summary: 'What persons decided, newest first.',
    access: 'look',
    command: 'sendit batch audit',
    input: auditQuery,
    answer: auditPage,
    also: [{ path: '/api/audit', input: auditQuery }],
  },
  listActions: {
    summary: 'What follows imports, newest batch first.',
    access: 'look',
    command: 'sendit batch actions',
    input: actionQuery,
    answer: actionPage,
  },
  retryBatch: {
    summary: 'Queues one batch again.',
    access: 'act',
    command: 'sendit batch retry',
    input: retryOne,
    bodyMayBeAbsent: true,
    answer: retryOutcome,
    status: { queued: 202, 'not-found': 404, refused: 409 },
  },
  retryBatches: {
    summary:
      'Queues a page of batches again, in one transaction with its audit records; repeated, it finds nothing more to do.',
    access: 'act',
    command: 'sendit batch retry',
    input: retryQuery,
    answer: retryPage,
    status: 202,
  },
  pruneBatches: {
    summary:
      'Takes away the lists of a slice of old batches, in one transaction; what knows them again stays. Repeated, it finds nothing more to do.',
    access: 'act',
    command: 'sendit db prune',
    input: pruneQuery,
    answer: prunePage,
  },
  decide: {
    summary:
      'Writes what a person decides about a batch, or about a directory that is not sealed yet, with its audit record.',
    access: 'act',
    command: 'sendit batch release, hold, quarantine, accept, acknowledge or amend',
    input: decisionRequest,
    answer: auditRecord,
    status: 201,
  },
  pauseQueue: {
    summary: 'Pauses the import queue, with audit records: running imports end, no other begins before it is resumed.',
    access: 'act',
    command: 'sendit queue pause',
    input: pauseRequest,
    answer: queueState,
  },
  resumeQueue: {
    summary: 'Lets a paused import queue go on, with audit records.',
    access: 'act',
    command: 'sendit queue resume',
    input: pauseRequest,
    answer: queueState,
  },
  acceptMount: {
    summary: 'What lies at a watch path now is what shall lie there, with an audit record.',
    access: 'act',
    command: 'sendit root accept',
    input: acceptMountRequest,
    answer: auditRecord,
    status: 201,
  },
  retryActions: {
    summary: 'Failed actions get all their attempts again; gives how many. Repeated, it finds nothing more to do.',
    access: 'act',
    command: 'sendit batch actions --retry',
    input: actionRetry,
    answer: z.object({ queued: z.int().min(0) }),
    status: 202,
  },
  listUsers: {
    summary: 'Accounts of persons, by name.',
    access: 'admin',
    command: 'sendit user list',
    answer: userPage,
  },
  addUser: {
    summary: 'A new account.',
    access: 'admin',
    command: 'sendit user add',
    input: newUser,
    answer: user,
    status: 201,
  },
  changeUser: {
    summary: 'Another role or password for an account; another password signs it out everywhere.',
    access: 'admin',
    command: 'sendit user role or passwd',
    input: userChange,
    answer: user,
  },
  removeUser: {
    summary: 'An account less; it is signed out everywhere.',
    access: 'admin',
    command: 'sendit user remove',
    input: removal,
    answer: removed,
  },
  listTokens: {
    summary: 'Tokens of scripts, by name; never the tokens themselves.',
    access: 'admin',
    command: 'sendit token list',
    answer: tokenPage,
  },
  createToken: {
    summary: 'A new token of a script; told once, here.',
    access: 'admin',
    command: 'sendit token create',
    input: newToken,
    answer: tokenMade,
    status: 201,
  },
  revokeToken: {
    summary: 'A token less, from now on.',
    access: 'admin',
    command: 'sendit token revoke',
    input: removal,
    answer: removed,
  },
  listAccess: {
    summary:
      'Who signed in or failed to, was locked out, and which accounts and tokens were changed by whom; newest first.',
    access: 'admin',
    command: 'sendit user log',
    input: accessQuery,
    answer: accessPage,
  },
} as const satisfies Readonly<Record<OperationName, Contract>>;

type Contracts = typeof CONTRACT;

/** Input of an operation. */
export type Input<Name extends OperationName> = Contracts[Name] extends {
  readonly input: infer Schema extends z.ZodType;
}
  ? Frozen<z.infer<Schema>>
  : undefined;

/** Output of an operation; undefined if it may have none. */
export type Answer<Name extends OperationName> =
  | Frozen<z.infer<Contracts[Name]['answer']>>
  | ((typeof OPERATIONS)[Name] extends { readonly mayBeAbsent: true } ? undefined : never);

/**
 * Queries and commands of an installation, a method for each operation; served in-process, over the unix socket, over
 * TCP, or from the database. Throws a `SenditError`: `bad-arguments`, `not-found`, or `refused` if the state does not
 * allow it.
 */
export type SenditApi = {
  readonly [Name in OperationName]: Input<Name> extends undefined
    ? () => Promise<Answer<Name>>
    : (input: Input<Name>) => Promise<Answer<Name>>;
};

/** One operation at one address. */
export interface Route extends Place {
  readonly operation: OperationName;
  readonly contract: Contract;
  readonly input: z.ZodObject | undefined;
  readonly toInput: ((input: never) => unknown) | undefined;
}

/** Every address of the API with the operation behind it. */
export const ROUTES: readonly Route[] = Object.entries<Contract>(CONTRACT).flatMap(([name, contract]) => {
  const operation = name as OperationName;
  const place: Place = OPERATIONS[operation];
  const { also = [], input } = contract;
  return [
    { ...place, operation, contract, input, toInput: undefined },
    ...also.map(
      (one): Route => ({
        ...place,
        operation,
        contract,
        method: 'GET',
        path: one.path,
        input: one.input,
        toInput: one.toInput,
      }),
    ),
  ];
});

/** The one table of what each kind of operation needs; undefined where anybody may ask. */
const NEEDED_ROLES = { open: undefined, look: 'viewer', act: 'operator', admin: 'admin' } as const satisfies Readonly<
  Record<Contract['access'], Role | undefined>
>;

/** The role that an operation needs. */
export function toNeededRole({ access }: Contract): Role | undefined {
  return NEEDED_ROLES[access];
}

/** Whether an operation asks who does it, so that whoever is signed in is put there by the server. */
export function asksWho({ contract, input, method }: Route): boolean {
  return method === 'POST' && contract.access !== 'look' && input !== undefined && 'by' in input.shape;
}

/** The HTTP status of an answer. */
export function toAnswerStatus({ status = 200 }: Contract, answer: unknown): number {
  if (typeof status === 'number') return status;
  const kind: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'kind') : undefined;
  return (typeof kind === 'string' ? status[kind] : undefined) ?? 200;
}
