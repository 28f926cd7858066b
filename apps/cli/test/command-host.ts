import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const HOST = fileURLToPath(new URL('./children/command-host.mjs', import.meta.url));

/** Result of a finished command. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line, and where it is given. */
export interface CommandLine {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const idle: ChildProcess[] = [];

/**
 * Runs the built command in a process that has run others before: the same code, without the second that each process takes to start.
 * Rejects where the command would not have ended by itself, or ends its process.
 */
export async function runInHost(line: CommandLine): Promise<CliResult> {
  const host = idle.pop() ?? (await startHost());
  const told = line.argv.join(' ');
  const answered = new AbortController();
  const { signal } = answered;
  const gone = once(host, 'exit', { signal }).then(([code]) => {
    throw new Error(`\`sendit ${told}\` ended its process with ${String(code)}`);
  });
  try {
    host.send(line);
    const [answer] = await Promise.race([once(host, 'message', { signal }), gone]);
    const { left, ...result } = answer as CliResult & { readonly left: readonly string[] };
    if (left.length > 0) throw new Error(`\`sendit ${told}\` left open what keeps a process alive: ${left.join(', ')}`);
    idle.push(host);
    return result;
  } finally {
    answered.abort();
    gone.catch(() => undefined);
    if (!idle.includes(host)) host.kill('SIGKILL');
  }
}

async function startHost(): Promise<ChildProcess> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_|VITEST)/.test(name)));
  const host = fork(HOST, {
    cwd: '/',
    env: { ...env, NO_COLOR: '1' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(host, 'message');
  // It ends with the channel, and holds up no one.
  host.unref();
  host.channel?.unref();
  return host;
}
