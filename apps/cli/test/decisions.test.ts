import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditRecord, PendingDirectory } from '@sendit/model';
import { waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test, vi } from 'vitest';
import { Installation } from './harness.ts';

// Many commands, each a process: slow on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const pending = (at: Installation): Promise<PendingDirectory[]> => at.json<PendingDirectory[]>('watcher', 'pending');
const decide = (at: Installation, word: string, ref: string): Promise<AuditRecord> =>
  at.json<AuditRecord>('batch', word, ref, '--reason', `Because of ${word}.`);

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
  test('a held directory is not sealed, over kill -9 and a rename, until it is released; the batch has its history', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '60000' });
    await configure(at, {});
    await at.start('--config', 'sendit.config.json');
    await mkdir(join(at.data, 'SCAN'));
    await at.logged(`LOG 3|WAITING: ${at.data}/SCAN`);
    const held = await decide(at, 'hold', join(at.data, 'SCAN'));
    expect(held).toMatchObject({ from: 'WAITING', to: 'HELD', batchId: null, path: join(at.data, 'SCAN') });
    expect(held.by).not.toBe('');
    await at.logged(`LOG 3|HELD: ${at.data}/SCAN (held by ${held.by}: Because of hold.)`);
    await at.kill();

    const offline = await pending(at);
    expect(offline).toMatchObject([{ name: 'SCAN', outcome: 'hold', decision: 'hold', since: held.at }]);
    expect((await at.status()).roots).toMatchObject([{ pending: 1, held: 1, quarantined: 0 }]);
    await writeSyntheticStudy(join(at.data, 'SCAN'), { series: [{ instances: 3 }] });
    await rename(join(at.data, 'SCAN'), join(at.data, 'SCAN.tmp'));
    await at.start('--config', 'sendit.config.json');
    await rename(join(at.data, 'SCAN.tmp'), join(at.data, 'SCAN'));
    await waitUntil('the new watcher to hold it', async () =>
      (await pending(at)).some(({ name, since }) => name === 'SCAN' && since === held.at),
    );
    expect((await at.status()).roots).toMatchObject([{ pending: 1, held: 1 }]);
    const told = await at.run('explain', join(at.data, 'SCAN'));
    expect(told.stdout).toContain(`held by ${held.by}: Because of hold.`);
    expect(told.stdout).toContain(`sendit batch release ${at.data}/SCAN`);
    expect(await at.batches()).toEqual([]);

    const released = await at.run('batch', 'release', 'SCAN', '--reason', 'It is whole.');
    expect(released.stdout).toContain('is RELEASED, it was HELD. It is sealed now.');
    await at.settled('SCAN', 'DONE');
    const batch = await at.batch('SCAN');
    expect(batch).toMatchObject({ grade: 'released', instances: 3 });
    expect(batch.auditList.map(({ to, reason }) => [to, reason])).toEqual([
      ['HELD', 'Because of hold.'],
      ['RELEASED', 'It is whole.'],
    ]);
    const refused = await at.run('batch', 'hold', batch.id, '--reason', 'Too late.');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`Batch ${batch.id} is DONE`)]);
    expect(await at.json<AuditRecord[]>('batch', 'audit', join(at.data, 'SCAN'))).toHaveLength(2);
  });

  test('decisions made while no watcher runs are honoured by the next one; a reason is required', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '600' });
    await configure(at, {});
    await at.start('--config', 'sendit.config.json');
    await at.run('watcher', 'stop');
    await send(at, 'A');
    await mkdir(join(at.data, 'EMPTY'));
    const without = await at.run('batch', 'quarantine', join(at.data, 'A'));
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('reason')]);
    expect(await decide(at, 'quarantine', join(at.data, 'A'))).toMatchObject({ to: 'QUARANTINED', batchId: null });
    expect(await decide(at, 'release', join(at.data, 'EMPTY'))).toMatchObject({ to: 'RELEASED' });
    await mkdir(join(at.data, 'C.tmp'));
    expect((await at.run('batch', 'release', join(at.data, 'C.tmp'), '-r', 'x')).stderr).toContain('name is not final');
    expect((await at.run('batch', 'hold', join(at.data, 'NOWHERE'), '-r', 'x')).stderr).toContain('Nothing is known');
    await at.start('--config', 'sendit.config.json');
    await at.settled('EMPTY', 'EMPTY');
    await send(at, 'B');
    await at.settled('B', 'DONE');
    expect((await at.batches()).map(({ name }) => name).toSorted()).toEqual(['B', 'EMPTY']);
    expect((await at.status()).roots).toMatchObject([{ quarantined: 1 }]);
  });

  test('what the deadline quarantined is quarantined after kill -9, with the same since, and is listed without a watcher', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '300' });
    await configure(at, { maxWaitMs: 1_000, onDeadline: 'quarantine' });
    await at.start('--config', 'sendit.config.json');
    await mkdir(join(at.data, 'EMPTY'));
    await at.logged(`LOG 3|QUARANTINED: ${at.data}/EMPTY (it has no file)`);
    const [before] = await waitUntil('it to be remembered', async () => {
      const listed = await pending(at);
      return listed[0]?.since === null ? undefined : listed;
    });
    await at.kill();
    expect(await pending(at)).toMatchObject([
      { outcome: 'quarantine', since: before?.since, reason: 'it has no file' },
    ]);
    expect((await at.status()).roots).toMatchObject([{ held: 0, quarantined: 1 }]);
    await writeSyntheticStudy(join(at.data, 'EMPTY'), { series: [{ instances: 1 }] });
    await at.start('--config', 'sendit.config.json');
    await mkdir(join(at.data, 'OTHER'));
    await writeSyntheticStudy(join(at.data, 'OTHER'), { series: [{ instances: 1 }] });
    await at.settled('OTHER', 'DONE');
    expect(await pending(at)).toMatchObject([{ name: 'EMPTY', outcome: 'quarantine', since: before?.since }]);
    await decide(at, 'release', join(at.data, 'EMPTY'));
    await at.settled('EMPTY', 'DONE');
  });

  test('a rename that was seen proves the directory after kill -9 too, and explain says how it was sealed', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '300000' });
    await configure(at, { profile: 'strict' });
    await at.start('--config', 'sendit.config.json');
    await send(at, 'SCAN');
    await at.logged(`LOG 3|WAITING: ${at.data}/SCAN`);
    await waitUntil('the rename to be remembered', async () => (await pending(at))[0]?.arrival === 'renamed');
    await at.kill();
    await configure(at, { profile: 'safe' });
    await at.start('--config', 'sendit.config.json');
    await at.settled('SCAN', 'DONE');
    const told = await at.json<{ findings: { rule: string; answer: string }[] }>('explain', join(at.data, 'SCAN'));
    expect(told).toMatchObject({ finished: true, grade: 'renamed', batch: { grade: 'renamed', status: 'DONE' } });
    expect(told.findings.find(({ rule }) => rule === 'rename')).toMatchObject({ answer: 'yes' });
  });
});
