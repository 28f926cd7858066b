import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Sql } from './database.ts';

/** Resources of one process at one moment. */
export interface Usage {
  readonly rssMb: number;
  /** Open file descriptors. */
  readonly handles: number;
  readonly threads: number;
}

/** Rows and size of one table with its indexes. */
export interface TableSize {
  readonly table: string;
  readonly rows: number;
  readonly kb: number;
}

const MIB = 1024 * 1024;

/** Reads what a process holds from /proc; undefined when it is gone. */
export function readUsage(pid: number | undefined): Usage | undefined {
  if (pid === undefined) return undefined;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    return { rssMb: Math.round(field('VmRSS') / 1024), handles, threads: field('Threads') };
  } catch {
    return undefined;
  }
}

/** Bytes of all files below a directory, in MB; what goes away meanwhile counts as nothing. */
export function readDirectoryMb(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += sizeOf(join(entry.parentPath, entry.name));
  }
  return Math.round(bytes / MIB);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Every table of sendit and of the queue that holds rows, largest first. */
export async function readTables(sql: Sql): Promise<readonly TableSize[]> {
  const tables = await sql.query<{ name: string; kb: number }>(
    `select c.oid::regclass::text as name, (pg_total_relation_size(c.oid) / 1024)::int as kb
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('sendit', 'bullmq') order by 2 desc`,
  );
  const sizes: TableSize[] = [];
  for (const { name, kb } of tables) {
    const [counted] = await sql.query<{ rows: number }>(`select count(*)::int as rows from ${name}`);
    const rows = counted?.rows ?? 0;
    if (rows > 0) sizes.push({ table: name, rows, kb });
  }
  return sizes;
}
