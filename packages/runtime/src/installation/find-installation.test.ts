import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { findInstallation } from './find-installation.ts';

describe('the installation that a command asks about', () => {
  test('is the nearest folder, upwards, with a configuration or a state directory', async () => {
    await using temp = await openTempDir();
    const [site, study, inner] = ['site', 'site/data/study', 'site/data/study/.sendit'].map((name) =>
      join(temp.path, name),
    );
    await mkdir(study ?? '', { recursive: true });
    await writeFile(join(site ?? '', 'sendit.config.yaml'), '');
    const find = (cwd = '') => findInstallation({ cwd, env: {}, flags: {} });
    expect(await find(study)).toMatchObject({ kind: 'found', folder: site, stateDir: join(site ?? '', '.sendit') });
    await mkdir(inner ?? '');
    expect(await find(study)).toMatchObject({ kind: 'found', folder: study, stateDir: inner });
  });

  test('is what flags and environment name, the flag first', async () => {
    const cwd = '/nowhere/at/all';
    const find = (flags: Parameters<typeof findInstallation>[0]['flags'], env: Record<string, string> = {}) =>
      findInstallation({ cwd, env, flags });
    expect(await find({ 'state-dir': 'state' }, { SENDIT_STATE_DIR: '/other' })).toMatchObject({
      stateDir: `${cwd}/state`,
      isNamed: true,
    });
    expect(await find({}, { SENDIT_STATE_DIR: '/other' })).toMatchObject({ stateDir: '/other', isNamed: true });
    expect(await find({ config: '/etc/sendit/sendit.config.yaml' })).toMatchObject({
      folder: '/etc/sendit',
      stateDir: '/etc/sendit/.sendit',
    });
    expect(await find({}, { DATABASE_URL: 'postgres://db/x' })).toMatchObject({ kind: 'found', folder: cwd });
  });

  test('is none where nothing is, with every folder that was looked into', async () => {
    await using temp = await openTempDir();
    const found = await findInstallation({ cwd: temp.path, env: { SENDIT_STATE_DIR: '' }, flags: {} });
    expect(found).toEqual({ kind: 'none', looked: expect.arrayContaining([temp.path, '/']) });
  });
});
