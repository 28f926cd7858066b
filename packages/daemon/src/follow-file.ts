import { type FileHandle, open, stat } from 'node:fs/promises';
import { type Clock, SenditError, systemClock, toErrno } from '@sendit/model';
import { LineSplitter, type SplitLine } from './line-splitter.ts';
import { TimesReader } from './line-times.ts';
import { toLocalIso } from './local-iso.ts';

const CHUNK_BYTES = 64 * 1024;
const POLL_MS = 100;
const NEWLINE = 0x0a;

/** How a file is read by {@link followFile}. */
export interface FollowOptions {
  /** How many of the last lines to begin with; all with Infinity. */
  readonly lines: number;
  /** Go on with what is appended, until the signal aborts. */
  readonly follow: boolean;
  /** Before each line when it came, to the second, where that was kept beside the file. */
  readonly times?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Yields the last lines of a log file and, when following, those that come, through rotation by renaming (also when several happen
 * between two looks, as long as the rotated files are there) and through truncation. Whole lines only: one without its newline is
 * kept back until it is ended. Ends, without an error, when the signal aborts; a missing file is waited for when following.
 * @throws SenditError `not-found` when the file does not exist and is not followed.
 */
export async function* followFile(path: string, options: FollowOptions): AsyncGenerator<string, void, undefined> {
  const { lines, follow, signal, clock = systemClock } = options;
  const isOver = (): boolean => signal?.aborted === true;
  let file = await openIfThere(path);
  if (file === undefined && !follow) {
    throw new SenditError(`There is no log file at ${path}`, {
      code: 'not-found',
      hint: 'It is made by the first start.',
    });
  }
  try {
    let position = file === undefined ? 0 : await findLastLines(file, lines);
    const open = async (): Promise<LineReader> =>
      new LineReader(
        position,
        options.times === true && file !== undefined ? await TimesReader.of(path, file) : undefined,
      );
    let reader = await open();
    while (!isOver()) {
      if (file !== undefined) {
        for await (const { chunk, end } of readFrom(file, position)) {
          position = end;
          yield* await reader.push(chunk);
          if (isOver()) return;
        }
      }
      if (!follow) return;

      const next = await findNext(path, file, position);
      if (next.kind === 'truncated') {
        position = 0;
        reader = await open();
      } else if (next.kind === 'rotated') {
        // Lines may have been added between the last read and the renaming.
        if (file !== undefined) {
          for await (const { chunk } of readFrom(file, position)) yield* await reader.push(chunk);
          yield* await reader.flush();
          await file.close();
        }
        file = next.file;
        position = 0;
        reader = await open();
      } else if (next.kind === 'same') {
        await clock.sleep(POLL_MS, signal);
      }
    }
  } finally {
    await file?.close();
  }
}

/** The lines of one file, with their times where they are asked for. */
class LineReader {
  readonly #splitter: LineSplitter;
  readonly #times: TimesReader | undefined;

  constructor(position: number, times: TimesReader | undefined) {
    this.#splitter = new LineSplitter(position);
    this.#times = times;
  }

  push(chunk: Buffer): Promise<readonly string[]> {
    return this.#toText(this.#splitter.push(chunk));
  }

  flush(): Promise<readonly string[]> {
    return this.#toText(this.#splitter.flush());
  }

  /** A line's time is written before the line itself. */
  async #toText(lines: readonly SplitLine[]): Promise<readonly string[]> {
    if (lines.length > 0) await this.#times?.refresh();
    return lines.map(({ at, text }) => {
      const time = this.#times?.at(at);
      return time === undefined ? text : `${toLocalIso(time)} ${text}`;
    });
  }
}

type Next =
  | { readonly kind: 'same' | 'truncated' | 'moving' }
  | { readonly kind: 'rotated'; readonly file: FileHandle };

/** Finds the file that follows a rotated one; the oldest first if there are several. */
async function findNext(path: string, file: FileHandle | undefined, position: number): Promise<Next> {
  if (file === undefined) {
    const appeared = await openIfThere(path);
    return appeared === undefined ? { kind: 'same' } : { kind: 'rotated', file: appeared };
  }
  const ours = await file.stat({ bigint: true });
  // While the writer rotates, one name after the other is free for a moment; at the second free one the series ends.
  let free = 0;
  for (let index = 0; free < 2; index += 1) {
    const stats = await statIfThere(index === 0 ? path : `${path}.${index}`);
    if (stats?.ino === ours.ino && stats.dev === ours.dev) {
      if (index === 0) return { kind: ours.size < position ? 'truncated' : 'same' };
      const next = await openNext(index === 1 ? path : `${path}.${index - 1}`);
      // Rotated once more meanwhile: what was opened may be a later one than the next.
      const still = await statIfThere(`${path}.${index}`);
      if (next.kind !== 'rotated' || (still?.ino === ours.ino && still.dev === ours.dev)) return next;
      await next.file.close();
      return { kind: 'moving' };
    }
    if (stats === undefined) free += 1;
  }
  // Moved elsewhere or removed: go on with whatever has the name now.
  return openNext(path);
}

async function openNext(path: string): Promise<Next> {
  const file = await openIfThere(path);
  return file === undefined ? { kind: 'same' } : { kind: 'rotated', file };
}

async function* readFrom(file: FileHandle, start: number): AsyncGenerator<{ chunk: Buffer; end: number }> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  for (let position = start; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield { chunk: buffer.subarray(0, bytesRead), end: position };
  }
}

/** Where the last `count` lines begin; reads backwards, so that a large file costs no more than they are long. */
async function findLastLines(file: FileHandle, count: number): Promise<number> {
  const { size } = await file.stat();
  if (count === Number.POSITIVE_INFINITY) return 0;
  const buffer = Buffer.alloc(CHUNK_BYTES);
  // The newline that ends the last line begins no further one.
  let wanted = Math.max(0, count) + 1;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    for (let at = bytesRead - 1; at >= 0; at -= 1) {
      if (buffer[at] !== NEWLINE) continue;
      wanted -= 1;
      if (wanted === 0) return start + at + 1;
    }
    end = start;
  }
  return 0;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return undefined;
    throw error;
  }
}
