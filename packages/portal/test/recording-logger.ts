import type { LogFields, Logger } from '@sendit/model';

/** A logger that keeps its lines, as JSON. */
export interface RecordingLogger extends Logger {
  readonly lines: string[];
}

/** Creates a {@link RecordingLogger}. */
export function createRecordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const at = (level: string) => (message: string, fields?: LogFields) => {
    lines.push(JSON.stringify({ level, message, ...fields }));
  };
  return {
    lines,
    abort: at('abort'),
    error: at('error'),
    warning: at('warning'),
    log: at('log'),
    info: at('info'),
    verbose: at('verbose'),
    debug: at('debug'),
  };
}
