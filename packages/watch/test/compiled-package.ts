import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { openWatchSource } from '../src/index.ts';

const run = promisify(execFile);
const packageDir = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

/** A folder in which `import … from '@sendit/watch'` gives these sources, compiled: for programs that run in a process of their own. */
export interface CompiledPackage extends AsyncDisposable {
  readonly dir: string;
  /** The package's own function, with files that a thread can load. */
  readonly openWatchSource: typeof openWatchSource;
  /** Compiles a TypeScript program that imports the package; returns the file to run. */
  compile(name: string, program: string): Promise<string>;
}

export async function openCompiledPackage(): Promise<CompiledPackage> {
  const dir = await mkdtemp(join(tmpdir(), 'sendit-watch-compiled-'));
  // A thread loads it also as a user without privileges.
  await chmod(dir, 0o755);
  await symlink(join(packageDir, '../../node_modules'), join(dir, 'node_modules'));
  await copyFile(join(packageDir, '../../tsconfig.build.base.json'), join(dir, 'tsconfig.build.base.json'));
  await copyFile(join(packageDir, '../../tsconfig.base.json'), join(dir, 'tsconfig.base.json'));
  await writeFile(join(dir, 'package.json'), '{"name":"@sendit/watch","type":"module","exports":"./index.js"}');
  await run(process.execPath, [tsc, '-p', join(packageDir, 'tsconfig.build.json'), '--outDir', dir]);
  const compiled = (await import(/* @vite-ignore */ join(dir, 'index.js'))) as {
    readonly openWatchSource: typeof openWatchSource;
  };
  return {
    dir,
    openWatchSource: compiled.openWatchSource,
    compile: async (name, program) => {
      await writeFile(join(dir, `${name}.ts`), program);
      const settings = { extends: './tsconfig.build.base.json', files: [`${name}.ts`] };
      await writeFile(join(dir, `${name}.json`), JSON.stringify(settings));
      await run(process.execPath, [tsc, '-p', join(dir, `${name}.json`)], { cwd: dir });
      return join(dir, `${name}.js`);
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
