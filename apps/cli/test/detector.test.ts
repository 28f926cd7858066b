import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exited, waitUntil, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test, vi } from 'vitest';
import { Installation } from './harness.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Report {
  readonly source: string;
  readonly arrival: string;
  readonly profiles: Readonly<Record<string, { readonly outcome: string; readonly grade: string | null }>>;
}

describe('sendit detector', () => {
  test('records how a directory arrives, and says what each profile makes of it', async () => {
    await using at = await Installation.open({ SENDIT_QUIET_MS: '1000' });
    const out = join(at.directory, 'scan.ndjson');
    const folder = join(at.data, 'DOE');
    const recorder = at.spawn('detector', 'record', folder, '--out', out, '--every-ms', '50');
    await mkdir(join(at.data, 'DOE.tmp'));
    await writeSyntheticStudy(join(at.data, 'DOE.tmp'), { series: [{ instances: 3 }] });
    // The recorder may not watch yet: it is renamed until it has been seen.
    await waitUntil('the recording to have begun', async () => {
      await rename(join(at.data, 'DOE.tmp'), folder);
      const text = await readFile(out, 'utf8').catch(() => '');
      if (text.split('\n').length > 3) return true;
      await rename(folder, join(at.data, 'DOE.tmp'));
      return undefined;
    });
    await waitUntil('the directory to be seen where it stays', async () => {
      const looks = (await readFile(out, 'utf8')).split('\n').filter((line) => line.includes('"look"'));
      return looks.at(-1)?.includes('"exists":true');
    });
    recorder.kill('SIGINT');
    await exited(recorder);
    expect(recorder.exitCode).toBe(0);
    const text = await readFile(out, 'utf8');
    expect(text).not.toContain('DOE');
    const report = await at.json<Report>('detector', 'replay', out);
    expect(report).toMatchObject({ source: 'live', arrival: 'renamed' });
    expect(Object.keys(report.profiles)).toEqual(['legacy', 'safe', 'strict', 'configured']);
    expect(report.profiles['safe']).toMatchObject({ outcome: 'finished', grade: 'renamed' });
    expect(report.profiles['strict']).toMatchObject({ outcome: 'hold', grade: null });
    const again = await at.run('detector', 'record', folder, '--out', out, '--seconds', '1');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('Expected to create')]);
  });

  test('reconstructs a directory from the times of its files, and says so; a file that is no recording is refused', async () => {
    await using at = await Installation.open();
    await mkdir(join(at.data, 'SCAN'));
    await writeSyntheticStudy(join(at.data, 'SCAN'), { series: [{ instances: 3 }] });
    const told = await at.run('detector', 'replay', join(at.data, 'SCAN'), '--quiet-ms', '5000');
    expect(told.code).toBe(0);
    expect(told.stdout).toContain('quiet time 5.0 s');
    expect(told.stdout).toMatch(/safe +sealed +quiet/);
    expect(told.stdout).toContain('Reconstructed from the times of the files');
    await writeFile(join(at.directory, 'x'), 'no recording\n');
    const refused = await at.run('detector', 'replay', join(at.directory, 'x'));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Expected a recording')]);
  });
});
