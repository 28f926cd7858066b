import { readFile } from 'node:fs/promises';
import { SenditError } from '@sendit/model';
import { Hono } from 'hono';
import type { PortalEnv } from './guard.ts';

/** Hand-written files and compiled modules; both lie beside this package's `src` and `dist`, so one address serves both. */
const WRITTEN = new URL('../page/', import.meta.url);
const COMPILED = new URL('../dist/page/', import.meta.url);

const SCRIPT = 'text/javascript; charset=utf-8';

const FILES: Readonly<Record<string, { readonly url: URL; readonly type: string }>> = {
  '/': { url: new URL('index.html', WRITTEN), type: 'text/html; charset=utf-8' },
  '/style.css': { url: new URL('style.css', WRITTEN), type: 'text/css; charset=utf-8' },
  '/icon.svg': { url: new URL('icon.svg', WRITTEN), type: 'image/svg+xml' },
  '/app.js': { url: new URL('app.js', COMPILED), type: SCRIPT },
  '/batch-details.js': { url: new URL('batch-details.js', COMPILED), type: SCRIPT },
  '/batch-table.js': { url: new URL('batch-table.js', COMPILED), type: SCRIPT },
  '/connection.js': { url: new URL('connection.js', COMPILED), type: SCRIPT },
  '/dom.js': { url: new URL('dom.js', COMPILED), type: SCRIPT },
  '/format.js': { url: new URL('format.js', COMPILED), type: SCRIPT },
  '/watcher-view.js': { url: new URL('watcher-view.js', COMPILED), type: SCRIPT },
};

/** The page and what it loads: a fixed list, nothing else on disk can be asked for. */
export function createPageRoutes() {
  const routes = new Hono<PortalEnv>();
  for (const [path, { url, type }] of Object.entries(FILES)) {
    routes.get(path, async (c) =>
      c.body(await readPageFile(url), 200, { 'Content-Type': type, 'Cache-Control': 'no-cache' }),
    );
  }
  return routes;
}

async function readPageFile(url: URL): Promise<string> {
  try {
    return await readFile(url, 'utf8');
  } catch (cause) {
    throw new SenditError('A file of the portal page cannot be read.', {
      code: 'internal',
      hint: 'Run `npm run build`, or install @sendit/portal again.',
      cause,
    });
  }
}
