import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { ExecAction } from '@sendit/model';
import { type AttemptOutcome, failedForNow } from './outcome.ts';
import type { Notice } from './notice.ts';
import { toArguments } from './to-arguments.ts';

/** Grace period between SIGTERM and SIGKILL. */
const TERM_MS = 5_000;
/** Grace period when this process itself has to stop. */
const HURRY_MS = 500;
/** Most of a command's output that is kept. */
const KEPT_CHARACTERS = 2_000;

/** Input of a command about its batch. */
export interface CommandInput {
  readonly notice: Notice;
  /** Absolute paths of the sealed files, where it gets them, each ended by NUL. */
  readonly list?: AsyncIterable<Uint8Array> | undefined;
  /** Path of a file that holds the list; it is not on standard input then. */
  readonly listFile?: string | undefined;
}

/**
 * Runs a command in a process group of its own, the notice and perhaps the list of files on its standard input; exit code 0 is done. Its
 * output is thrown away unless `keepOutput`. At the timeout, when the list cannot be read to its end, and when the signal aborts, the whole
 * group is ended.
 * @throws the signal's reason when aborted. @throws what the list throws, when the command is gone.
 */
export async function runCommand(
  action: ExecAction,
  { list, listFile, notice }: CommandInput,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  signal.throwIfAborted();
  const [program = '', ...args] = action.command;
  const output = action.keepOutput ? 'pipe' : 'ignore';
  const child = spawn(program, toArguments(args, notice, listFile), {
    cwd: action.cwd,
    env: {
      ...action.environment,
      ...toVariables(notice),
      ...(listFile === undefined ? {} : { SENDIT_FILES: listFile }),
    },
    stdio: ['pipe', output, output],
    shell: false,
    detached: true,
  });
  const tail = keepTail(child);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), action.timeoutMs);
  const cut = new AbortController();
  const ends = AbortSignal.any([signal, timeout.signal, cut.signal]);
  const stop = endOn(child, ends, () => (signal.aborted ? HURRY_MS : TERM_MS));
  // Cut short, a list must not look like a whole one: the command is ended before its input is.
  const told = tell(child.stdin, notice, list).catch((error: unknown) => {
    if (child.stdin?.destroyed === false) cut.abort(error);
  });
  try {
    const end = await ended(child);
    child.stdin?.destroy();
    await told;
    signal.throwIfAborted();
    cut.signal.throwIfAborted();
    if (timeout.signal.aborted) return failedForNow(`no end within ${action.timeoutMs} ms`);
    if (end.kind === 'not-started') return failedForNow(`the command cannot be started (${end.code})`);
    if (end.code === 0) return { kind: 'done', code: 0 };
    const how = end.code === null ? `ended by ${end.signal}` : `exit code ${end.code}`;
    return failedForNow(tail.text() === '' ? how : `${how}: ${tail.text()}`, end.code);
  } finally {
    clearTimeout(timer);
    stop();
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  }
}

/** Writes the input as fast as the command reads. A command may end without reading it. */
async function tell(stdin: Writable | null, notice: Notice, list: CommandInput['list'] = none()): Promise<void> {
  if (stdin === null) return;
  stdin.on('error', () => undefined);
  stdin.write(`${JSON.stringify(notice)}\n`);
  for await (const piece of list) {
    if (stdin.destroyed) return;
    if (!stdin.write(piece)) await drained(stdin);
  }
  stdin.end();
}

async function* none(): AsyncGenerator<Uint8Array> {}

function drained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    stdin.once('drain', resolve).once('close', resolve);
  });
}

function toVariables({ action, batch, idempotencyKey }: Notice): Record<string, string> {
  return {
    SENDIT_ACTION: action,
    SENDIT_BATCH: batch.id,
    SENDIT_BATCH_ID: batch.id,
    ...(batch.path === null ? {} : { SENDIT_PATH: batch.path }),
    SENDIT_ROOT: batch.root,
    SENDIT_IDEMPOTENCY_KEY: idempotencyKey,
  };
}

type CommandEnd =
  | { readonly kind: 'not-started'; readonly code: string }
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null };

function ended(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) resolve({ kind: 'not-started', code: error.code ?? error.name });
    });
    child.once('exit', (code, signal) => resolve({ kind: 'ended', code, signal }));
  });
}

/** Ends the group when the signal aborts, first politely; the returned function lets go of it. */
function endOn(child: ChildProcess, signal: AbortSignal, toGraceMs: () => number): () => void {
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    killGroup(child, 'SIGTERM');
    killer = setTimeout(() => killGroup(child, 'SIGKILL'), toGraceMs());
  };
  signal.addEventListener('abort', end, { once: true });
  return () => {
    signal.removeEventListener('abort', end);
    clearTimeout(killer);
    // What the command left running when it was told to end goes with it.
    if (signal.aborted) killGroup(child, 'SIGKILL');
  };
}

function killGroup(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // Nobody of the group is left.
  }
}

/** The last of what a child says on both streams, bounded. */
function keepTail(child: ChildProcess): { text(): string } {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-KEPT_CHARACTERS);
    });
  }
  return { text: () => text.trim() };
}
