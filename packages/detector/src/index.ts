export { type Arrival, type FolderFacts, type FolderListing, type FolderSight, observe, touch } from './facts.ts';
export { judge } from './judge.ts';
export { isFinishedName, nameRule } from './name-rule.ts';
export { DEFAULT_QUIET_MS, type ProfileName, type ProfileOptions, profile } from './profile.ts';
export type { Answer, Evidence, Finding, ProofRule, Rule, Verdict, VetoRule } from './rule.ts';
export { minFiles, quiet, readable, rename, stableSnapshot } from './rules.ts';
