import type { Heartbeat } from '@sendit/model';
import { expect, test } from 'vitest';
import type { Connection, Queries } from './engine/connection.ts';
import { toHeartbeatStore } from './heartbeats.ts';

test('old heartbeats are deleted with the first of a process, and not with each one after it', async () => {
  const asked: string[] = [];
  const insert = { values: () => ({ onConflictDoUpdate: async () => void asked.push('beat') }) };
  const queries: unknown = { insert: () => insert, delete: () => ({ where: async () => void asked.push('sweep') }) };
  const connection: unknown = { run: (work: (db: Queries) => Promise<unknown>) => work(queries as Queries) };
  const heartbeats = toHeartbeatStore(connection as Connection);
  const beat: unknown = { host: 'h', pid: 1 };
  for (let index = 0; index < 1_001; index += 1) await heartbeats.beat(beat as Heartbeat);
  expect(asked.slice(0, 4)).toEqual(['beat', 'sweep', 'beat', 'beat']);
  expect(asked.filter((one) => one === 'sweep').length).toBe(2);
});
