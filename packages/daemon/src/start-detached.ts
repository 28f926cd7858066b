import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { SenditError, toMessage } from '@sendit/model';
import { type HandshakeMessage, parseHandshakeMessage, toSenditError } from './handshake.ts';
import { readStartTime } from './process-identity.ts';
import { stopProcess } from './stop-process.ts';

const KILL_AFTER_MS = 5_000;
const LAST_LINES = 20;
const LAST_BYTES = 16 * 1024;

/** Program to start, and timeouts. */
export interface StartOptions {
  /** JavaScript module that the child runs; it must call `reportReady` or `reportFailed`. */
  readonly modulePath: string;
  readonly args: readonly string[];
  /** Given to the child's `receiveInput` over the channel: unlike arguments, no other user can read it. Anything that survives JSON. */
  readonly input?: unknown;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The child's stdout and stderr are appended to these, so that even a native crash leaves its words; the folders exist. */
  readonly outFile: string;
  readonly errFile: string;
  /** Milliseconds until a child that says nothing is stopped. */
  readonly timeoutMs: number;
  /** Options for node itself; none by default. */
  readonly execArgv?: readonly string[];
  /** Lines that the child shows with `reportLine` before it is ready. */
  readonly onLine?: (line: string, stream: 'out' | 'err') => void;
  /** Aborted (Ctrl-C): the child is stopped and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A process that reported ready and goes on by itself. */
export interface StartedProcess {
  readonly pid: number;
  /** The child's argument to `reportReady`. */
  readonly info: Readonly<Record<string, unknown>>;
}

type Outcome =
  | { readonly kind: 'ready'; readonly info: StartedProcess['info'] }
  | { readonly kind: 'failed'; readonly error: SenditError }
  | { readonly kind: 'exited'; readonly how: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

/**
 * Starts a node process in a session of its own and waits until it reports ready; afterwards this process may exit, the child stays.
 *
 * starting → ready                        the parent lets go
 * starting → failed, timeout, aborted     the child is stopped (SIGTERM, then SIGKILL) before this rejects
 * starting → exited                       the last lines of its stderr are the error's `problems`
 * @throws SenditError the one given to `reportFailed`, otherwise `start-failed`.
 */
export async function startDetached(options: StartOptions): Promise<StartedProcess> {
  options.signal?.throwIfAborted();
  await using out = await openAppend(options.outFile);
  await using err = await openAppend(options.errFile);
  const errStart = (await err.stat()).size;
  const child = spawn(process.execPath, [...(options.execArgv ?? []), options.modulePath, ...options.args], {
    detached: true,
    stdio: ['ignore', out.fd, err.fd, 'ipc'],
    env: options.env,
    cwd: options.cwd,
  });
  // A child that ends at once is reported by its end.
  if (child.connected) child.send({ sendit: 'input', input: options.input ?? null }, () => undefined);
  const outcome = await waitForOutcome(child, options);
  if (outcome.kind === 'ready' && child.pid !== undefined) {
    if (child.connected) child.disconnect();
    child.unref();
    return { pid: child.pid, info: outcome.info };
  }
  await stopChild(child);
  const problems = await readLastLines(err, errStart);
  throw toError(outcome, options, problems);
}

function waitForOutcome(child: ChildProcess, options: StartOptions): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    const onAbort = (): void => settle({ kind: 'aborted' });
    const timer = setTimeout(() => settle({ kind: 'timeout' }), options.timeoutMs);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    // It may have come while the files were opened.
    if (options.signal?.aborted === true) onAbort();

    child.on('message', (value) => {
      const message = parseHandshakeMessage(value);
      if (message !== undefined) handle(message);
    });
    const handle = (message: HandshakeMessage): void => {
      switch (message.sendit) {
        case 'line':
          return options.onLine?.(message.line, message.stream);
        case 'ready':
          return settle({ kind: 'ready', info: message.info });
        case 'failed':
          return settle({ kind: 'failed', error: toSenditError(message.error) });
      }
    };
    child.once('error', (error) => settle({ kind: 'exited', how: `could not be run: ${toMessage(error)}` }));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      // Its last message may still be in the channel; `disconnect` comes after all of them.
      if (child.connected) child.once('disconnect', () => settle({ kind: 'exited', how }));
      else settle({ kind: 'exited', how });
    });
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  await stopProcess({ pid: child.pid, startTime: await readStartTime(child.pid) }, { timeoutMs: KILL_AFTER_MS });
  await gone;
  if (child.connected) child.disconnect();
}

function toError(outcome: Outcome, options: StartOptions, problems: readonly string[]): unknown {
  const hint = `Read ${options.errFile} for the details.`;
  switch (outcome.kind) {
    case 'failed':
      return outcome.error;
    case 'aborted':
      return options.signal?.reason;
    case 'timeout':
      return new SenditError(`The process did not report ready within ${options.timeoutMs} ms and was stopped`, {
        code: 'start-failed',
        retry: 'safe',
        hint,
        problems,
      });
    case 'exited':
    case 'ready':
      return new SenditError(
        `The process ${outcome.kind === 'ready' ? 'has no pid' : outcome.how} before it was ready`,
        {
          code: 'start-failed',
          hint,
          problems,
        },
      );
  }
}

function openAppend(path: string): Promise<FileHandle> {
  return open(path, 'a+', 0o640);
}

/** Reads through the handle opened before the start: a rotation may have renamed the file meanwhile. */
async function readLastLines(file: FileHandle, start: number): Promise<readonly string[]> {
  const { size } = await file.stat();
  const from = Math.max(start, size - LAST_BYTES);
  if (size <= from) return [];
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-LAST_LINES);
}
