import { expect, test } from 'vitest';
import { toDataArguments } from './start-arguments.mjs';

const of = (more: object): readonly string[] =>
  toDataArguments({ root: '/clone/', own: [], env: {}, names: ['README.md'], ...more });

test('npm start watches ./data only where nothing else says what to watch', () => {
  expect(of({})).toEqual(['--data', '/clone/data']);
  expect(of({ own: ['--portal-port', '8080'], env: { SENDIT_DATA: '' } })).toEqual(['--data', '/clone/data']);
  for (const more of [
    { names: ['sendit.config.ts'] },
    { names: ['sendit.config.yaml'] },
    { own: ['--data=/x'] },
    { own: ['-c', 'x.ts'] },
    { env: { SENDIT_CONFIG: '/etc/x.yaml' } },
  ]) {
    expect(of(more)).toEqual([]);
  }
});
