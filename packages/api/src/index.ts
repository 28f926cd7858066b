export { type ClientOptions, createApiClient } from './client.ts';
export {
  type Answer,
  type Contract,
  type Input,
  ROUTES,
  type Route,
  type SenditApi,
  toAnswerStatus,
} from './contract.ts';
export { type ErrorBody, parseErrorBody, toErrorBody } from './error-body.ts';
export { MAX_LIMIT } from './fields.ts';
export { type OpenApiDocument, toOpenApi } from './openapi.ts';
export type { OperationName } from './operations.ts';
export { parseInput } from './parse-input.ts';
export type {
  AcceptMountRequest,
  ActionQuery,
  ActionSummary,
  AuditQuery,
  AuditRecord,
  BatchDetail,
  BatchQuery,
  BatchSummary,
  BatchTimes,
  DecisionRequest,
  RetryOutcome,
  RetryPage,
  RetryQuery,
  SeriesSummary,
  StudySummary,
} from './schemas/batch.ts';
export type { Health, HealthProblem, PendingDirectory, WatcherStatus } from './schemas/watcher.ts';
