import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWith, exited, startPostgres, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { Installation } from './harness.ts';

const WORKER = fileURLToPath(new URL('../bin/worker.js', import.meta.url));

async function drop(at: Installation, name: string): Promise<void> {
  const arriving = join(at.data, `${name}.tmp`);
  await mkdir(arriving);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances: 3 }] });
  await rename(arriving, join(at.data, name));
}

function startWorker(at: Installation): ChildProcess {
  const child = spawn(process.execPath, [WORKER], {
    cwd: at.directory,
    env: { ...process.env, ...at.env },
    stdio: 'ignore',
  });
  at.adopt(child);
  return child;
}

describeWith(['postgres'], 'growing up', () => {
  test('from embedded to PostgreSQL while deliveries go on: each is there once, imported once', async () => {
    await using postgres = await startPostgres();
    await using at = await Installation.open();
    const never = await at.run('db', 'export', '--out', 'none.jsonl');
    expect([never.code, never.stderr]).toEqual([1, expect.stringContaining('There is no database at')]);
    const both = await at.run('db', 'export', '--out', '-', '--json');
    expect(both.code).toBe(2);
    await at.start();
    await drop(at, 'BEFORE');
    await at.settled('BEFORE', 'DONE');
    const refused = await at.run('db', 'export', '--out', 'early.jsonl');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('has it open');
    await at.run('watcher', 'stop');
    await drop(at, 'STOPPED');
    const exported = await at.run('db', 'export', '--out', 'sendit.jsonl.gz', '--json');
    expect(exported.stderr).toBe('');
    expect(JSON.parse(exported.stdout)).toMatchObject({ rows: { batches: 1, instances: 3 } });
    const file = join(at.directory, 'sendit.jsonl.gz');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = await at.run('db', 'export', '--out', 'sendit.jsonl.gz');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('which is there')]);

    at.env['DATABASE_URL'] = await postgres.createDatabase();
    await writeFile(join(at.directory, 'cut.jsonl.gz'), (await readFile(file)).subarray(0, 400));
    const cut = await at.run('db', 'import', 'cut.jsonl.gz');
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('unexpected end of file')]);
    const imported = await at.run('db', 'import', 'sendit.jsonl.gz');
    expect(imported.stdout).toContain('Took in 1 batches, 3 instances.');
    await drop(at, 'MOVED');
    await at.start();
    const worker = startWorker(at);
    await drop(at, 'AFTER');
    for (const name of ['STOPPED', 'MOVED', 'AFTER']) await at.settled(name, 'DONE');
    const listed = JSON.parse((await at.run('batch', 'list', '--json')).stdout) as {
      name: string;
      generation: number;
    }[];
    expect(listed.map(({ generation, name }) => `${name} ${generation}`).sort()).toEqual([
      'AFTER 1',
      'BEFORE 1',
      'MOVED 1',
      'STOPPED 1',
    ]);
    worker.kill();
    await exited(worker);
  });
});
