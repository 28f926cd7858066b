#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (existsSync(fileURLToPath(new URL('../dist/run.js', import.meta.url)))) {
  const { runCli } = await import('../dist/run.js');
  await runCli(process.argv.slice(2), import.meta.url);
} else {
  process.stderr.write('sendit is not built yet: run `npm install && npm run build` in the folder it was cloned to.\n');
  process.exitCode = 1;
}
