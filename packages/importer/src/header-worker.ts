/** What the threads of the header pool run; loaded by its file name. */
export { readChunk } from './read-chunk.ts';
