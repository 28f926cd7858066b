import { fileURLToPath } from 'node:url';

/** Absolute path of the directory with the built page: `index.html` and all it loads. */
export const PAGE_DIRECTORY = fileURLToPath(new URL('../dist/page', import.meta.url));
