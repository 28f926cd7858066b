import { once } from 'node:events';
import { createServer } from 'node:http';
import { type PostgresServer, startPostgres } from '../packages/testing/src/postgres-server.ts';
import type { TestProject } from 'vitest/node';

/** Serves the services of a run to its test files: each is started when a file first asks for it, and ended with the run. */
export default async function serveServices(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<PostgresServer> | undefined;
  const server = createServer((_, response) => {
    postgres ??= startPostgres({ settings: ['fsync=off'] });
    postgres.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  project.provide('servicesUrl', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  return async () => {
    server.close();
    const started = await postgres?.catch(() => undefined);
    await started?.[Symbol.asyncDispose]();
  };
}
