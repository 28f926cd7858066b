import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ROUTES, type Route, toOpenApi } from '@sendit/api';
import type { SenditConfig } from '@sendit/config';
import { openMemoryDir, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadSettings, openApi, openWatcher } from '../src/index.ts';

const GETS = ROUTES.filter(({ method }) => method === 'GET').map((route) => [route.path, route] as const);

/** What every request that is not answered says. */
const REFUSAL = z.object({ error: z.object({ code: z.string(), message: z.string().regex(/^Expected /) }) });

/** The API of a running watcher, held against its own document. */
describe('what the API answers', () => {
  let url = '';
  let token = '';
  let close: () => Promise<void>;

  beforeAll(async () => {
    const temp = await openMemoryDir();
    const data = join(temp.path, 'data');
    await mkdir(data);
    const config: SenditConfig = { watchPaths: [['data', 'IN_ALL_EVENTS', 'DicomQueue']], portal: { port: 0 } };
    const settings = await loadSettings({ config, cwd: temp.path });
    const watcher = await openWatcher(settings);
    await writeSyntheticStudy(join(data, 'L1.tmp'), { series: [{ instances: 2 }] });
    await rename(join(data, 'L1.tmp'), join(data, 'L1'));
    await mkdir(join(data, 'HALF.tmp'));
    await waitUntil('L1 to be DONE', async () => (await watcher.api.listBatches({ status: ['DONE'] })).count === 1);
    const client = await openApi(settings);
    url = watcher.portalUrl ?? '';
    token = (await client.status()).portal.token ?? '';
    close = async () => {
      await client.close();
      await watcher.close();
      await temp[Symbol.asyncDispose]();
    };
  });

  afterAll(() => close());

  const ask = async ({ path }: Route, { query = '', withToken = true } = {}): Promise<Response> =>
    await fetch(`${url}${path.replace('{id}', '1')}${query}`, {
      headers: withToken ? { authorization: `Bearer ${token}` } : {},
    });

  test.each(GETS)('%s is as its contract says', async (_path, route) => {
    const response = await ask(route);
    const answer: unknown = await response.json();
    expect([response.status, route.contract.answer.safeParse(answer).error?.issues ?? []]).toEqual([200, []]);
  });

  test.each(GETS)('%s shows no name without the token', async (_path, route) => {
    const response = await ask(route, { withToken: false });
    expect(response.status).toBe(route.contract.access === 'open' ? 200 : 401);
    expect(await response.text()).not.toMatch(/L1|HALF/);
  });

  test('whatever an address asks is answered or refused in words, and never fails inside', async () => {
    const lists = GETS.map(([, route]) => route).filter(({ input }) => input !== undefined);
    const known = fc.constantFrom(
      '1',
      '0',
      'DONE',
      'CT',
      '1.2.3',
      'true',
      '-name',
      'hour',
      '2025-01-01T00:00:00Z',
      'x'.repeat(5_000),
    );
    const asked = fc.constantFrom(...lists).chain((route) => {
      const keys = [...Object.keys(route.input?.shape ?? {}), 'other'];
      const pair = fc.tuple(fc.constantFrom(...keys), fc.oneof(known, fc.string()));
      return fc.tuple(fc.constant(route), fc.array(pair, { maxLength: 3 }));
    });
    await fc.assert(
      fc.asyncProperty(asked, async ([route, pairs]) => {
        const query = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
        const response = await ask(route, { query });
        const schema = response.status === 200 ? route.contract.answer : REFUSAL;
        const problems = schema.safeParse(await response.json()).error?.issues ?? [];
        expect([[200, 400, 404].includes(response.status), problems]).toEqual([true, []]);
      }),
      { numRuns: 150 },
    );
  });

  test('the document is the one that the server tells', async () => {
    const told = (await (await fetch(`${url}/api/openapi.json`)).json()) as ReturnType<typeof toOpenApi>;
    expect(told.paths).toEqual(JSON.parse(JSON.stringify(toOpenApi('').paths)));
  });
});
