export { loadAskedSettings, loadCliSettings, loadStopSettings, type SettingsFlags } from './cli-settings.ts';
export { loadSettings, type Purpose, type SettingsSource } from './load-settings.ts';
