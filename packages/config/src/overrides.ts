/** Values given on the command line; every one is optional and stronger than environment and file. */
export interface LoadFlags {
  readonly stateDir?: string | undefined;
  /** Folders to watch in place of the configured ones, with IN_ALL_EVENTS and DicomQueue. */
  readonly data?: readonly string[] | undefined;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly messageLevel?: string | undefined;
  readonly logFormat?: string | undefined;
  readonly portal?: boolean | undefined;
  readonly portalHost?: string | undefined;
  readonly portalPort?: number | undefined;
  readonly workerConcurrency?: number | undefined;
  readonly quietMs?: number | undefined;
  readonly stopTimeoutMs?: number | undefined;
}

/** How one setting may be given elsewhere than in the file. */
export interface Override {
  /** `portal.port`. */
  readonly setting: string;
  /** Environment variables, the strongest first. */
  readonly env: readonly string[];
  readonly flag?: keyof LoadFlags;
  /** How the text of an environment variable is read; anything unreadable stays text, and the schema says what it expected. */
  readonly reading:
    | 'text'
    | 'number'
    | 'boolean'
    | 'number-or-text'
    | 'number-or-false'
    | 'false-or-text'
    | 'list'
    | 'pairs'
    | 'json';
}

/** The one table of settings, environment variables and flags. */
export const OVERRIDES: readonly Override[] = [
  { setting: 'watchPaths', env: ['SENDIT_DATA'], flag: 'data', reading: 'list' },
  { setting: 'stateDir', env: ['SENDIT_STATE_DIR'], flag: 'stateDir', reading: 'text' },
  { setting: 'pidFile', env: ['SENDIT_PID_FILE'], reading: 'text' },
  { setting: 'outFile', env: ['SENDIT_OUT_FILE'], reading: 'text' },
  { setting: 'errFile', env: ['SENDIT_ERR_FILE'], reading: 'text' },
  { setting: 'socketPath', env: ['SENDIT_SOCKET_PATH'], reading: 'text' },
  { setting: 'databaseDir', env: ['SENDIT_DATABASE_DIR'], reading: 'text' },
  { setting: 'databaseUrl', env: ['SENDIT_DATABASE_URL', 'DATABASE_URL'], flag: 'databaseUrl', reading: 'text' },
  { setting: 'redisUrl', env: ['SENDIT_REDIS_URL', 'REDIS_URL'], flag: 'redisUrl', reading: 'text' },
  { setting: 'messageLevel', env: ['SENDIT_MESSAGELEVEL'], flag: 'messageLevel', reading: 'number-or-text' },
  { setting: 'logFormat', env: ['SENDIT_LOG_FORMAT'], flag: 'logFormat', reading: 'text' },
  { setting: 'logs.maxBytes', env: ['SENDIT_LOG_MAX_BYTES'], reading: 'number-or-text' },
  { setting: 'logs.keep', env: ['SENDIT_LOG_KEEP'], reading: 'number' },
  { setting: 'portal.enabled', env: ['SENDIT_PORTAL_ENABLED'], flag: 'portal', reading: 'boolean' },
  { setting: 'portal.host', env: ['SENDIT_PORTAL_HOST'], flag: 'portalHost', reading: 'text' },
  { setting: 'portal.port', env: ['SENDIT_PORTAL_PORT'], flag: 'portalPort', reading: 'number' },
  { setting: 'portal.basePath', env: ['SENDIT_PORTAL_BASE_PATH'], reading: 'text' },
  { setting: 'portal.hosts', env: ['SENDIT_PORTAL_HOSTS'], reading: 'list' },
  { setting: 'portal.trustedProxies', env: ['SENDIT_PORTAL_TRUSTED_PROXIES'], reading: 'list' },
  {
    setting: 'worker.concurrency',
    env: ['SENDIT_WORKER_CONCURRENCY'],
    flag: 'workerConcurrency',
    reading: 'number',
  },
  { setting: 'worker.attempts', env: ['SENDIT_WORKER_ATTEMPTS'], reading: 'number' },
  { setting: 'worker.backoffMs', env: ['SENDIT_WORKER_BACKOFF_MS'], reading: 'number' },
  { setting: 'worker.threads', env: ['SENDIT_WORKER_THREADS'], reading: 'number' },
  { setting: 'worker.networkThreads', env: ['SENDIT_WORKER_NETWORK_THREADS'], reading: 'number' },
  { setting: 'worker.hash', env: ['SENDIT_WORKER_HASH'], reading: 'text' },
  { setting: 'worker.hashAlgorithm', env: ['SENDIT_WORKER_HASH_ALGORITHM'], reading: 'text' },
  { setting: 'worker.filter.modalities', env: ['SENDIT_FILTER_MODALITIES'], reading: 'list' },
  { setting: 'worker.extraAttributes', env: ['SENDIT_EXTRA_ATTRIBUTES'], reading: 'list' },
  { setting: 'worker.filter.imageTypes', env: ['SENDIT_FILTER_IMAGE_TYPES'], reading: 'list' },
  { setting: 'worker.filter.excludeBurnedIn', env: ['SENDIT_FILTER_EXCLUDE_BURNED_IN'], reading: 'boolean' },
  { setting: 'worker.checks', env: ['SENDIT_WORKER_CHECKS'], reading: 'list' },
  { setting: 'worker.steps', env: ['SENDIT_WORKER_STEPS'], reading: 'list' },
  { setting: 'limits.files', env: ['SENDIT_LIMIT_FILES'], reading: 'number' },
  { setting: 'limits.pathBytes', env: ['SENDIT_LIMIT_PATH_BYTES'], reading: 'number' },
  { setting: 'limits.depth', env: ['SENDIT_LIMIT_DEPTH'], reading: 'number' },
  { setting: 'alerts.installation', env: ['SENDIT_ALERT_INSTALLATION'], reading: 'text' },
  { setting: 'alerts.stuckMs', env: ['SENDIT_ALERT_STUCK_MS'], reading: 'number-or-false' },
  { setting: 'alerts.diskBelow', env: ['SENDIT_ALERT_DISK_BELOW'], reading: 'false-or-text' },
  { setting: 'alerts.queueMs', env: ['SENDIT_ALERT_QUEUE_MS'], reading: 'number-or-false' },
  { setting: 'alerts.noArrivalMs', env: ['SENDIT_ALERT_NO_ARRIVAL_MS'], reading: 'number-or-false' },
  { setting: 'alerts.afterMs', env: ['SENDIT_ALERT_AFTER_MS'], reading: 'number' },
  { setting: 'alerts.againMs', env: ['SENDIT_ALERT_AGAIN_MS'], reading: 'number-or-false' },
  { setting: 'alerts.channels', env: ['SENDIT_ALERT_CHANNELS'], reading: 'json' },
  { setting: 'findings', env: ['SENDIT_FINDINGS'], reading: 'pairs' },
  { setting: 'stopTimeoutMs', env: ['SENDIT_STOP_TIMEOUT_MS'], flag: 'stopTimeoutMs', reading: 'number' },
  { setting: 'quietMs', env: ['SENDIT_QUIET_MS'], flag: 'quietMs', reading: 'number' },
  { setting: 'testPrefix', env: ['SENDIT_TEST_PREFIX'], reading: 'false-or-text' },
];

/** Names the configuration file, as `--config` does. */
export const CONFIG_FILE_VARIABLE = 'SENDIT_CONFIG';

/** `portalPort` as it is typed: `--portal-port`. */
export function toFlagName(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The text of a variable as the value that the schema judges. */
export function readVariable(text: string, reading: Override['reading']): unknown {
  const isNumber = /^\s*-?\d+\s*$/.test(text);
  switch (reading) {
    case 'number':
    case 'number-or-text':
      return isNumber ? Number(text) : text;
    case 'number-or-false':
      return isNumber ? Number(text) : readVariable(text, 'false-or-text');
    case 'boolean':
      return /^(?:true|1|yes|on)$/i.test(text) ? true : /^(?:false|0|no|off)$/i.test(text) ? false : text;
    case 'false-or-text':
      return /^(?:false|off)$/i.test(text) ? false : text;
    case 'list':
      return text.split(':').filter((part) => part !== '');
    case 'json':
      return readJson(text);
    case 'pairs':
      return readPairs(text);
    case 'text':
      return text;
  }
}

/** Returns the text unchanged if it is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Parses `truncated=error:private-data=off`; returns the text unchanged if a part is not a pair. */
function readPairs(text: string): unknown {
  const pairs = text.split(':').map((part) => part.split('='));
  return pairs.every((pair) => pair.length === 2) ? Object.fromEntries(pairs) : text;
}
