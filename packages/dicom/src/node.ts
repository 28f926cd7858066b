export { type FileHeader, type FileHeaderResult, READ_FLAGS, readHeaderFile } from './read-header-file.ts';
