import { createRequire } from 'node:module';
import { type LogFields, MESSAGE_LEVELS, type MessageLevel } from '@sendit/model';
import type { pino } from 'pino';
import type { Sink } from './sink.ts';

/** Writes one message of any level. */
type MessageWriter = (level: MessageLevel, message: string, fields: LogFields | undefined) => void;

type Pino = typeof pino;
type PinoLevel = Lowercase<MessageLevel>;

/** Keys of our own; a field of that name gets a trailing underscore, since a JSON object should not have a key twice. */
const OWN_KEYS: ReadonlySet<string> = new Set(['level', 'time', 'msg']);

/** Writes `{"level":"LOG","time":"…Z","msg":"…",…fields}` lines with pino. */
export function createJsonWriter(toSink: (level: MessageLevel) => Sink): MessageWriter {
  // Loaded only for this format: a start of the command line should not pay for it.
  const load = createRequire(import.meta.url)('pino') as Pino;
  let sink: Sink | undefined;
  const levels = Object.keys(MESSAGE_LEVELS) as readonly MessageLevel[];
  const json = load(
    {
      base: null,
      timestamp: load.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      // The level was judged already; pino's own scale runs the other way and from 1.
      customLevels: Object.fromEntries(
        levels.map((level) => [toPinoLevel(level), 10 - MESSAGE_LEVELS[level]]),
      ) as Record<PinoLevel, number>,
      useOnlyCustomLevels: true,
      level: 'debug',
    },
    { write: (line) => sink?.write(line) },
  );
  return (level, message, fields) => {
    sink = toSink(level);
    json[toPinoLevel(level)](toJsonFields(fields), message);
  };
}

/** pino lowers the case of the level that it is set to, not of the levels' names. */
function toPinoLevel(level: MessageLevel): PinoLevel {
  return level.toLowerCase() as PinoLevel;
}

function toJsonFields(fields: LogFields | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([key, value]) => [OWN_KEYS.has(key) ? `${key}_` : key, value]),
  );
}
