import { toCode } from './errno.ts';
import { SenditError } from './errors.ts';

/** A server's URL without what it says about encryption, and that by itself; undefined where the connection is not encrypted. */
export interface ServerUrl {
  readonly url: string;
  readonly tls: TlsConnection | undefined;
}

/** Options that a driver hands to `tls.connect`. */
export interface TlsConnection {
  readonly rejectUnauthorized: boolean;
  /**
   * Name the certificate must match: without it an address would be checked as `localhost`. Absent if a URL names
   * several hosts.
   */
  readonly host?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly checkServerIdentity?: () => undefined;
}

/**
 * How the certificate is checked, in libpq's words: `require` encrypts and believes any, `verify-ca` wants one of the authority,
 * `verify-full` one for this host. Its `allow` and `prefer`, which may end unencrypted, are not taken.
 */
const MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

/**
 * Takes `sslmode`, `sslrootcert`, `sslcert` and `sslkey` out of a URL's query, since each driver reads them in its own way. A
 * `rediss:` URL, and one with `sslrootcert`, is verified in full unless it says otherwise; others are encrypted only when they say so.
 *
 * @param readText gives the text of a file.
 * @throws SenditError `bad-configuration` for another mode, a file that cannot be read, or a password that is not written as a URL's part; without anything secret of the URL.
 */
export function parseServerUrl(text: string, readText: (path: string) => string): ServerUrl {
  refuseLooseAt(text);
  const [base = '', ...rest] = text.split('?');
  const query = new URLSearchParams(rest.join('?'));
  const take = (name: string): string | undefined => {
    const value = query.get(name);
    query.delete(name);
    return value === null || value === '' ? undefined : value;
  };
  const given = take('sslmode');
  const files = { ca: take('sslrootcert'), cert: take('sslcert'), key: take('sslkey') };
  const url = query.size === 0 ? base : `${base}?${query.toString()}`;
  const isSecure = /^rediss:/i.test(base) || files.ca !== undefined;
  const mode = given ?? (isSecure ? 'verify-full' : 'disable');
  if (!MODES.includes(mode)) {
    throw badConfiguration(
      `Expected sslmode to be one of ${MODES.join(', ')}, got ${JSON.stringify(mode.slice(0, 40))}.`,
    );
  }
  if (mode === 'disable') return { url, tls: undefined };
  const host = hostOf(base);
  return {
    url,
    tls: {
      rejectUnauthorized: mode !== 'require',
      ...(host === undefined ? {} : { host }),
      ...readAll(files, readText),
      ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    },
  };
}

function readAll(
  files: Readonly<Record<'ca' | 'cert' | 'key', string | undefined>>,
  readText: (path: string) => string,
): Pick<TlsConnection, 'ca' | 'cert' | 'key'> {
  const texts: Partial<Record<'ca' | 'cert' | 'key', string>> = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = files[name];
    if (path === undefined) continue;
    try {
      texts[name] = readText(path);
    } catch (error) {
      throw badConfiguration(
        `Expected a certificate or key that can be read at ${path}, got ${toCode(error) ?? 'an error'}.`,
      );
    }
  }
  return texts;
}

/** An unwritten `/`, `?` or `#` in a password ends the host: what follows it, up to the `@`, would be taken for a database's name and shown. */
function refuseLooseAt(text: string): void {
  const [, after = ''] = /^[^:]*:\/\/[^/?#]*(.*)$/s.exec(text) ?? [];
  if (!after.includes('@')) return;
  throw badConfiguration(
    'Expected a URL like postgres://user:password@host:5432/database, got an @ behind the host.',
    'In a user or password write @ as %40, / as %2F, ? as %3F, # as %23.',
  );
}

function hostOf(base: string): string | undefined {
  try {
    return new URL(base).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return undefined;
  }
}

function badConfiguration(
  message: string,
  hint = 'Correct sslmode, sslrootcert, sslcert or sslkey in the URL of the server.',
): SenditError {
  return new SenditError(message, { code: 'bad-configuration', hint });
}
