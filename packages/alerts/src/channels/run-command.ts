import { spawn } from 'node:child_process';
import { type ExecChannel, toCode } from '@sendit/model';
import { type Notice, toSubject } from '../notice.ts';
import type { SendOutcome } from './send-outcome.ts';

/** Runs the command in a process group of its own, the notice as JSON on its standard input; exit code 0 is sent. */
export async function runCommand(channel: ExecChannel, notice: Notice, signal: AbortSignal): Promise<SendOutcome> {
  const { command, cwd, environment, timeoutMs } = channel;
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env: { ...environment, SENDIT_ALERT_LEVEL: notice.level, SENDIT_ALERT_SUBJECT: toSubject(notice) },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  };
  ends.addEventListener('abort', kill, { once: true });
  // It may end without reading it.
  child.stdin?.on('error', () => undefined).end(`${JSON.stringify(notice)}\n`);
  try {
    return await new Promise<SendOutcome>((resolve) => {
      child.once('error', (error) =>
        resolve({ kind: 'failed', reason: `the command cannot be started (${toCode(error) ?? error.name})` }),
      );
      child.once('exit', (code, name) => {
        if (code === 0) resolve({ kind: 'sent' });
        else if (ends.aborted) resolve({ kind: 'failed', reason: `no end within ${timeoutMs} ms` });
        else resolve({ kind: 'failed', reason: code === null ? `ended by ${name}` : `exit code ${code}` });
      });
    });
  } finally {
    ends.removeEventListener('abort', kill);
    child.stdin?.destroy();
  }
}
