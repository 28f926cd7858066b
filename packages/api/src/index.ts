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
export type { Page, Paging } from './page.ts';
export { parseInput } from './parse-input.ts';
export {
  type AcceptMountRequest,
  type ActionQuery,
  type ActionRetry,
  type ActionSummary,
  type AuditQuery,
  type AuditRecord,
  BATCH_STAGES,
  type BatchDetail,
  type BatchQuery,
  type BatchSort,
  type BatchStage,
  type BatchSummary,
  type BatchTimes,
  type DecisionRequest,
  type RetryOutcome,
  type RetryPage,
  type RetryQuery,
  type SeriesSummary,
  type StudySummary,
} from './schemas/batch.ts';
export type {
  FindingQuery,
  FindingRow,
  ImageQuery,
  ImageRow,
  JobQuery,
  JobRow,
  SeriesQuery,
  SeriesRow,
  StudyQuery,
  StudyRow,
} from './schemas/content.ts';
export type {
  Explanation,
  PublicHealth,
  StageCounts,
  ThroughputQuery,
  ThroughputRow,
  Totals,
} from './schemas/overview.ts';
export type {
  Health,
  HealthProblem,
  PendingDirectory,
  PendingQuery,
  PendingStage,
  PendingUnit,
  WatcherStatus,
  Worker,
} from './schemas/watcher.ts';
