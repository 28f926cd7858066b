import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { SenditError } from '@sendit/model';
import { Hono } from 'hono';
import type { PortalEnv } from './guard.ts';

/** What lies under `assets/` has a digest of its content in its name: another content is another file. */
function toCaching(path: string): string {
  return path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** The page and what it loads: the files of one directory, nothing else on disk can be asked for. */
export function createPageRoutes(directory: string | undefined) {
  const routes = new Hono<PortalEnv>();
  if (directory === undefined) return routes;
  return routes
    .get('/*', async (c, next) => {
      await next();
      if (c.res.ok) c.header('Cache-Control', toCaching(c.req.path));
    })
    .get('/*', serveStatic({ root: directory }))
    .get('/', () => {
      throw new SenditError('The page of the portal cannot be read.', {
        code: 'internal',
        hint: `Run \`npm run build\`, or install sendit again: ${join(directory, 'index.html')} is missing.`,
      });
    });
}
