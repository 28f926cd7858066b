import type { AuditRecord, BatchDetail, PendingDirectory } from '@sendit/api';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiClient } from '@sendit/portal';
import { waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test, vi } from 'vitest';
import { Installation } from './harness.ts';

// Two starts and several commands each, every one a process: minutes on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

/** The running watcher, asked without a process for each question. */
const api = (at: Installation): ApiClient => at.api;
const decide = (at: Installation, word: string, ref: string): Promise<AuditRecord> =>
  at.json<AuditRecord>('batch', word, ref, '--reason', `Because of ${word}.`);

async function done(at: Installation, name: string): Promise<BatchDetail> {
  const batch = await waitUntil(`${name} to be imported`, async () => {
    const shown = await api(at).showBatch({ ref: name });
    return shown?.status === 'DONE' ? shown : undefined;
  });
  return batch;
}

async function configure(at: Installation, watchPath: object): Promise<void> {
  const watchPaths = [{ folder: './data', events: 'IN_ALL_EVENTS', processor: 'DicomQueue', ...watchPath }];
  await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths }));
}

async function send(at: Installation, name: string): Promise<void> {
  await mkdir(join(at.data, `${name}.tmp`));
  await writeSyntheticStudy(join(at.data, `${name}.tmp`), { series: [{ instances: 2 }] });
  await rename(join(at.data, `${name}.tmp`), join(at.data, name));
}

describe('sendit batch hold, release and quarantine', () => {
  test('a held directory is not sealed, not by a rename either, until it is released; the batch has its history', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '60000' });
    await configure(at, {});
    await at.start('--config', 'sendit.config.json');
    const path = join(at.data, 'SCAN');
    await mkdir(path);
    await at.logged(`LOG 3|WAITING: ${path}`);
    const held = await decide(at, 'hold', path);
    expect(held).toMatchObject({ from: 'WAITING', to: 'HELD', batchId: null, path });
    expect(held.by).not.toBe('');
    await at.logged(`LOG 3|HELD: ${path} (held by ${held.by}: Because of hold.)`);
    await writeSyntheticStudy(path, { series: [{ instances: 3 }] });
    await rename(path, `${path}.tmp`);
    await rename(`${path}.tmp`, path);
    const { stdout } = await at.run('explain', path);
    expect(stdout).toContain(`held by ${held.by}: Because of hold.`);
    expect(stdout).toContain(`sendit batch release ${path}`);
    expect((await api(at).status()).roots).toMatchObject([{ pending: 1, held: 1, quarantined: 0 }]);
    expect((await api(at).listBatches({})).results).toEqual([]);

    const released = await at.run('batch', 'release', 'SCAN', '--reason', 'It is whole.');
    expect(released.stdout).toContain('is RELEASED, it was HELD. It is sealed now.');
    const batch = await done(at, 'SCAN');
    expect(batch).toMatchObject({ grade: 'released', instances: 3 });
    expect(batch.auditList.map(({ to, reason }) => [to, reason])).toEqual([
      ['HELD', 'Because of hold.'],
      ['RELEASED', 'It is whole.'],
    ]);
    const refused = await at.run('batch', 'hold', batch.id, '--reason', 'Too late.');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`Batch ${batch.id} is DONE`)]);
    expect(await at.json<AuditRecord[]>('batch', 'audit', path)).toHaveLength(2);
  });

  test('decisions made while no watcher runs are honoured by the next one; a reason is required', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '600' });
    await configure(at, {});
    await at.start('--config', 'sendit.config.json');
    await at.kill();
    await send(at, 'A');
    for (const name of ['EMPTY', 'C.tmp']) await mkdir(join(at.data, name));
    const without = await at.run('batch', 'quarantine', join(at.data, 'A'));
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('reason')]);
    expect(await decide(at, 'quarantine', join(at.data, 'A'))).toMatchObject({ to: 'QUARANTINED', batchId: null });
    expect(await decide(at, 'release', join(at.data, 'EMPTY'))).toMatchObject({ to: 'RELEASED' });
    expect((await at.run('batch', 'release', join(at.data, 'C.tmp'), '-r', 'x')).stderr).toContain('name is not final');
    expect((await at.run('batch', 'hold', join(at.data, 'NOWHERE'), '-r', 'x')).stderr).toContain('Nothing is known');
    await at.start('--config', 'sendit.config.json');
    await send(at, 'B');
    await done(at, 'B');
    await waitUntil(
      'the released one to be imported',
      async () => (await api(at).showBatch({ ref: 'EMPTY' }))?.status === 'EMPTY',
    );
    expect((await api(at).listBatches({})).results.map(({ name }) => name).toSorted()).toEqual(['B', 'EMPTY']);
    expect((await api(at).status()).roots).toMatchObject([{ quarantined: 1 }]);
  });

  test('what the deadline quarantined is quarantined after kill -9, with the same since, and is listed without a watcher', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '300' });
    await configure(at, { maxWaitMs: 1_000, onDeadline: 'quarantine' });
    await at.start('--config', 'sendit.config.json');
    const path = join(at.data, 'EMPTY');
    await mkdir(path);
    const before = await waitUntil('it to be remembered', async () => {
      const {
        results: [listed],
      } = await api(at).listPending({});
      return listed?.outcome === 'quarantine' && listed.since !== null ? listed : undefined;
    });
    await at.kill();
    const kept = { name: 'EMPTY', outcome: 'quarantine', since: before.since, reason: 'it has no file' };
    expect(await at.json<PendingDirectory[]>('watcher', 'pending')).toMatchObject([kept]);
    expect((await at.status()).roots).toMatchObject([{ pending: 1, held: 0, quarantined: 1 }]);
    await writeSyntheticStudy(path, { series: [{ instances: 1 }] });
    await at.start('--config', 'sendit.config.json');
    await send(at, 'OTHER');
    await done(at, 'OTHER');
    expect((await api(at).listPending({})).results).toMatchObject([kept]);
    await decide(at, 'release', path);
    await done(at, 'EMPTY');
  });

  test('a rename that was seen proves the directory after kill -9 too, and explain says how it was sealed', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '300000' });
    await configure(at, { profile: 'strict' });
    await at.start('--config', 'sendit.config.json');
    await send(at, 'SCAN');
    await waitUntil('the rename to be remembered', async () => {
      const {
        results: [listed],
      } = await api(at).listPending({});
      return listed?.arrival === 'renamed' && listed.unchangedMs !== null;
    });
    // The database answers in turn: what was to be remembered is written before this.
    await api(at).listAudit({});
    await at.kill();
    await configure(at, { profile: 'safe' });
    await at.start('--config', 'sendit.config.json');
    await done(at, 'SCAN');
    const told = await at.json<{ findings: { rule: string; answer: string }[] }>('explain', join(at.data, 'SCAN'));
    expect(told).toMatchObject({ finished: true, grade: 'renamed', batch: { grade: 'renamed', status: 'DONE' } });
    expect(told.findings.find(({ rule }) => rule === 'rename')).toMatchObject({ answer: 'yes' });
  });
});
