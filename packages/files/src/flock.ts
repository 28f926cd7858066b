import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { toMessage } from '@sendit/model';

/** Result of an attempt to lock an open file. */
export type FlockOutcome =
  | { readonly kind: 'held' }
  /** Another open file description has it. */
  | { readonly kind: 'taken' }
  /** Nothing here, or this file system, can lock. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** `flock(fd, LOCK_EX | LOCK_NB)`, flock(2), on a descriptor of this process. */
export type FlockCall = (fd: number) => Promise<FlockOutcome>;

// The same numbers on Linux, macOS and the BSDs.
const LOCK_EX = 2;
const LOCK_NB = 4;

let loaded: Promise<FlockCall> | undefined;

/** The call through koffi, where that is installed, else through flock(1); looked for once per process. */
export function loadFlock(): Promise<FlockCall> {
  loaded ??= bindFlock().catch((error: unknown) => {
    const [why = ''] = toMessage(error).split('\n', 1);
    return async (fd) => {
      const outcome = await flockByCommand(fd);
      if (outcome.kind !== 'unavailable') return outcome;
      return { ...outcome, reason: `${outcome.reason}; koffi could not be loaded: ${why}` };
    };
  });
  return loaded;
}

async function bindFlock(): Promise<FlockCall> {
  const { default: koffi } = await import('koffi');
  const flock: (fd: number, operation: number) => number = koffi.load(null).func('int flock(int fd, int operation)');
  const { EINTR, EWOULDBLOCK } = constants.errno;
  return (fd) => {
    for (;;) {
      // errno belongs to the last call of this thread: read it before anything else runs.
      const errno = flock(fd, LOCK_EX | LOCK_NB) === 0 ? 0 : koffi.errno();
      if (errno === 0) return Promise.resolve({ kind: 'held' });
      if (errno === EWOULDBLOCK) return Promise.resolve({ kind: 'taken' });
      if (errno !== EINTR) return Promise.resolve({ kind: 'unavailable', reason: `flock failed with errno ${errno}` });
    }
  };
}

/**
 * Locks through the program flock(1) (util-linux, BusyBox), which gets the descriptor as its number 3. The lock belongs to the open
 * file description that both share, so it stays when the program has ended.
 */
export function flockByCommand(fd: number, command = 'flock'): Promise<FlockOutcome> {
  return new Promise((resolve) => {
    const child = spawn(command, ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'pipe', fd] });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', (error) => {
      resolve({ kind: 'unavailable', reason: `${command} could not be run: ${toMessage(error)}` });
    });
    child.once('close', (code) => {
      if (code === 0) resolve({ kind: 'held' });
      // A lock that is taken is told without a word; BusyBox ends with 1 after every other failure too.
      else if (code === 1 && said.trim() === '') resolve({ kind: 'taken' });
      else resolve({ kind: 'unavailable', reason: `${command} failed: ${said.trim() || `exit code ${code}`}` });
    });
  });
}
