// publint and attw over every package that is published: whether it can be imported, with its types, from outside. Two at a time.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const failures = [];

const checks = ['packages', 'apps']
  .flatMap((group) => readdirSync(group).map((name) => join(group, name)))
  .filter((folder) => existsSync(join(folder, 'package.json')))
  .filter((folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private !== true)
  .flatMap((folder) => {
    const publint = ['publint', folder, '--strict'];
    // An app has no types to import.
    return folder.startsWith('apps/') ? [publint] : [publint, ['attw', '--pack', folder, '--profile', 'esm-only']];
  });

const work = checks.values();
await Promise.all([checkNext(), checkNext()]);
process.stdout.write(failures.length === 0 ? 'Every package can be imported from outside.\n' : failures.join('\n'));
process.exitCode = failures.length === 0 ? 0 : 1;

async function checkNext() {
  for (const [command, ...args] of work) {
    try {
      await run(join('node_modules', '.bin', command), args, { maxBuffer: 1 << 26 });
    } catch ({ stdout, stderr }) {
      failures.push(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
    }
  }
}
