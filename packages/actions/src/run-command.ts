import { type ChildProcess, spawn } from 'node:child_process';
import type { ExecAction } from '@sendit/model';
import { type AttemptOutcome, failedForNow } from './outcome.ts';
import type { Notice } from './notice.ts';

/** What a command that is asked to end gets before it is killed. */
const TERM_MS = 5_000;
/** The same when the process itself must go. */
const HURRY_MS = 500;
/** Most of a command's output that is kept. */
const KEPT_CHARACTERS = 2_000;

/**
 * Runs a command in a process group of its own, the notice on its standard input; exit code 0 is done. Its output is thrown away
 * unless `keepOutput`. At the timeout, and when the signal aborts, the whole group is ended.
 * @throws the signal's reason when aborted.
 */
export async function runCommand(action: ExecAction, notice: Notice, signal: AbortSignal): Promise<AttemptOutcome> {
  signal.throwIfAborted();
  const [program = '', ...args] = action.command;
  const output = action.keepOutput ? 'pipe' : 'ignore';
  const child = spawn(program, args, {
    cwd: action.cwd,
    env: { ...action.environment, ...toVariables(notice) },
    stdio: ['pipe', output, output],
    shell: false,
    detached: true,
  });
  const tail = keepTail(child);
  // A command that does not read, or ends before it has, is its own business.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(`${JSON.stringify(notice)}\n`);

  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), action.timeoutMs);
  const stop = endOn(child, AbortSignal.any([signal, timeout.signal]), () => (signal.aborted ? HURRY_MS : TERM_MS));
  try {
    const end = await ended(child);
    signal.throwIfAborted();
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

function toVariables({ action, batch, idempotencyKey }: Notice): Record<string, string> {
  return {
    SENDIT_ACTION: action,
    SENDIT_BATCH_ID: batch.id,
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
