export { type FileHeader, type FileHeaderResult, readHeaderFile } from './read-header-file.ts';
