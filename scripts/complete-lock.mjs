// Completes package-lock.json for other platforms.
//
// npm writes lock entries only for the optional platform packages (`@scope/name-linux-x64`, …) that its registry could give it at
// that moment. A lock without the others makes `npm install` on another system leave them out, silently. This adds an entry
// (version, os, cpu, libc, optional) for each missing one; npm takes the rest from the registry where the package is used.
// `--check` changes nothing and fails when something is missing.
import { readFileSync, writeFileSync } from 'node:fs';

const lockUrl = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(lockUrl, 'utf8'));
const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const OS_ALIASES = { windows: 'win32', linuxmusl: 'linux' };
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];
const CPU_ALIASES = { 64: 'x64', ppc64le: 'ppc64', armv7: 'arm' };

/** `@esbuild/linux-x64` → { os: ['linux'], cpu: ['x64'] }; undefined when the name does not say for which platform it is. */
function platformOf(name) {
  const words = name.replace(/^@[^/]+\//, '').split(/[-.]/);
  const os = words.map((word) => OS_ALIASES[word] ?? word).find((word) => OS.includes(word));
  const cpu = words.map((word) => CPU_ALIASES[word] ?? word).find((word) => CPU.includes(word));
  if (os === undefined && cpu === undefined) return undefined;
  const musl = words.includes('musl') || words.includes('linuxmusl') || words.includes('musleabihf');
  const gnu = words.includes('gnu') || words.includes('gnueabihf');
  return {
    ...(os === undefined ? {} : { os: [os] }),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(musl ? { libc: ['musl'] } : gnu ? { libc: ['glibc'] } : {}),
  };
}

const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = platformOf(name);
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (platform === undefined || !/^\d/.test(version)) continue;
    if (lock.packages[nested] !== undefined || lock.packages[hoisted]?.version === version) continue;
    const at = lock.packages[hoisted] === undefined ? hoisted : nested;
    lock.packages[at] = { version, ...platform, optional: true };
    added.push(at);
  }
}
if (process.argv.includes('--check')) {
  if (added.length > 0) {
    process.stderr.write(
      `package-lock.json lacks ${added.length} platform packages: run \`node scripts/complete-lock.mjs\`.\n`,
    );
    process.exitCode = 1;
  }
} else if (added.length > 0) {
  const [root, ...others] = Object.entries(lock.packages);
  others.sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries([root, ...others]);
  writeFileSync(lockUrl, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(`${added.length} platform packages added to package-lock.json.\n`);
}
