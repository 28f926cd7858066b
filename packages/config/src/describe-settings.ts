import { type Action, BATCH_EVENTS, redactUrl } from '@sendit/model';
import { describeAction } from './describe-action.ts';
import { describeChannel } from './describe-channel.ts';
import { isRecord } from './is-record.ts';
import { listFields, listWatchPathFields } from './schema-fields.ts';
import type { Settings } from './settings.ts';

/** One line of `sendit config show`. */
export interface DescribedSetting {
  /** `portal.port`, `watchPaths[0].folder`. */
  readonly path: string;
  /** Null where nothing is set. Passwords are shown as `***`. */
  readonly value: string | number | boolean | null;
  /** `default`, `file sendit.config.ts`, `environment …` or `flag …`. */
  readonly source: string;
}

/** Every setting with its value and where that comes from, fit to be shown. */
export function describeSettings(settings: Settings): readonly DescribedSetting[] {
  const general = [
    'configFile',
    ...listFields()
      .map((field) => field.path)
      .filter((path) => path !== 'watchPaths' && path !== 'alerts.channels'),
  ];
  const ofWatchPaths = settings.watchPaths.flatMap((_, index) =>
    listWatchPathFields()
      .map((field) => `watchPaths[${index}].${field.path}`)
      .filter((path) => !/\.(?:actions|moveFailed|onError|onHeld|onLate)$/.test(path)),
  );
  const described = [...general, ...ofWatchPaths].map((path) => ({
    path,
    value: toShown(path, valueAt(settings, path)),
    source: settings.sources[path] ?? 'default',
  }));
  const channels = settings.alerts.rules.channels.flatMap((channel, at) =>
    Object.entries(describeChannel(channel)).map(([key, value]) => ({
      path: `alerts.channels[${at}].${key}`,
      value,
      source: settings.sources['alerts.channels'] ?? 'default',
    })),
  );
  return [...described, ...channels, ...settings.watchPaths.flatMap((_, index) => describeActions(settings, index))];
}

function describeActions(settings: Settings, index: number): readonly DescribedSetting[] {
  const { actions = [], eventActions = [], failedActions = [] } = settings.watchPaths[index] ?? {};
  const path = `watchPaths[${index}]`;
  const toLines = (field: string, at: string, action: Action): DescribedSetting[] =>
    Object.entries(describeAction(action)).map(([key, value]) => ({
      path: `${at}.${key}`,
      value,
      source: settings.sources[`${path}.${field}`] ?? 'default',
    }));
  return [
    ...actions.flatMap((action, at) => toLines('actions', `${path}.actions[${at}]`, action)),
    ...BATCH_EVENTS.flatMap((on) =>
      eventActions
        .filter((action) => action.on === on)
        .flatMap((action, at) => toLines(on, `${path}.${on}[${at}]`, action)),
    ),
    ...failedActions.flatMap((action) => toLines('moveFailed', `${path}.moveFailed`, action)),
  ];
}

function valueAt(settings: Settings, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      settings,
    );
}

function toShown(path: string, value: unknown): DescribedSetting['value'] {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (path === 'worker.steps' || path === 'worker.checks') return toNames(value);
  if (isRecord(value)) return toWords(value);
  if (typeof value !== 'string') return null;
  return path.endsWith('Url') ? redactUrl(value) : value;
}

/** The names of steps, the codes of checks; null for none. */
function toNames(value: unknown): string | null {
  const names = Array.isArray(value)
    ? value.flatMap((one) => (isRecord(one) ? [String(one['name'] ?? one['code'])] : []))
    : [];
  return names.length === 0 ? null : names.join(', ');
}

/** `truncated: error, private-data: off`; null for nothing. */
function toWords(value: Readonly<Record<string, unknown>>): string | null {
  const words = Object.entries(value).flatMap(([key, word]) => (typeof word === 'string' ? [`${key}: ${word}`] : []));
  return words.length === 0 ? null : words.join(', ');
}
