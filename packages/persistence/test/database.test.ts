import { join } from 'node:path';
import { describeWith, openTempDir, type SharedPostgres, sharedPostgres } from '@sendit/testing';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { type DatabaseTarget, openDatabase } from '../src/index.ts';
import { actionsContract } from './contract/actions.ts';
import type { Engine } from './contract/fixtures.ts';
import { generationsContract } from './contract/generations.ts';
import { decisionsContract } from './contract/decisions.ts';
import { mountsContract } from './contract/mounts.ts';
import { importsContract } from './contract/imports.ts';
import { rivalsContract } from './contract/rivals.ts';
import { outboxContract } from './contract/outbox.ts';
import { referencesContract } from './contract/references.ts';
import { sealingContract } from './contract/sealing.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

function contract(engine: Engine): void {
  sealingContract(engine);
  referencesContract(engine);
  decisionsContract(engine);
  mountsContract(engine);
  outboxContract(engine);
  importsContract(engine);
  rivalsContract(engine);
  generationsContract(engine);
  actionsContract(engine);
}

describe('on the embedded engine', () => {
  contract({
    open: async () => {
      const directory = await openTempDir();
      const target: DatabaseTarget = { kind: 'embedded', directory: join(directory.path, 'database') };
      const db = await openDatabase(target);
      return {
        db,
        other: db,
        [Symbol.asyncDispose]: async () => {
          await db[Symbol.asyncDispose]();
          await directory[Symbol.asyncDispose]();
        },
      };
    },
  });
});

describeWith(['postgres'], 'on PostgreSQL', () => {
  let server: SharedPostgres;
  beforeAll(async () => {
    server = await sharedPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  contract({
    open: async () => {
      const target: DatabaseTarget = { kind: 'postgres', url: await server.createDatabase() };
      const [db, other] = await Promise.all([openDatabase(target), openDatabase(target)]);
      return {
        db,
        other,
        [Symbol.asyncDispose]: async () => {
          await Promise.all([db[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
        },
      };
    },
  });
});
