export { configTemplate, SCHEMA_FILE, type TemplateFormat } from './config-template.ts';
export { listConfigFiles } from './config-file.ts';
export { defineConfig, type SenditConfig, type WatchPathConfig } from './define-config.ts';
export { type DescribedSetting, describeSettings } from './describe-settings.ts';
export { toJsonSchema } from './json-schema.ts';
export { loadSettings } from './load-settings.ts';
export { type LoadFlags, OVERRIDES, type Override, toFlagName } from './overrides.ts';
export { type Problem, renderProblem, toConfigurationError } from './problem.ts';
export type {
  Backend,
  LoadRequest,
  LoadResult,
  ProcessorKind,
  Profile,
  Settings,
  StopSettings,
  WatchPath,
  WorkerSettings,
} from './settings.ts';
export { toSuggestion } from './suggest.ts';
export { SOCKET_PATH_BYTES, toSocketPath } from './socket-path.ts';
export { toRuleWords } from './rule-words.ts';
