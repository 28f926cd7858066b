import { readFileSync } from 'node:fs';
import { type SenditApi, toErrorBody, toOpenApi } from '@sendit/api';
import { type Logger, SenditError } from '@sendit/model';
import { Hono } from 'hono';
import { routePath } from 'hono/route';
import { streamSSE } from 'hono/streaming';
import { type Access, findVisitor, recognizeAll, recognizeVisitors, requireRole, type TokenAccess } from './access.ts';
import { guardOrigin, type PortalEnv, securityHeaders } from './guard.ts';
import { describeForLog, toHttpStatus, toSenditError } from './http-error.ts';
import { createLiveFeed, type LiveEvent } from './live-feed.ts';
import { createOperationRoutes } from './operation-routes.ts';
import { createMetrics } from './metrics.ts';
import { createSessionRoutes } from './people/session-routes.ts';
import { guardCookies, toCookieNames } from './access.ts';
import { createPageRoutes } from './page-files.ts';
import { toPublicEvent, toPublicHealth } from './without-names.ts';

/** How a portal is set up. */
export interface PortalOptions {
  /** Rights of every caller, or rights by token. `full` belongs on the unix socket, whose mode says who may connect. */
  readonly access: Access | TokenAccess;
  readonly logger: Logger;
  /** Absolute path of the directory with the page's files; without it there is the API alone. */
  readonly page?: string | undefined;
  /** How often the live feed looks for changes while somebody watches; 1000 by default. */
  readonly pollMs?: number;
}

/** Of this package, as the document of the API says it. */
const { version: VERSION } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** Where everybody would see health and counts. */
const PRIVATE = /^\/(?:api\/(?!session$)|metrics$)/;

/** Time after which a browser connects again to a lost live feed. */
const RECONNECT_MS = 2000;

/** How long a feed goes on at most after who listens was signed out. */
const CHECK_AGAIN_MS = 15_000;

/** When a client that found too many live feeds may ask again. */
const RETRY_AFTER_S = 10;

/** The HTTP API and the page over any {@link SenditApi}. It opens nothing and holds nothing while nobody listens to `/api/live`. */
export function createPortal(api: SenditApi, options: PortalOptions) {
  const { logger, page, pollMs = 1000 } = options;
  const visitors = typeof options.access === 'string' ? undefined : options.access;
  const cookieName = toCookieNames(visitors?.token ?? '').session;
  const nameless = { ...api, readHealth: async () => toPublicHealth(await api.readHealth()) };
  const metrics = createMetrics(api);
  const live = createLiveFeed(api, { pollMs, logger });

  const app = new Hono<PortalEnv>()
    .use(securityHeaders())
    .use('/api/*', async (c, next) => {
      await next();
      c.header('Cache-Control', 'no-store');
    })
    .use(guardOrigin())
    .use(typeof options.access === 'string' ? recognizeAll(options.access) : recognizeVisitors(options.access))
    .use('/api/*', guardCookies())
    .use(async (c, next) => {
      if (visitors?.isHealthOpen === false && PRIVATE.test(c.req.path)) await requireRole(c, 'viewer');
      await next();
    })
    .get('/healthz', (c) => c.json({ ok: true }))
    .get('/readyz', async (c) => {
      const { active, health } = await api.status();
      const isReady = health?.problems.every(({ code }) => code !== 'database-unavailable') ?? true;
      return c.json({ ready: isReady, active }, isReady ? 200 : 503);
    })
    .get('/metrics', async (c) => c.body(await metrics.read(), 200, { 'Content-Type': metrics.contentType }))
    .get('/api/openapi.json', (c) => c.json(toOpenApi(VERSION)))
    .on('GET', ['/api/events', '/api/live'], async (c) => {
      if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
      const closing = c.env?.closing;
      const close = c.env?.openFeed === undefined ? () => undefined : c.env.openFeed();
      if (close === undefined) {
        c.header('Retry-After', String(RETRY_AFTER_S));
        throw new SenditError('Too many live feeds are open.', {
          code: 'too-many-connections',
          retry: 'safe',
          hint: 'Close other tabs with this page; those behind one proxy count together.',
        });
      }
      // Where the database cannot be asked, that is what there is to tell.
      const isKnown = (await findVisitor(c).catch(() => undefined)) !== undefined;
      const toShown = isKnown ? (event: LiveEvent): LiveEvent => event : toPublicEvent;
      // A proxy that gathers what comes before it passes it on would hold the events back.
      c.header('X-Accel-Buffering', 'no');
      return streamSSE(
        c,
        async (stream) => {
          const gone = new AbortController();
          stream.onAbort(() => gone.abort());
          closing?.addEventListener('abort', () => gone.abort(), { signal: gone.signal });
          try {
            if (stream.aborted || closing?.aborted === true) return;
            await stream.writeSSE({ event: 'hello', data: '', retry: RECONNECT_MS });
            let checkedAt = performance.now();
            for await (const change of live.events(gone.signal)) {
              if (isKnown && performance.now() - checkedAt > CHECK_AGAIN_MS) {
                if ((await findVisitor(c).catch(() => null)) === undefined) return;
                checkedAt = performance.now();
              }
              const event = toShown(change);
              await stream.writeSSE({ event: event.channel, data: event.json });
            }
          } finally {
            gone.abort();
            close();
          }
        },
        async (error) => logger.error('live page: stream failed', describeForLog(error)),
      );
    })
    .route('/', createSessionRoutes({ people: visitors?.people, cookieName }))
    .route('/', createOperationRoutes(nameless))
    .route('/', createPageRoutes(page));

  app.notFound((c) => {
    if (!c.req.path.startsWith('/api/')) return c.text('Not found. The portal is at /.', 404);
    const error = new SenditError('Expected a route of the sendit API, got another path or method.', {
      code: 'bad-arguments',
      hint: 'GET /api/openapi.json describes all of them.',
    });
    return c.json(toErrorBody(error), 404);
  });

  app.onError((thrown, c) => {
    const error = toSenditError(thrown);
    if (error.code === 'internal') {
      logger.error('request failed', {
        method: c.req.method,
        route: routePath(c, -1),
        ...describeForLog(error.cause ?? error),
      });
    }
    return c.json(toErrorBody(error), toHttpStatus(error.code));
  });

  return app;
}

/** The portal as a Hono app. */
export type PortalApp = ReturnType<typeof createPortal>;
