// Builds for someone who wants to run sendit, not to watch a build: says that it builds only when that takes a while, and shows the
// build's own words only when it fails.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SAY_AFTER_MS = 2_000;

const child = spawn('npm', ['run', '--silent', 'build'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: ['ignore', 'pipe', 'pipe'],
});
let said = '';
for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
const timer = setTimeout(
  () => process.stderr.write('Building sendit; the first time this takes some 15 seconds …\n'),
  SAY_AFTER_MS,
);
child.on('error', (error) => {
  said += `npm could not be started: ${error.message}\n`;
});
child.on('close', (code) => {
  clearTimeout(timer);
  if (code === 0) return;
  process.stderr.write(`${said}\nThe build failed; \`npm run build\` shows it alone.\n`);
  process.exitCode = code ?? 1;
});
