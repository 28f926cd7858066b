import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { SenditError, toErrno, toMessage } from '@sendit/model';

/** Where an export goes. Disposed before it is finished, nothing is left of it. */
export interface TransferFile extends AsyncDisposable {
  write(text: string): Promise<void>;
  /** Resolves when everything is on disk. */
  finish(): Promise<void>;
}

/**
 * Makes a file for this account alone, compressed when its name ends in `.gz`; `-` is standard output.
 * @throws SenditError `bad-arguments` when it is there already, `refused` when it cannot be made
 */
export async function openTransferFile(path: string): Promise<TransferFile> {
  if (path === '-')
    return toTransfer(process.stdout, {
      failed: new Promise(() => undefined),
      end: async () => undefined,
      drop: async () => undefined,
    });
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw toRefusal(path, error);
  });
  const file = createWriteStream('', { fd: handle.fd, autoClose: false });
  const gzip = path.endsWith('.gz') ? createGzip() : undefined;
  const out: Writable = gzip ?? file;
  const failed = gzip === undefined ? finished(file) : pipeline(gzip, file);
  // Told by whoever writes next.
  failed.catch(() => undefined);
  return toTransfer(out, {
    failed,
    end: async () => {
      out.end();
      await failed;
      await handle.sync();
      await handle.close();
    },
    drop: async () => {
      out.destroy();
      file.destroy();
      await handle.close();
      await rm(path, { force: true });
    },
  });
}

/** How a stream of an export ends. */
interface Ends {
  /** Rejects when what was written cannot be kept. */
  readonly failed: Promise<void>;
  readonly end: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

function toTransfer(out: Writable, { drop, end, failed }: Ends): TransferFile {
  let isFinished = false;
  return {
    async write(text) {
      if (!out.write(text)) await Promise.race([once(out, 'drain'), failed]);
    },
    async finish() {
      await end();
      isFinished = true;
    },
    async [Symbol.asyncDispose]() {
      if (!isFinished) await drop();
    },
  };
}

/**
 * The lines of an export, by `\n` alone: other separators stand within values. Compressed ones are recognised by their name.
 * @throws SenditError `refused` when the file cannot be read
 */
export async function* readTransferLines(path: string): AsyncGenerator<string> {
  const source = path === '-' ? process.stdin : createReadStream(path);
  const text: Readable = path.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  source.on('error', (error: Error) => text.destroy(error));
  text.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (error instanceof SenditError) throw error;
    throw toRefusal(path, error);
  }
  if (rest !== '') yield rest;
}

function toRefusal(path: string, error: unknown): SenditError {
  const isThere = toErrno(error) === 'EEXIST';
  return new SenditError(
    isThere ? `Expected a new file, got ${path}, which is there.` : `${path}: ${toMessage(error)}`,
    {
      code: isThere ? 'bad-arguments' : 'refused',
      hint: isThere ? 'Name another, or remove it.' : 'Name a file that this account may use.',
    },
  );
}
