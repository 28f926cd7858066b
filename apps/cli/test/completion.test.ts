import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { toCompletion } from '../src/completion.ts';

const COMMANDS = [
  { words: 'batch list', flags: ['json', 'status'] },
  { words: 'batch show', flags: ['json'] },
  { words: 'doctor', flags: ['json'] },
];

test.each([
  [
    ['sendit', ''],
    ['batch', 'doctor'],
  ],
  [['sendit', 'ba'], ['batch']],
  [
    ['sendit', 'batch', ''],
    ['list', 'show'],
  ],
  [['sendit', 'batch', 'list', '--st'], ['--status']],
  [
    ['sendit', 'batch', 'list', '--json', '--'],
    ['--json', '--status', '--help'],
  ],
  [['sendit', 'doctor', '--j'], ['--json']],
  [['sendit', 'doctor', 'x', '--j'], ['--json']],
  [['sendit', 'nothing', ''], []],
])('bash completes %j', (words, expected) => {
  const script = `${toCompletion('bash', COMMANDS)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_sendit; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stderr, stdout } = spawnSync('bash', ['--norc', '-s'], { input: script, encoding: 'utf8' });
  expect([stdout.split('\n').filter((line) => line !== ''), stderr]).toEqual([expected, '']);
});

test('zsh goes by that of bash, and fish has lines of its own', () => {
  expect(toCompletion('zsh', COMMANDS)).toContain('bashcompinit\n_sendit()');
  const fish = toCompletion('fish', COMMANDS).split('\n');
  expect(fish).toContain("complete -c sendit -f -n '__fish_use_subcommand' -a batch");
  expect(fish).toContain(
    "complete -c sendit -n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from list' -l status",
  );
});
