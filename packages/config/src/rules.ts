import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseServerUrl, toMessage } from '@sendit/model';
import { isWithin, readFolderFault, readRealPath } from './folders.ts';
import type { ParsedChannel } from './alert-schema.ts';
import type { Origins } from './origins.ts';
import type { Problem } from './problem.ts';
import type { ResolvedPaths } from './resolve-paths.ts';
import type { WatchPathDraft } from './watch-paths.ts';

/** Input of the rules: values that are each valid alone. */
export interface Candidate {
  readonly drafts: readonly WatchPathDraft[];
  readonly paths: ResolvedPaths;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly channels: readonly ParsedChannel[];
  readonly origins: Origins;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly checkFolders: boolean;
  readonly requireWatchPaths: boolean;
  readonly configFile: string | undefined;
}

/** One thing that no single field can tell. */
export interface Rule {
  readonly name: string;
  readonly severity: 'problem' | 'warning';
  find(candidate: Candidate): readonly Problem[] | Promise<readonly Problem[]>;
}

interface Folder extends WatchPathDraft {
  readonly folder: string;
  readonly real: string;
}

const somethingToWatch: Rule = {
  name: 'something-to-watch',
  severity: 'problem',
  find: ({ drafts, requireWatchPaths, configFile, origins }) => {
    if (!requireWatchPaths || drafts.length > 0) return [];
    const message =
      configFile === undefined
        ? 'expected a folder to watch, got no configuration file and no folder; run `sendit config init` for a file, or pass `--data DIR`'
        : 'expected at least one watch path, got none; add one, or pass `--data DIR`';
    return [{ path: 'watchPaths', message, source: origins.of('watchPaths').source }];
  },
};

const usableFolders: Rule = {
  name: 'usable-folders',
  severity: 'problem',
  find: async ({ drafts, checkFolders, origins }) => {
    if (!checkFolders) return [];
    const found = await Promise.all(
      drafts.map(async (draft) => {
        const fault = draft.folder === undefined ? undefined : await readFolderFault(draft.folder);
        if (fault === undefined) return [];
        const message = `expected a folder that can be watched, got ${draft.folder}, which ${fault}`;
        return [toProblem(draft, 'folder', message, origins)];
      }),
    );
    return found.flat();
  },
};

const folderOnce: Rule = {
  name: 'folder-once',
  severity: 'problem',
  find: async ({ drafts, origins }) => {
    const folders = await toFolders(drafts);
    return folders.flatMap((folder, at) => {
      const first = folders.slice(0, at).find((other) => other.real === folder.real);
      if (first === undefined) return [];
      const message = `expected every folder once, got ${folder.folder}, which watchPaths[${first.index}] watches too`;
      return [toProblem(folder, 'folder', message, origins)];
    });
  },
};

const nameOnce: Rule = {
  name: 'name-once',
  severity: 'problem',
  find: ({ drafts, origins }) =>
    drafts.flatMap((draft, at) => {
      const first = drafts.slice(0, at).find((other) => other.name === draft.name && draft.name !== '');
      if (first === undefined) return [];
      const message = `expected a name of its own, got ${JSON.stringify(draft.name)}, which is the name of watchPaths[${first.index}] too`;
      return [toProblem(draft, 'name', message, origins)];
    }),
};

const stateApart: Rule = {
  name: 'state-apart',
  severity: 'problem',
  find: async ({ drafts, paths, origins }) => {
    const folders = await toFolders(drafts);
    const own = [
      ...(['stateDir', 'databaseDir'] as const).map((setting) => ({ setting, path: paths[setting] })),
      ...(['pidFile', 'outFile', 'errFile', 'socketPath'] as const).map((setting) => ({
        setting,
        path: dirname(paths[setting]),
      })),
    ];
    const real = await Promise.all(own.map(async (one) => ({ ...one, real: await readRealPath(one.path) })));
    const [state] = real;
    return folders.flatMap((folder) => {
      // What lies in the state directory is told by the state directory.
      const written = real.filter((one) => one === state || state === undefined || !isWithin(one.real, state.real));
      const inside = written.find((one) => isWithin(one.real, folder.real));
      if (inside !== undefined) {
        const message = `expected a place outside every watch path, got ${inside.path}, which is in watchPaths[${folder.index}] (${folder.folder}): sendit would watch its own writes; set ${inside.setting} to a place elsewhere`;
        return [{ path: inside.setting, message, source: origins.of(inside.setting).source }];
      }
      const around = written.find((one) => one.setting.endsWith('Dir') && isWithin(folder.real, one.real));
      if (around === undefined) return [];
      const message = `expected a folder outside the ${around.setting} ${around.path}, got ${folder.folder}: sendit would watch its own writes`;
      return [toProblem(folder, 'folder', message, origins)];
    });
  },
};

const oneWordOnStudyDates: Rule = {
  name: 'one-word-on-study-dates',
  severity: 'problem',
  find: ({ drafts, origins }) =>
    drafts.flatMap((draft) => {
      const level = draft.findings?.['several-study-dates'];
      if (draft.oneStudyDate !== true || level === undefined || level === 'error') return [];
      const message = `expected one word on several study dates, got oneStudyDate: true and "several-study-dates": "${level}" in findings; leave one of them out`;
      return [toProblem(draft, 'oneStudyDate', message, origins)];
    }),
};

const redisNeedsPostgres: Rule = {
  name: 'redis-needs-postgres',
  severity: 'problem',
  find: ({ databaseUrl, redisUrl, origins }) => {
    if (redisUrl === undefined || databaseUrl !== undefined) return [];
    const message =
      'expected databaseUrl too: the queue on Redis needs the database on PostgreSQL; set DATABASE_URL, or leave Redis out';
    return [{ path: 'redisUrl', message, source: origins.of('redisUrl').source }];
  },
};

const usableEncryption: Rule = {
  name: 'usable-encryption',
  severity: 'problem',
  find: ({ databaseUrl, redisUrl, origins }) =>
    Object.entries({ databaseUrl, redisUrl }).flatMap(([path, url]) => {
      try {
        parseServerUrl(url ?? '', (file) => readFileSync(file, 'utf8'));
        return [];
      } catch (error) {
        return [
          { path, message: toMessage(error).replace(/^E/, 'e').replace(/\.$/, ''), source: origins.of(path).source },
        ];
      }
    }),
};

const foldersApart: Rule = {
  name: 'folders-apart',
  severity: 'warning',
  find: async ({ drafts, origins }) => {
    const folders = await toFolders(drafts);
    return folders.flatMap((folder) => {
      const outer = folders.find((other) => other.real !== folder.real && isWithin(folder.real, other.real));
      if (outer === undefined) return [];
      const message = `${folder.folder} lies in ${outer.folder}, which watchPaths[${outer.index}] watches: its directories may be seen twice`;
      return [toProblem(folder, 'folder', message, origins)];
    });
  },
};

/** Every rule, in the order of its messages. */
export const RULES: readonly Rule[] = [
  somethingToWatch,
  usableFolders,
  folderOnce,
  nameOnce,
  stateApart,
  oneWordOnStudyDates,
  redisNeedsPostgres,
  usableEncryption,
  foldersApart,
];

async function toFolders(drafts: readonly WatchPathDraft[]): Promise<readonly Folder[]> {
  const found = drafts.map(async (draft) =>
    draft.folder === undefined ? [] : [{ ...draft, folder: draft.folder, real: await readRealPath(draft.folder) }],
  );
  return (await Promise.all(found)).flat();
}

function toProblem(
  draft: WatchPathDraft,
  field: 'folder' | 'name' | 'oneStudyDate',
  message: string,
  origins: Origins,
): Problem {
  return { path: draft.pathOf(field), message, source: origins.of('watchPaths').source };
}
