import { closeSync, fstatSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { type FileHandle, readFile } from 'node:fs/promises';
import { toErrno } from '@sendit/model';

/** Rotated files that are looked through for the times of one. */
const MOST_ROTATED = 1_000;

/** Where the times of a log file's lines are, or of the file that was rotated so often. */
export function toTimesFile(logFile: string, rotations = 0): string {
  return rotations === 0 ? `${logFile}.times` : `${logFile}.${rotations}.times`;
}

/**
 * Keeps the times of a log file's lines beside it, since its lines are another program's, to the letter: first the file's inode, then one
 * record for each second in which a line came, `<bytes before it> <second since the epoch>`. What it cannot write is left out.
 */
export class LineTimes {
  readonly #logFile: string;
  #fd: number | undefined;
  #inode: bigint | undefined;
  #second = -1;

  constructor(logFile: string) {
    this.#logFile = logFile;
  }

  /** A line is about to be appended to the open log file, the same as before unless {@link release} was called. Never throws. */
  note(logFd: number, now: number): void {
    const second = Math.floor(now / 1000);
    if (second === this.#second && this.#inode !== undefined) return;
    try {
      const { ino, size } = fstatSync(logFd, { bigint: true });
      if (ino !== this.#inode) this.#open(ino);
      if (this.#fd !== undefined) writeSync(this.#fd, `${size} ${second}\n`);
      this.#second = second;
    } catch {
      this.release();
    }
  }

  /** The log file is closed, or another one is opened. */
  release(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#inode = undefined;
  }

  /** Goes on with what is there, or begins anew where that is of another file. */
  #open(inode: bigint): void {
    this.release();
    const path = toTimesFile(this.#logFile);
    const isOwn = readIfThere(path).startsWith(`${inode}\n`);
    this.#fd = openSync(path, isOwn ? 'a' : 'w', 0o640);
    if (!isOwn) writeSync(this.#fd, `${inode}\n`);
    this.#inode = inode;
  }
}

/** Of lines that say their time themselves nothing is kept, nor left from before. */
export function dropTimes(logFile: string): void {
  try {
    rmSync(toTimesFile(logFile), { force: true });
  } catch {
    // It tells the times of the lines before.
  }
}

/** The times of one log file's lines, as {@link LineTimes} keeps them. */
export class TimesReader {
  readonly #path: string | undefined;
  #records: readonly Record[] = [];

  private constructor(path: string | undefined) {
    this.#path = path;
  }

  /** Those of an open file, whatever it is called by now. */
  static async of(logFile: string, file: FileHandle): Promise<TimesReader> {
    const { ino } = await file.stat({ bigint: true });
    for (let rotations = 0; rotations < MOST_ROTATED; rotations += 1) {
      const path = toTimesFile(logFile, rotations);
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text?.startsWith(`${ino}\n`) === true) return new TimesReader(path);
      if (text === undefined && rotations > 0) break;
    }
    return new TimesReader(undefined);
  }

  /** Reads what has been written since. */
  async refresh(): Promise<void> {
    if (this.#path === undefined) return;
    const text = await readFile(this.#path, 'utf8').catch(() => undefined);
    if (text !== undefined) this.#records = parseRecords(text);
  }

  /** When the line came that begins at a byte, to the second; undefined where that is not known. */
  at(byte: number): Date | undefined {
    const second = this.#records.findLast((record) => record.byte <= byte)?.second;
    return second === undefined ? undefined : new Date(second * 1000);
  }
}

interface Record {
  readonly byte: number;
  readonly second: number;
}

/** A file that was cut off and written anew, as logrotate's `copytruncate` does, begins anew here, too. */
function parseRecords(text: string): readonly Record[] {
  const records: Record[] = [];
  for (const line of text.split('\n').slice(1)) {
    const [byte = Number.NaN, second = Number.NaN] = line.split(' ').map(Number);
    if (!Number.isFinite(byte) || !Number.isFinite(second) || line === '') continue;
    if (byte < (records.at(-1)?.byte ?? 0)) records.length = 0;
    records.push({ byte, second });
  }
  return records;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return '';
    throw error;
  }
}
