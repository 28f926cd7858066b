export { type ApiClient, connectApi } from './connect-api.ts';
export { createPortal } from './create-portal.ts';
export { isLoopback } from './guard.ts';
export { servePortal } from './serve-portal.ts';
export { serveSocket } from './serve-socket.ts';
export type { Served } from './served.ts';
export type { DirectoryThere } from './decide.ts';
export { createWorkReader, toJudged, toWorkFields } from './work-facts.ts';
export { createDatabaseApi, type DatabaseApiDeps, readQueue, toHealthFields } from './database-api.ts';
