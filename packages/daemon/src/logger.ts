import { type LogFields, type Logger, MESSAGE_LEVELS, type MessageLevel } from '@sendit/model';
import { formatLine } from './format-line.ts';
import { createJsonWriter } from './json-line.ts';
import { toLocalIso } from './local-iso.ts';
import { toLevelNumber } from './message-level.ts';
import type { Sink } from './sink.ts';

/** How and where a logger writes. */
export interface LoggerOptions {
  /** Shown is what is not above this level; at QUIET (0) nothing is. */
  readonly level: MessageLevel | number;
  /** `text`: the seed's lines. `json`: one object a line. */
  readonly format: 'text' | 'json';
  /** Takes LOG and INFO. */
  readonly out: Sink;
  /** Takes all the others. */
  readonly err: Sink;
  /** Colours the level's name in the text format; for terminals only. */
  readonly colour: boolean;
  /** In the text format: puts the time before what goes to `err`. The lines of `out` are the seed's, to the letter. */
  readonly now?: () => Date;
}

/** The seed's logger. */
export function createLogger(options: LoggerOptions): Logger {
  const limit = toLevelNumber(options.level);
  const write = options.format === 'json' ? createJsonWriter(toSink) : writeText;

  function toSink(level: MessageLevel): Sink {
    return level === 'LOG' || level === 'INFO' ? options.out : options.err;
  }
  function writeText(level: MessageLevel, message: string, fields: LogFields | undefined): void {
    const sink = toSink(level);
    const time = options.now === undefined || sink !== options.err ? '' : `${toLocalIso(options.now())} `;
    sink.write(`${time}${formatLine(level, message, { colour: options.colour, ...(fields && { fields }) })}`);
  }
  const at = (level: MessageLevel) => (message: string, fields?: LogFields) => {
    if (limit !== MESSAGE_LEVELS.QUIET && MESSAGE_LEVELS[level] <= limit) write(level, message, fields);
  };
  return {
    abort: at('ABRT'),
    error: at('ERROR'),
    warning: at('WARNING'),
    log: at('LOG'),
    info: at('INFO'),
    verbose: at('VERBOSE'),
    debug: at('DEBUG'),
  };
}
