import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, toMessage } from '@sendit/model';
import { dropTimes, LineTimes, toTimesFile } from './line-times.ts';
import type { Sink } from './sink.ts';

const RETRY_MS = 1_000;
const NEWLINE = 0x0a;

/** How a log file behaves. */
export interface LogFileOptions {
  /** Size in bytes at which it is rotated; a single longer line still is written whole. */
  readonly maxBytes: number;
  /** How many rotated files (`.1` the newest) are kept; at least 1. */
  readonly keep: number;
  readonly clock: Clock;
  /** Keeps beside it when each line came: for lines that do not say so themselves. */
  readonly times?: boolean;
  /** Ms since the epoch; `Date.now` by default. */
  readonly wallNow?: () => number;
  /** Called once when writing starts to fail, and again only after it has worked. Must not throw. */
  readonly warn: (message: string) => void;
}

/**
 * One append-only log file with rotation by size.
 *
 * open    lines are appended; at `maxBytes` the file becomes `.1`, `.1` becomes `.2`, …
 * failing a write or open failed (disk full, directory gone): lines are counted and dropped, a second later the next line tries again
 * closed  nothing is written any more
 *
 * Writes are synchronous and appending: when `write` returns the line is with the kernel, so a crash or `process.exit` loses nothing,
 * lines never pile up in memory, and a rotation cannot come between. It costs about a microsecond a line.
 */
export class LogFile implements Sink {
  readonly path: string;
  readonly #options: LogFileOptions;
  readonly #times: LineTimes | undefined;
  #fd: number | undefined;
  #size = 0;
  #rotateAt: number;
  #rotationFails = false;
  /** The file ends in the middle of a line: what follows begins with a newline. */
  #cut = false;
  #retryAt: number | undefined;
  #closed = false;
  #lostLines = 0;

  /** @throws the system's error when the file cannot be opened. */
  constructor(path: string, options: LogFileOptions) {
    if (!(options.maxBytes > 0)) throw new TypeError(`Expected maxBytes above 0, got ${options.maxBytes}`);
    if (!Number.isInteger(options.keep) || options.keep < 1) {
      throw new TypeError(`Expected keep to be a whole number from 1, got ${options.keep}`);
    }
    this.path = path;
    this.#options = options;
    this.#times = options.times === true ? new LineTimes(path) : undefined;
    if (this.#times === undefined) dropTimes(path);
    this.#rotateAt = options.maxBytes;
    this.#open();
  }

  /** Lines dropped since the start because the file could not be written. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** Appends one line, which brings its newline. Never throws. */
  write(line: string): void {
    if (this.#closed) return;
    if (this.#retryAt !== undefined && this.#options.clock.now() < this.#retryAt) {
      this.#lostLines += 1;
      return;
    }
    try {
      if (this.#fd === undefined) this.#open();
      const bytes = Buffer.from(this.#cut ? `\n${line}` : line);
      if (this.#size > 0 && this.#size + bytes.length > this.#rotateAt) this.#rotate();
      this.#append(bytes);
      this.#retryAt = undefined;
    } catch (error) {
      this.#lostLines += 1;
      this.#fail(error);
    }
  }

  /** Closes the file and opens its name anew: after logrotate moved it away, that is a new file. Never throws. */
  reopen(): void {
    if (this.#closed) return;
    try {
      this.#release();
      this.#open();
      this.#retryAt = undefined;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes nothing from now on; idempotent. */
  close(): void {
    this.#closed = true;
    this.#release();
    this.#times?.release();
  }

  #append(bytes: Buffer): void {
    if (this.#fd === undefined) throw new Error(`${this.path} is not open`);
    this.#times?.note(this.#fd, (this.#options.wallNow ?? Date.now)());
    let written = 0;
    try {
      // A disk that fills up takes a part first and fails on the rest.
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } finally {
      this.#size += written;
      if (written > 0) this.#cut = bytes[written - 1] !== NEWLINE;
    }
  }

  #open(): void {
    const fd = openLogFile(this.path);
    this.#fd = fd;
    this.#times?.release();
    this.#size = fstatSync(fd).size;
    this.#rotateAt = this.#options.maxBytes;
    const last = Buffer.alloc(1);
    this.#cut = this.#size > 0 && readSync(fd, last, 0, 1, this.#size - 1) === 1 && last[0] !== NEWLINE;
  }

  #release(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #rotate(): void {
    if (this.#fd === undefined) return;
    try {
      // Rotated by somebody else already: follow, do not push their new file away.
      if (isSameFile(fstatSync(this.#fd), statIfThere(this.path))) shift(this.path, this.#options.keep);
      const next = openLogFile(this.path);
      this.#release();
      closeSync(next);
      this.#open();
      this.#rotationFails = false;
    } catch (error) {
      // Better a file that grows than no log; the next try is due when as much again has been written.
      this.#rotateAt = this.#size + this.#options.maxBytes;
      if (!this.#rotationFails) {
        this.#options.warn(`${this.path} could not be rotated and goes on growing: ${toMessage(error)}`);
      }
      this.#rotationFails = true;
    }
  }

  #fail(error: unknown): void {
    if (this.#retryAt === undefined) {
      this.#options.warn(`${this.path} cannot be written, its lines are lost until it can: ${toMessage(error)}`);
    }
    this.#retryAt = this.#options.clock.now() + RETRY_MS;
    this.#release();
  }
}

/** Mode 0640: the transcript holds folder names. */
function openLogFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openSync(path, 'a+', 0o640);
}

function shift(path: string, keep: number): void {
  for (let index = keep; index > 0; index -= 1) {
    const from = index === 1 ? path : `${path}.${index - 1}`;
    if (statIfThere(from) === undefined) continue;
    renameSync(from, `${path}.${index}`);
    const times = toTimesFile(path, index - 1);
    if (statIfThere(times) === undefined) rmSync(toTimesFile(path, index), { force: true });
    else renameSync(times, toTimesFile(path, index));
  }
}

function statIfThere(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function isSameFile(one: Stats, other: Stats | undefined): boolean {
  return other !== undefined && one.ino === other.ino && one.dev === other.dev;
}
