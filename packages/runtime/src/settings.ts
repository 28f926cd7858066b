export { loadAskedSettings, loadCliSettings, loadStopSettings, type SettingsFlags } from './load-settings.ts';
