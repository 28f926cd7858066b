import { expect, test } from 'vitest';
import { gatherValues } from './origins.ts';
import { OVERRIDES } from './overrides.ts';
import { listFields } from './schema-fields.ts';

const file = {
  base: '/etc/sendit',
  source: 'file sendit.config.ts',
  value: { portal: { port: 1, host: 'a' }, quietMs: 1 },
};
const empty = { cwd: '/work', env: {}, flags: {}, file };

test('a flag is stronger than a variable, a variable than the file', () => {
  const env = { SENDIT_PORTAL_PORT: '2', SENDIT_QUIET_MS: '2' };
  const { raw, origins } = gatherValues({ ...empty, env, flags: { portalPort: 3 } });
  expect(raw).toEqual({ portal: { port: 3, host: 'a' }, quietMs: 2 });
  expect(origins.of('portal.port')).toEqual({ source: 'flag --portal-port', base: '/work' });
  expect(origins.of('quietMs')).toEqual({ source: 'environment SENDIT_QUIET_MS', base: '/work' });
  expect(origins.of('portal.host')).toEqual({ source: 'file sendit.config.ts', base: '/etc/sendit' });
});

test('the file is left as it was', () => {
  gatherValues({ ...empty, flags: { portalPort: 3 } });
  expect(file.value.portal.port).toBe(1);
});

test('our own variable is stronger than the common one, and an empty one counts as unset', () => {
  const common = 'postgres://common/db';
  const own = 'postgres://own/db';
  const of = (env: Record<string, string>) => gatherValues({ ...empty, env, file: undefined }).raw;
  expect(of({ DATABASE_URL: common, SENDIT_DATABASE_URL: own })).toEqual({ databaseUrl: own });
  expect(of({ DATABASE_URL: common, SENDIT_DATABASE_URL: '' })).toEqual({ databaseUrl: common });
});

test('folders from a flag or variable replace the watch paths and keep their origin', () => {
  const { raw, origins } = gatherValues({ ...empty, env: { SENDIT_DATA: '/a::/b' }, file: undefined });
  expect(raw).toEqual({
    watchPaths: [
      ['/a', 'IN_ALL_EVENTS', 'DicomQueue'],
      ['/b', 'IN_ALL_EVENTS', 'DicomQueue'],
    ],
  });
  expect(origins.of('watchPaths[1][0]').source).toBe('environment SENDIT_DATA');
  expect(origins.of('watchPaths[1].folder').source).toBe('environment SENDIT_DATA');
});

test('every overridable setting exists in the schema, and every setting can be given by a variable', () => {
  const settings = listFields().map((field) => field.path);
  expect(OVERRIDES.map((override) => override.setting).toSorted()).toEqual(settings.toSorted());
});

test('the image filter is given by variables, lists joined by colons', () => {
  const env = { SENDIT_FILTER_MODALITIES: 'CT:MR', SENDIT_FILTER_EXCLUDE_BURNED_IN: 'yes' };
  const { raw } = gatherValues({ ...empty, env, file: undefined });
  expect(raw).toMatchObject({ worker: { filter: { modalities: ['CT', 'MR'], excludeBurnedIn: true } } });
});
