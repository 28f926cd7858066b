/** Where lines go: each call gives one whole line with its newline. `process.stdout` is one, so is a log file. */
export interface Sink {
  write(line: string): unknown;
}

/** A sink whose target may be exchanged while loggers hold it: lines go to the console first, to the log files once they are open. */
export interface DynamicSink extends Sink {
  /** Sends the lines that follow to another sink, or to several. */
  redirect(...targets: readonly Sink[]): void;
}

/** Makes a sink that passes lines on to the given targets until it is redirected. */
export function createSink(...targets: readonly Sink[]): DynamicSink {
  let current = targets;
  return {
    write(line) {
      for (const target of current) target.write(line);
    },
    redirect(...next) {
      current = next;
    },
  };
}
