import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { connect as connectEncrypted } from 'node:tls';
import type { Certificate } from './certificates.ts';
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
  /** Any other command that is answered by `+OK`. */
  command(text: string): Promise<void>;
}

function listeningEncrypted({ certificate, key }: Certificate, port: number): readonly string[] {
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
  return ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', ...files];
}

/** How a server is started. */
export interface RedisOptions {
  /** Takes encrypted connections only, with this certificate; the URL is then a `rediss:` one. */
  readonly tls?: Certificate;
}

/** Starts a Redis with `maxmemory-policy noeviction` and append-only file on; ends it when disposed. */
export async function startRedis({ tls }: RedisOptions = {}): Promise<RedisServer> {
  const found = redisServerPath();
  if (found === undefined) throw new Error('redis-server is not installed');
  const binary: string = found;
  const directory = await openTempDir();
  const port = await freePort();
  const listening = tls === undefined ? ['--port', String(port)] : listeningEncrypted(tls, port);
  const send = (command: string): Promise<string> => sendCommand({ port, encrypted: tls !== undefined }, command);
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(
      binary,
      [...listening, '--bind', '127.0.0.1', '--dir', directory.path, '--appendonly', 'yes', '--save', ''],
      { stdio: 'ignore' },
    );
    await waitUntil('redis to answer PING', () => send('PING'));
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child === undefined) return;
    child.kill(signal);
    await exited(child);
    child = undefined;
  }

  await start();
  return {
    url: `${tls === undefined ? 'redis' : 'rediss'}://127.0.0.1:${port}`,
    start,
    stop,
    flushAll: async () => {
      await send('FLUSHALL');
    },
    command: async (text) => {
      await send(text);
    },
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL');
      await directory[Symbol.asyncDispose]();
    },
  };
}

function sendCommand({ port, encrypted }: { port: number; encrypted: boolean }, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const write = (): void => void socket.write(`${command}\r\n`);
    const socket = encrypted
      ? connectEncrypted({ port, host: '127.0.0.1', rejectUnauthorized: false }, write)
      : connect(port, '127.0.0.1', write);
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      const answer = data.toString();
      if (answer.startsWith('+')) resolve(answer.trim());
      else reject(new Error(`redis answered ${answer.trim()}`));
    });
  });
}
