import { expect, test } from 'vitest';
import { judgeMachine, type MachineFacts } from './machine.ts';
import { judgeDatabase } from './servers.ts';

const MACHINE: MachineFacts = {
  node: '20.19.0',
  platform: 'linux',
  inotify: { max_user_watches: 65_536, max_user_instances: 128, max_queued_events: 16_384 },
  openFiles: 20_000,
  seesWriters: true,
};

test('a machine that has all is well', () => {
  expect(judgeMachine(MACHINE).filter(({ state }) => state !== 'ok')).toEqual([]);
});

test.each<[string, Partial<MachineFacts>, string, string]>([
  ['node', { node: '20.18.3' }, 'error', 'Install Node'],
  ['node', { node: '18.20.0' }, 'error', 'Install Node'],
  ['platform', { platform: 'darwin' }, 'warning', 'Linux'],
  ['open-files', { openFiles: 1_024 }, 'info', 'LimitNOFILE'],
  ['writers', { seesWriters: false }, 'info', 'CAP_SYS_PTRACE'],
  [
    'inotify-watches',
    { inotify: { ...MACHINE.inotify, max_user_watches: 8_192 } },
    'warning',
    'max_user_watches=524288',
  ],
  [
    'inotify-instances',
    { inotify: { ...MACHINE.inotify, max_user_instances: 8 } },
    'warning',
    'max_user_instances=512',
  ],
  ['inotify-events', { inotify: { ...MACHINE.inotify, max_queued_events: 100 } }, 'warning', 'max_queued_events=65536'],
])('%s that is short is told with what to do: %j', (check, facts, state, fix) => {
  const [found, ...others] = judgeMachine({ ...MACHINE, ...facts }).filter((one) => one.state !== 'ok');
  expect(others).toEqual([]);
  expect(found).toMatchObject({ check, state, fix: expect.stringContaining(fix) });
});

test('what the kernel does not say is not judged', () => {
  const inotify = { max_user_watches: undefined, max_user_instances: undefined, max_queued_events: undefined };
  const checks = judgeMachine({ ...MACHINE, inotify, openFiles: undefined }).map(({ check }) => check);
  expect(checks).toEqual(['node', 'platform', 'writers']);
});

test.each([
  [{}, []],
  [{ version: '14.9' }, ['database']],
  [{ isReadOnly: true }, ['database']],
  [{ pending: 2 }, ['migrations']],
  [{ skewMs: 6_000 }, ['clock']],
  [{ skewMs: -6_000 }, ['clock']],
] as const)('a database with %j', (facts, expected) => {
  const judged = judgeDatabase({ version: '16.4', isReadOnly: false, skewMs: 10, pending: 0, ...facts });
  expect(judged.filter(({ state }) => state !== 'ok').map(({ check }) => check)).toEqual(expected);
});
