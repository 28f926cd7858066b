export type { Access } from './operation-routes.ts';
export { type ApiClient, type ConnectOptions, connectApi } from './connect-api.ts';
export { createPortal, type PortalApp, type PortalOptions } from './create-portal.ts';
export type { PortalBindings } from './guard.ts';
export type { LiveChannels } from './live-feed.ts';
export { type ServePortalOptions, servePortal } from './serve-portal.ts';
export { type ServeSocketOptions, serveSocket } from './serve-socket.ts';
export type { Served } from './served.ts';
export type { DecideDeps, DirectoryThere } from './decide.ts';
export {
  createDatabaseApi,
  type DatabaseApiDeps,
  readQueue,
  toHealthFields,
} from './database-api.ts';
