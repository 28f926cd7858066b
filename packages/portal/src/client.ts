export { type ApiClient, connectApi } from './connect-api.ts';
