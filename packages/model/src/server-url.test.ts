import { describe, expect, test } from 'vitest';
import { parseServerUrl } from './server-url.ts';

const read = (path: string): string => `text of ${path}`;

describe('what a server URL says about encryption', () => {
  test('nothing: not encrypted, and the URL is left as it is', () => {
    const url = 'postgres://u:p%3Fw@db.example:5432/sendit?connect_timeout=3';
    expect(parseServerUrl(url, read)).toEqual({ url, tls: undefined });
  });

  test('verify-full with files: checked for the host, and taken out of the query', () => {
    const url =
      'postgres://u@db.example/sendit?sslmode=verify-full&sslrootcert=/ca&sslcert=/c&sslkey=/k&application_name=x';
    expect(parseServerUrl(url, read)).toEqual({
      url: 'postgres://u@db.example/sendit?application_name=x',
      tls: { rejectUnauthorized: true, host: 'db.example', ca: 'text of /ca', cert: 'text of /c', key: 'text of /k' },
    });
  });

  test('verify-ca believes any host of the authority, require any certificate', () => {
    const of = (mode: string) => parseServerUrl(`postgres://db/x?sslmode=${mode}`, read).tls;
    expect(of('verify-ca')).toMatchObject({ rejectUnauthorized: true, checkServerIdentity: expect.any(Function) });
    expect(of('require')).toMatchObject({ rejectUnauthorized: false });
    expect(of('disable')).toBeUndefined();
  });

  test('rediss is verified in full by itself, and an authority is never left unused', () => {
    expect(parseServerUrl('rediss://[::1]:6380', read)).toEqual({
      url: 'rediss://[::1]:6380',
      tls: { rejectUnauthorized: true, host: '::1' },
    });
    expect(parseServerUrl('postgres://db/x?sslrootcert=/ca', read).tls).toMatchObject({ rejectUnauthorized: true });
  });

  test('modes that may end unencrypted, and files that cannot be read, are refused without the password', () => {
    for (const mode of ['prefer', 'allow', 'nonsense']) {
      expect(() => parseServerUrl(`postgres://u:geheim@db/x?sslmode=${mode}`, read)).toThrow(
        `Expected sslmode to be one of disable, require, verify-ca, verify-full, got "${mode}".`,
      );
    }
    const missing = (): string => {
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    };
    expect(() => parseServerUrl('postgres://u:geheim@db/x?sslrootcert=/ca.pem', missing)).toThrow(
      'Expected a certificate or key that can be read at /ca.pem, got ENOENT.',
    );
  });

  test('a password with characters of a URL is refused and not shown', () => {
    for (const password of ['1234/geheim', 'a?geheim', 'a#geheim', '1/geheim@']) {
      expect(() => parseServerUrl(`postgres://u:${password}@db/x`, read)).toThrow('got an @ behind the host.');
    }
    expect(parseServerUrl('postgres://u:a@b@db/x', read).tls).toBeUndefined();
  });
});
