/** Where an operation is asked for. */
export interface Place {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for a part of the input; the rest goes into the query of a GET, else into a JSON body. */
  readonly path: string;
  /** An HTTP status that is no error for this operation: its answer says what it is. */
  readonly alsoFine?: readonly number[];
  /** Where there is nothing the answer is undefined, not an error. */
  readonly mayBeAbsent?: true;
}

/** Where each operation is asked for: all that a client needs at run time. What goes in and comes out is in `CONTRACT`. */
export const OPERATIONS = {
  status: { method: 'GET', path: '/api/watcher' },
  readHealth: { method: 'GET', path: '/api/health' },
  readTotals: { method: 'GET', path: '/api/totals' },
  readConfiguration: { method: 'GET', path: '/api/configuration' },
  dryRun: { method: 'GET', path: '/api/configuration/dry-run' },
  countStages: { method: 'GET', path: '/api/stages' },
  listPending: { method: 'GET', path: '/api/pending' },
  listBatches: { method: 'POST', path: '/api/batches/list' },
  showBatch: { method: 'POST', path: '/api/batches/lookup', mayBeAbsent: true },
  explain: { method: 'POST', path: '/api/explain' },
  listStudies: { method: 'GET', path: '/api/studies' },
  listSeries: { method: 'GET', path: '/api/series' },
  listImages: { method: 'GET', path: '/api/images' },
  listFindings: { method: 'GET', path: '/api/findings' },
  listWorkers: { method: 'GET', path: '/api/workers' },
  listJobs: { method: 'GET', path: '/api/jobs' },
  readThroughput: { method: 'GET', path: '/api/throughput' },
  listAudit: { method: 'POST', path: '/api/decisions/lookup' },
  listActions: { method: 'POST', path: '/api/actions/list' },
  retryBatch: { method: 'POST', path: '/api/batches/{id}/retry', alsoFine: [404, 409] },
  retryBatches: { method: 'POST', path: '/api/batches/retry' },
  pruneBatches: { method: 'POST', path: '/api/batches/prune' },
  retryActions: { method: 'POST', path: '/api/actions/retry' },
  decide: { method: 'POST', path: '/api/decisions' },
  pauseQueue: { method: 'POST', path: '/api/queue/pause' },
  resumeQueue: { method: 'POST', path: '/api/queue/resume' },
  acceptMount: { method: 'POST', path: '/api/roots/accept' },
  listUsers: { method: 'GET', path: '/api/users' },
  addUser: { method: 'POST', path: '/api/users' },
  changeUser: { method: 'POST', path: '/api/users/change' },
  removeUser: { method: 'POST', path: '/api/users/remove' },
  listTokens: { method: 'GET', path: '/api/tokens' },
  createToken: { method: 'POST', path: '/api/tokens' },
  revokeToken: { method: 'POST', path: '/api/tokens/revoke' },
  listAccess: { method: 'GET', path: '/api/access' },
} as const satisfies Readonly<Record<string, Place>>;

/** Name of an operation: a method of `SenditApi`. */
export type OperationName = keyof typeof OPERATIONS;
