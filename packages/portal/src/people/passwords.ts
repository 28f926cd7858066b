import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { SenditError } from '@sendit/model';

/** Cost of a hash (RFC 7914); `ln` is the logarithm of N. 128 · N · r bytes of memory: 32 MiB. */
const COST = { ln: 15, r: 8, p: 3 } as const;
const HASH_BYTES = 32;
const HASH = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{22,86})\$([\w+/]{43})$/;

/** Of no password: whoever asks for an unknown account waits as long as others. */
const NOBODY = format(COST, Buffer.alloc(16), Buffer.alloc(HASH_BYTES));

/** More wait than an owner's patience: the rest is refused at once. */
const MOST_WAITING = 16;

let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** A hash that says how it was made, as a PHC string; for `verifyPassword`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return format(COST, salt, await derive(password, salt, COST));
}

/**
 * Whether a password is that of a hash, or of nobody, in the same time.
 * @throws SenditError `too-many-attempts` while many others wait
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, ln, r, p, salt = '', kept = ''] = HASH.exec(hash ?? NOBODY) ?? [];
  if (ln === undefined) throw new TypeError('Expected the hash of a password as it was written');
  const found = await derive(password, Buffer.from(salt, 'base64'), { ln: Number(ln), r: Number(r), p: Number(p) });
  return timingSafeEqual(found, Buffer.from(kept, 'base64')) && hash !== undefined;
}

type Cost = Readonly<Record<keyof typeof COST, number>>;

/** One at a time: the threads that do it read files too, and the memory is bounded. */
async function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  if (waiting >= MOST_WAITING) {
    throw new SenditError('Too many sign in just now.', {
      code: 'too-many-attempts',
      retry: 'safe',
      hint: 'Try again in a few seconds.',
    });
  }
  waiting += 1;
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 256 * 1024 * 1024 };
  const done = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, key) =>
          error === null ? resolve(key) : reject(error),
        );
      }),
  );
  last = done.catch(() => undefined);
  return await done.finally(() => {
    waiting -= 1;
  });
}

function format({ ln, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`;
}
