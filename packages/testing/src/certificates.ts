import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files of a certificate and its key, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of a test's own, and one certificate of it. */
export interface TestAuthority {
  /** File of the authority's certificate. */
  readonly root: string;
  readonly server: Certificate;
}

/**
 * Makes an authority and a server's certificate for `name` (`IP:127.0.0.1`, `DNS:db.example`), valid for a day, in a directory. Needs
 * the command `openssl`.
 */
export async function makeAuthority(directory: string, name: string): Promise<TestAuthority> {
  const root = await selfSigned(join(directory, 'root'));
  const key = join(directory, 'server.key');
  const request = join(directory, 'server.csr');
  const certificate = join(directory, 'server.crt');
  const extensions = join(directory, 'server.ext');
  await writeFile(extensions, `subjectAltName=${name}\n`);
  await run('openssl', [
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    request,
    '-subj',
    '/CN=x',
  ]);
  const signer = ['-CA', root.certificate, '-CAkey', root.key, '-CAcreateserial'];
  await run('openssl', [
    'x509',
    '-req',
    '-in',
    request,
    ...signer,
    '-days',
    '1',
    '-extfile',
    extensions,
    '-out',
    certificate,
  ]);
  return { root: root.certificate, server: { certificate, key } };
}

async function selfSigned(path: string): Promise<Certificate> {
  const made = { certificate: `${path}.crt`, key: `${path}.key` };
  const subject = ['-subj', '/CN=sendit test authority', '-days', '1'];
  const files = ['-keyout', made.key, '-out', made.certificate];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject]);
  return made;
}

/**
 * Copies a certificate to where a server of another account reads it; that account must own the directory, or be made
 * the owner afterwards.
 */
export async function copyCertificate(from: Certificate, directory: string): Promise<Certificate> {
  const to = { certificate: join(directory, 'tls.crt'), key: join(directory, 'tls.key') };
  await writeFile(to.certificate, await readFile(from.certificate), { mode: 0o644 });
  await writeFile(to.key, await readFile(from.key), { mode: 0o600 });
  return to;
}
