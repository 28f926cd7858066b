export { type Database, openDatabase } from './database.ts';
export type { DatabaseDescription } from './engine/describe.ts';
