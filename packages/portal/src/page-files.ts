import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { SenditError } from '@sendit/model';
import { Hono } from 'hono';
import type { PortalEnv } from './guard.ts';

/** The page and what it loads: the files of one directory, nothing else on disk can be asked for. */
export function createPageRoutes(directory: string | undefined) {
  const routes = new Hono<PortalEnv>();
  if (directory === undefined) return routes;
  return routes
    .get('/*', serveStatic({ root: directory, onFound: (_path, c) => c.header('Cache-Control', 'no-cache') }))
    .get('/', () => {
      throw new SenditError('The page of the portal cannot be read.', {
        code: 'internal',
        hint: `Run \`npm run build\`, or install sendit again: ${join(directory, 'index.html')} is missing.`,
      });
    });
}
