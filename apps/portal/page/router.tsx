import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { NowView } from './now/now-view.tsx';
import { Broken, NotFound, Shell } from './shell/shell.tsx';
import { toBoardFilter } from './board/board-filter.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const now = createRoute({ getParentRoute: () => root, path: '/', component: NowView });

const board = createRoute({
  getParentRoute: () => root,
  path: '/board',
  validateSearch: toBoardFilter,
  component: lazyRouteComponent(() => import('./board/board-view.tsx'), 'BoardView'),
});

const batch = createRoute({
  getParentRoute: () => root,
  path: '/batch/$id',
  component: lazyRouteComponent(() => import('./batch/batch-view.tsx'), 'BatchView'),
});

const waiting = createRoute({
  getParentRoute: () => root,
  path: '/waiting/$key',
  component: lazyRouteComponent(() => import('./batch/waiting-view.tsx'), 'WaitingView'),
});

const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  component: lazyRouteComponent(() => import('./queue/queue-view.tsx'), 'QueueView'),
});

const throughput = createRoute({
  getParentRoute: () => root,
  path: '/throughput',
  component: lazyRouteComponent(() => import('./throughput/throughput-view.tsx'), 'ThroughputView'),
});

const configuration = createRoute({
  getParentRoute: () => root,
  path: '/configuration',
  component: lazyRouteComponent(() => import('./configuration/configuration-view.tsx'), 'ConfigurationView'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('./audit/audit-view.tsx'), 'AuditView'),
});

/**
 * The views. Their addresses stand behind the `#`: they reach no server and no proxy's log, and the page works below any path
 * without a rule for it. Names are in none of them all the same.
 */
export const router = createRouter({
  routeTree: root.addChildren([now, board, batch, waiting, queue, throughput, configuration, audit]),
  history: createHashHistory(),
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
