import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { exited, freePort, waitUntil } from './processes.ts';
import { redisServerPath } from './services.ts';
import { openTempDir } from './temp-dir.ts';

/** A Redis of a test's own, on a free loopback port, in a directory of its own. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** SIGTERM (or the signal given), waits for the exit; what AOF holds stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts again on the same port with the same data. */
  start(): Promise<void>;
  /** Everything forgotten, as an operator's FLUSHALL does. */
  flushAll(): Promise<void>;
}

/** Starts a Redis with `maxmemory-policy noeviction` and append-only file on; ends it when disposed. */
export async function startRedis(): Promise<RedisServer> {
  const found = redisServerPath();
  if (found === undefined) throw new Error('redis-server is not installed');
  const binary: string = found;
  const directory = await openTempDir();
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(
      binary,
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory.path, '--appendonly', 'yes', '--save', ''],
      { stdio: 'ignore' },
    );
    await waitUntil('redis to answer PING', () => sendCommand(port, 'PING'));
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child === undefined) return;
    child.kill(signal);
    await exited(child);
    child = undefined;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    flushAll: async () => {
      await sendCommand(port, 'FLUSHALL');
    },
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL');
      await directory[Symbol.asyncDispose]();
    },
  };
}

function sendCommand(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      const answer = data.toString();
      if (answer.startsWith('+')) resolve(answer.trim());
      else reject(new Error(`redis answered ${answer.trim()}`));
    });
  });
}
