import { SenditError, systemClock, toErrno } from '@sendit/model';
import { checkIdentity, type ProcessIdentity, readStartTime } from './process-identity.ts';

const POLL_MS = 20;
/** SIGKILL takes effect at once, unless the process waits in the kernel for a device that does not answer. */
const KILL_PATIENCE_MS = 5_000;

/** How {@link stopProcess} waits. */
export interface StopOptions {
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly timeoutMs: number;
  /** Ends the waiting, not the process; rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Ends a process: SIGTERM, then SIGKILL once `timeoutMs` have passed. Its identity is checked again before each signal, so that a
 * program that got the number meanwhile is left alone; `gone` when there was nothing to stop.
 * @throws SenditError `refused` when the process may not be signalled, `stop-timeout` when it outlives SIGKILL by 5 s.
 */
export async function stopProcess(
  target: ProcessIdentity,
  options: StopOptions,
): Promise<'stopped' | 'killed' | 'gone'> {
  const { pid } = target;
  // kill(0) and kill(-1) would reach whole groups.
  if (!Number.isSafeInteger(pid) || pid <= 0) throw new TypeError(`Expected a positive pid, got ${pid}`);
  const identity = { pid, startTime: target.startTime ?? (await readStartTime(pid)) };

  if (!(await sendSignal(identity, 'SIGTERM'))) return 'gone';
  if (await hasEnded(identity, options.timeoutMs, options.signal)) return 'stopped';
  if (!(await sendSignal(identity, 'SIGKILL'))) return 'stopped';
  if (await hasEnded(identity, KILL_PATIENCE_MS, options.signal)) return 'killed';
  throw new SenditError(`Process ${pid} did not end within ${KILL_PATIENCE_MS} ms of SIGKILL`, {
    code: 'stop-timeout',
    retry: 'safe',
    hint: 'It waits inside the kernel, usually for a disk or a network file system; see to that, then stop it again.',
  });
}

async function isSame(identity: ProcessIdentity): Promise<boolean> {
  const { kind } = await checkIdentity(identity);
  return kind === 'same' || kind === 'same-pid';
}

async function sendSignal(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean> {
  if (!(await isSame(identity))) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if (toErrno(error) === 'ESRCH') return false;
    throw new SenditError(`Process ${identity.pid} may not be stopped by this user`, {
      code: 'refused',
      hint: 'Run the command as the user who started it, or as root.',
      cause: error,
    });
  }
}

async function hasEnded(identity: ProcessIdentity, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  const deadline = systemClock.now() + timeoutMs;
  for (;;) {
    if (!(await isSame(identity))) return true;
    const left = deadline - systemClock.now();
    if (left <= 0) return false;
    await systemClock.sleep(Math.min(POLL_MS, left), signal);
    signal?.throwIfAborted();
  }
}
