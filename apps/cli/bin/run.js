#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';

const [only, ...rest] = process.argv.slice(2);
if (only === '--version' && rest.length === 0) {
  // As oclif says it, without loading anything.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`sendit/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else if (existsSync(fileURLToPath(new URL('../dist/run.js', import.meta.url)))) {
  try {
    provideHome();
    const { runCli } = await import('../dist/run.js');
    await runCli(process.argv.slice(2), import.meta.url);
  } catch (error) {
    // Not even the commands could be loaded: too few open files, a file that is gone.
    const limit = error.code === 'EMFILE' ? ' (nofile): raise the limit, for example by `ulimit -n 1024`' : '';
    process.stderr.write(`Error: ${error.message}${limit}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write('sendit is not built yet: run `npm install && npm run build` in the folder it was cloned to.\n');
  process.exitCode = 1;
}

/** An account without an entry in the system's list has no home and no shell, and oclif asks for both when it is loaded. */
function provideHome() {
  try {
    homedir();
    userInfo();
  } catch {
    process.env.HOME ??= tmpdir();
    process.env.SHELL ??= '/bin/sh';
  }
}
