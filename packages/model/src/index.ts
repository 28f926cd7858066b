export {
  ACTION_KINDS,
  ACTION_STATES,
  type ActionAttempt,
  type ActionBatch,
  type ActionCounts,
  type ActionJob,
  type ActionKind,
  type ActionPlan,
  type ActionState,
  type PlannedAction,
} from './action.ts';
export {
  type Action,
  type ExecAction,
  FILE_LISTS,
  type FileListPlace,
  type PlaceAction,
  type WebhookAction,
} from './action-spec.ts';
export {
  BATCH_STATUSES,
  BATCH_TRANSITIONS,
  type BatchProgress,
  type ImportTimes,
  type RatedProgress,
  type BatchStatus,
  COMPLETENESS_GRADES,
  type CompletenessGrade,
  canTransition,
  statusesBefore,
} from './batch.ts';
export { type BackoffOptions, toBackoffMs, withJitter } from './backoff.ts';
export { type Clock, type MonotonicMs, systemClock } from './clock.ts';
export { redactUrl, redactUrlsIn } from './redact-url.ts';
export { type LabelledRoot, toRootLabels } from './root-label.ts';
export { parseServerUrl, type ServerUrl, type TlsConnection } from './server-url.ts';
export {
  type AcceptRefusal,
  AUDITED,
  type Audited,
  DECISIONS,
  type DecidedState,
  DECIDED_WORDS,
  type Decision,
  DIRECTORY_DECISIONS,
  type DirectoryDecision,
  type DirectoryNote,
  toDecisionReason,
  toKeptBack,
} from './decision.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  type RetryAdvice,
  SenditError,
  type SenditErrorOptions,
  toFirstCause,
  toMessage,
} from './errors.ts';
export { toCode, toErrno } from './errno.ts';
export { toErrorName, toErrorSentence, toThrownText } from './error-name.ts';
export {
  compareFindings,
  FINDING_CODES,
  type FindingCode,
  type FindingRecord,
  type FindingSeverity,
  toFinding,
} from './finding.ts';
export {
  ALWAYS_TOLD,
  FINDING_LEVELS,
  type FindingLevel,
  type FindingPolicy,
  judgeFinding,
  toErrorReason,
} from './finding-policy.ts';
export {
  FINDING_EXAMPLES,
  type FindingSummary,
  MOST_LEFT_OUT,
  toExamplesKept,
  toFindingRecords,
} from './finding-summary.ts';
export { type FileEvent, type FileEventParts, toFileEvent } from './event.ts';
export {
  type BatchToImport,
  type CommitOutcome,
  type DigestAlgorithm,
  type HashAlgorithm,
  type HashPolicy,
  type HashScope,
  type ImportedInstance,
  type ImportedSeries,
  type ImportedStudy,
  type ImportPart,
  type ImportResult,
  type ImportRun,
  INSTANCE_STANDINGS,
  type InstanceStanding,
  toDigestAlgorithm,
  toFileDigestAlgorithm,
} from './import.ts';
export { type BatchLimits, DEFAULT_BATCH_LIMITS, type ExceededLimit, toLimitReason, toPathExcess } from './limits.ts';
export { type Handle, toHandle } from './handle.ts';
export { type LogFields, type Logger, MESSAGE_LEVELS, type MessageLevel, silentLogger } from './logger.ts';
export { createOutageLog, type OutageLog, type OutageLogOptions } from './outage-log.ts';
export {
  EVENT_NAMES,
  type EventName,
  IN,
  IN_ALL_EVENTS,
  IN_ISDIR,
  IN_ONESHOT,
  MASK_NAMES,
  type ParsedMask,
  parseMask,
  toEventName,
  toMaskname,
} from './mask.ts';
export { describeMount, isSameMount, type MountIdentity } from './mount.ts';
export {
  type FolderSignature,
  defaultLatePolicy,
  LATE_POLICIES,
  type LatePolicy,
  type ManifestFile,
  type OutboxRow,
  type Root,
  type SealOutcome,
  type SealRequest,
  type SeenDirectory,
  type SeenOutcome,
} from './seal.ts';
export type {
  HeldCounts,
  Heartbeat,
  Mode,
  QueueCounts,
  RootStatus,
} from './status.ts';
export { isUnitKey, UNIT_KINDS, type UnitKind } from './unit.ts';
export { toFilesPerS, toRatedProgress } from './progress.ts';
export { HEALTH_CODES, type HealthCode } from './health.ts';
