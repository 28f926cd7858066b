import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SenditError, silentLogger } from '@sendit/model';
import { aBatch, aRoot, aStatus, createFakeApi } from '@sendit/testing';
import { expect, test } from 'vitest';
import { createPortal } from '../src/index.ts';

const docs = join(import.meta.dirname, '../../../docs');

function open() {
  const api = createFakeApi(aBatch('1', { name: 'Müller^Anna' }));
  const health = {
    level: 'warning',
    problems: [{ code: 'batches-failed', severity: 'warning', since: null, subject: 'Anna', message: 'Anna' }],
  } as const;
  api.watcher = aStatus({ health, roots: [aRoot({ name: 'Anna', overflows: 3 })] });
  const workers = [
    { role: 'worker', host: 'Anna', pid: 1, alive: true, ageMs: 1_500, startedAt: '', mode: 'postgres', roots: [] },
  ] as const;
  const all = { ...api, listWorkers: async () => ({ count: 1, next: null, previous: null, results: workers }) };
  const portal = createPortal(all, { access: 'read-only', logger: silentLogger });
  const scrape = async () => await portal.request('/metrics', { headers: { host: 'localhost' } });
  return { all, scrape, api };
}

/** Names of series, those of histograms with their endings. */
function toNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^(sendit_[a-z_]+)/gm)].map(([, name]) => name ?? ''));
}

test("metrics are in Prometheus' form, and name nobody", async () => {
  const { scrape } = open();
  const response = await scrape();
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  expect(text).toContain('\nsendit_missed_events_total 3\n');
  expect(text).toContain('sendit_health_problems{code="batches-failed"} 1');
  expect(text).toContain('sendit_heartbeat_age_seconds{role="worker"} 1.5');
  expect(text).toContain('sendit_import_duration_seconds_bucket{le="+Inf"} 2');
  expect(text).toContain('sendit_import_duration_seconds_sum 3.5');
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  expect(text).not.toContain('Anna');
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    expect(line).toMatch(/^[a-z_\d]+(\{[^{}]*\})? (?:[-+]?[.\de+-]+|[Nn]a[Nn]|\+Inf)$/);
  }
  // Every scrape asks anew.
  expect(await (await scrape()).text()).toContain('\nsendit_missed_events_total 3\n');
});

test('what the database cannot say is absent, not zero', async () => {
  const { all } = open();
  const away = () => Promise.reject(new SenditError('Away.', { code: 'database-unavailable' }));
  const portal = createPortal(
    { ...all, countStages: away, readTotals: away, listWorkers: away },
    { access: 'read-only', logger: silentLogger },
  );
  const text = await (await portal.request('/metrics', { headers: { host: 'localhost' } })).text();
  expect(text).toContain('sendit_watcher_active 1');
  expect(text).not.toMatch(/sendit_(?:units|sealed_total|processes)/);
});

test.each(['metrics/prometheus-rules.yml', 'metrics/grafana-dashboard.json', 'metrics.md'])(
  'docs/%s names only metrics that exist',
  async (file) => {
    const names = toNames(await (await open().scrape()).text());
    const families = new Set([...names].map((name) => name.replace(/_(?:bucket|sum|count)$/, '')));
    const text = await readFile(join(docs, file), 'utf8');
    const used = [...text.matchAll(/\bsendit_[a-z_]+/g)].map(([name]) => name);
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((name) => !names.has(name) && !families.has(name))).toEqual([]);
  },
);

test('docs/metrics.md names every metric', async () => {
  const text = await readFile(join(docs, 'metrics.md'), 'utf8');
  const names = [...toNames(await (await open().scrape()).text())].map((name) =>
    name.replace(/_(?:bucket|sum|count)$/, ''),
  );
  expect(names.filter((name) => !text.includes(name))).toEqual([]);
});
