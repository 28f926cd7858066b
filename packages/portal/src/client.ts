export { type ApiClient, type ConnectOptions, connectApi } from './connect-api.ts';
