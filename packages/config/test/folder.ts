import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openTempDir } from '@sendit/testing';
import { type LoadRequest, type LoadResult, loadSettings, renderProblem, type Settings } from '../src/index.ts';

/** A working directory of a test's own. */
export interface WorkingFolder extends AsyncDisposable {
  readonly path: string;
  write(name: string, content: string): Promise<void>;
  load(request?: Partial<LoadRequest>): Promise<LoadResult>;
  /** Fails where the configuration is invalid. */
  settings(request?: Partial<LoadRequest>): Promise<Settings>;
  /** The rendered problems, none where the configuration is valid; the folder's own path is shown as `DIR`. */
  problems(request?: Partial<LoadRequest>): Promise<readonly string[]>;
}

/** Opens a folder that holds `data/`, to be watched, and the given files. */
export async function openWorkingFolder(files: Readonly<Record<string, string>> = {}): Promise<WorkingFolder> {
  const temp = await openTempDir();
  const write = async (name: string, content: string): Promise<void> => {
    await mkdir(dirname(join(temp.path, name)), { recursive: true });
    await writeFile(join(temp.path, name), content);
  };
  await mkdir(join(temp.path, 'data'));
  for (const [name, content] of Object.entries(files)) await write(name, content);
  const load = (request: Partial<LoadRequest> = {}) =>
    loadSettings({
      cwd: temp.path,
      env: {},
      flags: {},
      builtInProcessors: ['DicomQueue', 'AllEventsPrinter'],
      ...request,
    });
  const problems = async (request?: Partial<LoadRequest>) => {
    const result = await load(request);
    return result.kind === 'ok' ? [] : result.problems.map((one) => renderProblem(one).replaceAll(temp.path, 'DIR'));
  };
  return {
    path: temp.path,
    write,
    load,
    problems,
    settings: async (request) => {
      const result = await load(request);
      if (result.kind === 'ok') return result.settings;
      throw new Error(result.problems.map(renderProblem).join('\n'));
    },
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose](),
  };
}

/** A JSON configuration file. */
export function json(config: unknown): Record<string, string> {
  return { 'sendit.config.json': JSON.stringify(config) };
}
