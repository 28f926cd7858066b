import type { Configuration } from '@sendit/api';
import { describeSettings, type Settings, toRuleWords } from '@sendit/config';

/** The settings as the API tells them: without secrets, and the rules of each watch path in words. */
export function toConfiguration(settings: Settings): Configuration {
  return {
    settings: describeSettings(settings),
    watchPaths: settings.watchPaths.map((watchPath) => ({
      name: watchPath.name,
      folder: watchPath.folder,
      rules: toRuleWords(watchPath),
    })),
  };
}
