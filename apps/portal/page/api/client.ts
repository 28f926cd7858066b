import { createApiClient } from '@sendit/api/client';
import { BASE } from './base.ts';

/** The API that serves this page. */
export const api = createApiClient({ baseUrl: BASE.href });
