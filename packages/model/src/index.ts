export type { ActionAttempt, ActionBatch, ActionCounts, ActionJob, ActionPlan } from './action.ts';
export type { ActionProgress, ActionState, HandOnKind, PlannedAction } from './action.ts';
export { ACTION_KINDS, ACTION_STATES, BATCH_EVENTS, type BatchEvent, HAND_ON_KINDS } from './action.ts';
export {
  type Action,
  type ExecAction,
  type ModuleAction,
  FILE_LISTS,
  type PlaceAction,
  type StepAction,
  type WebhookAction,
} from './action-spec.ts';
export type { BatchProgress, ImportTimes, RatedProgress, BatchStatus, CompletenessGrade } from './batch.ts';
export { BATCH_STATUSES, BATCH_TRANSITIONS, COMPLETENESS_GRADES, canTransition, statusesBefore } from './batch.ts';
export { toBackoffMs, withJitter } from './backoff.ts';
export { type Clock, type MonotonicMs, systemClock } from './clock.ts';
export { redactUrl, redactUrlsIn } from './redact-url.ts';
export { type LabelledRoot, toRootLabels } from './root-label.ts';
export { parseServerUrl } from './server-url.ts';
export type { AcceptRefusal, Audited, DecidedState, Decision, DirectoryDecision } from './decision.ts';
export type { DirectoryFinding, DirectoryNote } from './decision.ts';
export { AUDITED, DECISIONS, DECIDED_WORDS, DIRECTORY_DECISIONS, toDecisionReason, toKeptBack } from './decision.ts';
export { ERROR_CODES, type ErrorCode, type RetryAdvice, SenditError, toFirstCause, toMessage } from './errors.ts';
export { toCode, toErrno } from './errno.ts';
export { toErrorName, toErrorSentence, toThrownText } from './error-name.ts';
export type { FindingCode, FindingRecord, FindingSeverity, OwnFindingCode } from './finding.ts';
export { compareFindings, FINDING_CODES, isOwnFindingCode, toFinding } from './finding.ts';
export { ALWAYS_TOLD, FINDING_LEVELS, type FindingPolicy, judgeFinding, toErrorReason } from './finding-policy.ts';
export type { FindingSummary } from './finding-summary.ts';
export { FINDING_EXAMPLES, MOST_LEFT_OUT, toExamplesKept, toFindingRecords } from './finding-summary.ts';
export { type FileEvent, type FileEventParts, toFileEvent } from './event.ts';
export type { BatchToImport, CommitOutcome, DigestAlgorithm, HashPolicy, HashScope } from './import.ts';
export type { ImportedInstance, ImportedSeries, ImportedStudy, ImportPart, ImportResult, ImportRun } from './import.ts';
export type { InstanceStanding } from './import.ts';
export { INSTANCE_STANDINGS, toDigestAlgorithm, toFileDigestAlgorithm, toHashPolicy } from './import.ts';
export { type BatchLimits, DEFAULT_BATCH_LIMITS, type ExceededLimit, toLimitReason, toPathExcess } from './limits.ts';
export { type Handle, toHandle } from './handle.ts';
export { type LogFields, type Logger, MESSAGE_LEVELS, type MessageLevel, silentLogger } from './logger.ts';
export { createOutageLog, type OutageLog } from './outage-log.ts';
export type { EventName } from './mask.ts';
export { EVENT_NAMES, IN, IN_ALL_EVENTS, IN_ISDIR, MASK_NAMES, parseMask, toEventName, toMaskname } from './mask.ts';
export { describeMount, isSameMount, type MountIdentity } from './mount.ts';
export type { FolderSignature, LatePolicy, ManifestFile, OutboxRow, Root, SealOutcome, SealRequest } from './seal.ts';
export type { KnownBatch, SeenDirectory, SeenOutcome } from './seal.ts';
export type { TouchedDigests, TouchedFile, UnreadableBatch } from './seal.ts';
export { defaultLatePolicy, LATE_POLICIES } from './seal.ts';
export type { DiskSpace, HeldCounts, Heartbeat, Mode, OldestWaiting, QueueCounts, RootStatus } from './status.ts';
export { isUnitKey, UNIT_KINDS, type UnitKind } from './unit.ts';
export { ACCESS_EVENTS, type AccessEvent, mayActAs, type Role, ROLES } from './role.ts';
export { toFilesPerS, toRatedProgress } from './progress.ts';
export { HEALTH_CODES, type HealthCode } from './health.ts';
export { type HealthLimits, NO_LIMITS } from './health-limits.ts';
export { toNamelessMessage } from './nameless-message.ts';
export { type AlertChannel, type AlertRules, CHANNEL_KINDS, type FailingChannel } from './alert-rules.ts';
export type { EmailChannel, ExecChannel, WebhookChannel } from './alert-rules.ts';
