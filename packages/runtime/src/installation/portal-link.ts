import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Asked } from './asked.ts';

/** The link that opens the page with all its names. */
export function toPortalLink(url: string, token: string): string {
  return `${url.replace(/\/$/, '')}/?token=${token}`;
}

/** Where an installation keeps the token of its page. */
export function toTokenFile(stateDir: string): string {
  return join(stateDir, 'portal.token');
}

/**
 * The link of an installation: as its watcher says, else by its settings, where the page is a process of its own. Undefined where nothing
 * has made a token yet.
 */
export async function readPortalLink(
  told: { readonly url: string | null; readonly token?: string | undefined },
  { paths, settings }: Pick<Asked, 'paths' | 'settings'>,
): Promise<string | undefined> {
  const kept = await readFile(toTokenFile(paths.stateDir), 'utf8').catch(() => undefined);
  const token = told.token ?? kept?.trim();
  if (token === undefined || token === '') return undefined;
  if (told.url !== null) return toPortalLink(told.url, token);
  const { mode, portal } = await settings();
  return mode === 'embedded'
    ? undefined
    : toPortalLink(`http://${portal.host}:${portal.port}${portal.basePath}`, token);
}
