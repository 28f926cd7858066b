import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { SenditApi } from '@sendit/api';
import type { Settings } from '@sendit/config';
import { type Logger, SenditError, toErrno } from '@sendit/model';
import { toTokenFile } from '../installation/portal-link.ts';
import { createPortal, isLoopback, type People, servePortal, type Served } from '@sendit/portal';

/**
 * The token of an installation, made at its first start and kept beside its socket, for its owner alone: a link that was opened stays open
 * after a restart.
 * @throws SenditError `state-directory`
 */
export async function openPortalToken({ stateDir }: Pick<Settings, 'stateDir'>): Promise<string> {
  const file = toTokenFile(stateDir);
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    // Of two processes that begin at once one makes it.
    await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' }).catch(
      (error: unknown) => {
        if (toErrno(error) !== 'EEXIST') throw error;
      },
    );
    const token = (await readFile(file, 'utf8')).trim();
    if (token.length >= 32) return token;
  } catch (cause) {
    throw new SenditError(`The token of the portal cannot be kept in ${file} (${toErrno(cause) ?? 'unknown error'}).`, {
      code: 'state-directory',
      cause,
    });
  }
  throw new SenditError(`Expected a token in ${file}, it holds none.`, {
    code: 'state-directory',
    hint: 'Delete the file: the next start makes a new one.',
  });
}

/** What is served, and to whom. */
export interface ServedPage {
  readonly api: SenditApi;
  readonly logger: Logger;
  readonly page: string | undefined;
  readonly people: People;
  readonly token: string;
}

/** Serves page and API by the settings, to those who sign in or have a token; on loopback anybody sees health and counts. */
export async function servePage(settings: Settings, { api, logger, page, people, token }: ServedPage): Promise<Served> {
  const { basePath, host, hosts, port, trustedProxies } = settings.portal;
  if (!isLoopback(host) && trustedProxies.length === 0) {
    logger.warning('portal: others reach it without encryption; put a proxy with TLS before it', { host });
  }
  const access = { token, isHealthOpen: isLoopback(host), people };
  return await servePortal(createPortal(api, { access, logger, page }), {
    basePath,
    host,
    hosts,
    port,
    portExplicit: settings.portalPortExplicit,
    trustedProxies,
    logger,
  });
}
