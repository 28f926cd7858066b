import type { LogFields, Logger, MessageLevel } from '@sendit/model';

/** One logged line. */
export interface LoggedLine {
  readonly level: MessageLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines. */
export interface RecordingLogger extends Logger {
  readonly lines: readonly LoggedLine[];
  /** The transcript: messages of level LOG. */
  readonly transcript: readonly string[];
  /** Messages of one level. */
  said(level: MessageLevel): readonly string[];
}

export function createRecordingLogger(): RecordingLogger {
  const lines: LoggedLine[] = [];
  const at =
    (level: MessageLevel) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields });
  const said = (level: MessageLevel): readonly string[] =>
    lines.flatMap((line) => (line.level === level ? [line.message] : []));
  return {
    lines,
    get transcript() {
      return said('LOG');
    },
    said,
    abort: at('ABRT'),
    error: at('ERROR'),
    warning: at('WARNING'),
    log: at('LOG'),
    info: at('INFO'),
    verbose: at('VERBOSE'),
    debug: at('DEBUG'),
  };
}
