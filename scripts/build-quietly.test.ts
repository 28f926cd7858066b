import { spawnSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('build-quietly.mjs', import.meta.url));

/** Runs the script with a shell script in npm's place. */
async function buildWith(npm: string): Promise<{ readonly code: number | null; readonly said: string }> {
  await using bin = await openTempDir();
  await writeFile(join(bin.path, 'npm'), `#!/bin/sh\n${npm}\n`);
  await chmod(join(bin.path, 'npm'), 0o755);
  const env = { ...process.env, PATH: `${bin.path}:${process.env['PATH'] ?? ''}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { env, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}

test('a build that succeeds says nothing of its own', async () => {
  const { code, said } = await buildWith('echo Packages in scope; exit 0');
  expect(code).toBe(0);
  expect(said).not.toContain('Packages in scope');
});

test('a build that fails is shown, and its exit code kept', async () => {
  const { code, said } = await buildWith('echo "x.ts(1,1): error" >&2; exit 3');
  expect(code).toBe(3);
  expect(said).toContain('x.ts(1,1): error');
  expect(said).toContain('npm run build');
});
