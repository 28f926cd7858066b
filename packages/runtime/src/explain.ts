export { toSidecarNames } from './disk/sidecar-names.ts';
export { stillAbout } from './disk/still-about.ts';
export { explainDirectory } from './explain/explain-directory.ts';
export { explainUnit } from './explain/explain-unit.ts';
export { listUnsealed } from './explain/list-unsealed.ts';
export { recordFolder, type RecordResult } from './explain/record-folder.ts';
export { replayPath, type ReplayReport } from './explain/replay-recording.ts';
export type { DirectoryExplanation } from './explain/tell-sight.ts';
