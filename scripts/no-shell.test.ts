import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Each way of having a shell read a command line; `RegExp.exec` is not one. */
const SHELLS: readonly RegExp[] = [
  /\bshell:(?! *false\b)/,
  /\bexecSync\b/,
  /import[^;]*\bexec\b[^;]*from 'node:child_process'/,
  /\bchild_process['"]?\)?\.exec\b/,
  /['"`/](?:ba|da|z|k)?sh['"`][^;]*['"`]-[a-z]*c['"`]/,
];

test('no source of the packages and apps has a shell read anything', () => {
  const files = ['packages', 'apps']
    .flatMap((group) =>
      readdirSync(`${ROOT}/${group}`).flatMap((name) => {
        const folder = `${group}/${name}/src`;
        // A package that moved may leave what was built of it.
        if (!existsSync(`${ROOT}/${folder}`)) return [];
        return readdirSync(`${ROOT}/${folder}`, { encoding: 'utf8', recursive: true }).map(
          (file) => `${folder}/${file}`,
        );
      }),
    )
    .filter((file) => file.endsWith('.ts'));
  const offences = files.flatMap((file) => {
    const text = readFileSync(`${ROOT}/${file}`, 'utf8');
    return SHELLS.filter((shell) => shell.test(text)).map((shell) => `${file}: ${shell.source}`);
  });
  expect(files.length).toBeGreaterThan(300);
  expect(offences).toEqual([]);
});

test.each([
  `spawn('ls', [], { shell: true })`,
  `import { exec } from 'node:child_process';`,
  `import { spawn, exec as run } from 'node:child_process';`,
  `require('child_process').exec('ls')`,
  `execSync('ls')`,
  `spawn('/bin/sh', ['-c', name])`,
])('it would be found: %s', (code) => {
  expect(SHELLS.some((shell) => shell.test(code))).toBe(true);
});

test.each([`spawn('ls', [], { shell: false })`, `/x/.exec(text)`, `import { execFile } from 'node:child_process';`])(
  'it is no shell: %s',
  (code) => {
    expect(SHELLS.some((shell) => shell.test(code))).toBe(false);
  },
);
