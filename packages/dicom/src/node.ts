export { type FileHeader, type FileHeaderResult, readHeaderFile } from './read-header-file.ts';
export {
  type FolderContent,
  type FolderSeries,
  readSeries,
  type SeriesFile,
  type SeriesOptions,
} from './read-series.ts';
