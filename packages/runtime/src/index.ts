export { type OpenedApi, openApi } from './open-api.ts';
export { openConfiguredDatabase } from './parts/open-stores.ts';
export { runPortalProcess } from './run-portal.ts';
export { runWorkerProcess } from './run-worker.ts';
