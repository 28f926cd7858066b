export { no, unknown, yes } from './answer.ts';
export { isArrivingName, toRsyncTarget } from './arriving-name.ts';
export { all, any, not } from './combine.ts';
export { type HeadedFile, toDicomFacts } from './dicom-facts.ts';
export { type Explanation, type ExplainRequest, explain } from './explain.ts';
export { parseExpectedCount } from './expected-count.ts';
export {
  type Arrival,
  type DicomFacts,
  type ExpectedCount,
  type FolderFacts,
  type FolderListing,
  type FolderSight,
  type FolderSightings,
  type ManifestSighting,
  type MarkerSighting,
  observe,
  type SeriesFacts,
  type SiblingsSighting,
  toRenamedFiles,
  touch,
  type WritersSighting,
} from './facts.ts';
export { judge } from './judge.ts';
export {
  compareManifest,
  type ListedFile,
  type ManifestEntry,
  type ParsedManifest,
  parseManifest,
} from './manifest-format.ts';
export { DEFAULT_IGNORE, DEFAULT_NAMES, type NamePatterns, type NameRules, toNameRules } from './name-rules.ts';
export { type LookPlan, nextLookAt } from './next-look.ts';
export {
  DEFAULT_MAX_WAIT_MS,
  DEFAULT_QUIET_MS,
  PROFILE_NAMES,
  type ProfileName,
  type ProfileOptions,
  profile,
} from './profile.ts';
export { type ParsedRecording, parseRecording, type Recording, toRecordingLines } from './recording.ts';
export { advance, type RecordedStep, replay } from './replay.ts';
export { type ReplayedDecision, replayDecision } from './replay-decision.ts';
export {
  type Answer,
  DEADLINE_ACTIONS,
  type DeadlineAction,
  type DeadlineRule,
  type Evidence,
  type Finding,
  type GradeRule,
  type ProofRule,
  type Rule,
  type Verdict,
  type VetoRule,
} from './rule.ts';
export { count } from './rules/count.ts';
export { type DeadlineOptions, deadline } from './rules/deadline.ts';
export { dicomCounts } from './rules/dicom-counts.ts';
export { gapHint } from './rules/gap-hint.ts';
export { manifest } from './rules/manifest.ts';
export { marker } from './rules/marker.ts';
export { type MinFilesOptions, minFiles } from './rules/min-files.ts';
export { isFinishedName, nameRule } from './rules/name.ts';
export { noOpenWriter } from './rules/no-open-writer.ts';
export { quiet } from './rules/quiet.ts';
export { readable } from './rules/readable.ts';
export { rename } from './rules/rename.ts';
export { toRenameBound } from './rename-bound.ts';
export { siblingsArriving } from './rules/siblings-arriving.ts';
export { stableSnapshot } from './rules/stable-snapshot.ts';
export { wholeFile } from './rules/whole-file.ts';
export { withinLimits } from './rules/within-limits.ts';
export { toArrival } from './units/unit-arrival.ts';
export {
  type FileStamp,
  type HeaderFacts,
  type HeaderSighting,
  isSameStamp,
  type UnitFile,
} from './units/unit-file.ts';
export { UnitGroups } from './units/unit-groups.ts';
export { type Assignment, type FileUnitKind, toAssignment } from './units/unit-key.ts';
