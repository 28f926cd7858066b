import type { FileEvent } from '@sendit/model';
import type { EventSource, SourceStatus } from '../src/ports.ts';

/** A source whose events are pushed by hand. It does not listen to the signal: only its disposal ends it. */
export class HandSource implements EventSource {
  readonly backend = 'hand';
  readonly reason = 'a test';
  disposed = 0;
  problems: SourceStatus['problems'] = [];
  readonly #queue: FileEvent[] = [];
  #failure: Error | undefined;
  #ended = false;
  #wake: () => void = () => undefined;

  push(...events: readonly FileEvent[]): void {
    this.#queue.push(...events);
    this.#wake();
  }

  status(): SourceStatus {
    return { foundByRescan: 0, problems: this.problems };
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#wake();
  }

  async *events(): AsyncGenerator<FileEvent> {
    for (;;) {
      const event = this.#queue.shift();
      if (event !== undefined) yield event;
      else if (this.#failure !== undefined) throw this.#failure;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed += 1;
    this.#ended = true;
    this.#wake();
  }
}
