import { SenditError } from '@sendit/model';

/** One connection, as its client sees it. */
export interface Session {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
}

const ROUNDS = 5;

/**
 * Whether what looks like two connections is given another one of the server for each transaction, as pgbouncer does with
 * `pool_mode=transaction`: then one of them meets several servers' processes, or both meet one. What a session sets (`search_path`,
 * LISTEN) is lost there, or left to somebody else. Statements of both alternate, since a pooler lends what was given back last.
 */
export async function arePooled(one: Session, other: Session): Promise<boolean> {
  const pids = [new Set<number>(), new Set<number>()] as const;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, session] of [one, other].entries()) {
      const { rows } = await session.query('select pg_catalog.pg_backend_pid() as pid');
      pids[index]?.add((rows[0] as { readonly pid: number }).pid);
    }
  }
  const [mine, others] = pids;
  return mine.size > 1 || others.size > 1 || [...mine].some((pid) => others.has(pid));
}

/** The error with its remedy. */
export function pooledError(): SenditError {
  return new SenditError(
    'The queue needs connections that last; a pooler gives each transaction another one (pgbouncer with pool_mode=transaction).',
    {
      code: 'bad-configuration',
      hint: 'Set REDIS_URL for the queue, or give DATABASE_URL the port of the server itself or of a pool with pool_mode=session.',
    },
  );
}
