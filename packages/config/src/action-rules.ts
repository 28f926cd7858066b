import { resolve } from 'node:path';
import { isWithin, readFolderFault, readRealPath } from './folders.ts';
import type { Problem } from './problem.ts';
import type { Candidate, Rule } from './rules.ts';
import type { ParsedAction } from './action-schema.ts';
import { listEventActions, toActionName, toSecret } from './to-actions.ts';

const nameOnce: Rule = {
  name: 'action-name-once',
  severity: 'problem',
  find: (candidate) =>
    listActions(candidate).flatMap(({ action, draft, on, path }) => {
      const name = toActionName(action, on);
      const all = listOf(draft);
      const isTaken = all
        .slice(
          0,
          all.findIndex((other) => other.action === action),
        )
        .some((other) => toActionName(other.action, other.on) === name);
      if (!isTaken) return [];
      const message = `expected a name of its own within the watch path, got ${name} again`;
      return [toProblem(candidate, `${path}.name`, message)];
    }),
};

const moveLast: Rule = {
  name: 'move-last',
  severity: 'problem',
  find: (candidate) =>
    listActions(candidate).flatMap(({ action, at, draft, path }) => {
      if (action.kind !== 'move' || at === (draft.actions ?? []).length - 1) return [];
      const message =
        'expected a move to be the last action, got others after it: they would find nothing where the batch was';
      return [toProblem(candidate, path, message)];
    }),
};

const filesNamed: Rule = {
  name: 'files-named',
  severity: 'problem',
  find: (candidate) =>
    listActions(candidate).flatMap(({ action, path }) => {
      if (action.kind !== 'exec' || action.files === 'file') return [];
      if (!action.command.some((argument) => argument.includes('{files}'))) return [];
      const message = `expected files: file, since an argument has {files}; got ${action.files}`;
      return [toProblem(candidate, `${path}.files`, message)];
    }),
};

const webhookSecret: Rule = {
  name: 'webhook-secret',
  severity: 'problem',
  find: (candidate) =>
    listActions(candidate).flatMap(({ action, path }) => {
      if (action.kind !== 'webhook') return [];
      const { secret, secretEnv } = action;
      if ((secret === undefined) === (secretEnv === undefined)) {
        const got = secret === undefined ? 'neither' : 'both';
        return [toProblem(candidate, path, `expected either secret or secretEnv, got ${got}`)];
      }
      // Commands that only look need not have it.
      if (!candidate.checkFolders || secretEnv === undefined) return [];
      const value = toSecret(action, candidate.env) ?? '';
      if (value.length >= 16) return [];
      const got = value === '' ? 'nothing' : `one of ${value.length}`;
      const message = `expected the environment variable ${secretEnv} to hold a secret of at least 16 characters, got ${got}`;
      return [toProblem(candidate, `${path}.secretEnv`, message)];
    }),
};

const webhookAddress: Rule = {
  name: 'webhook-address',
  severity: 'problem',
  find: (candidate) =>
    listActions(candidate).flatMap(({ action, path }) => {
      if (action.kind !== 'webhook') return [];
      const url = URL.canParse(action.url) ? new URL(action.url) : undefined;
      if (url !== undefined && url.username === '' && url.password === '') return [];
      const got = url === undefined ? 'one that cannot be read' : 'one with a user or a password';
      return [toProblem(candidate, `${path}.url`, `expected a URL without user and password, got ${got}`)];
    }),
};

const targetsUsable: Rule = {
  name: 'targets-usable',
  severity: 'problem',
  find: async (candidate) => {
    if (!candidate.checkFolders) return [];
    const found = listTargets(candidate).map(async ({ path, folder }) => {
      const fault = await readFolderFault(folder);
      if (fault === undefined) return [];
      return [toProblem(candidate, path, `expected a folder for the files, got ${folder}, which ${fault}`)];
    });
    return (await Promise.all(found)).flat();
  },
};

const targetsApart: Rule = {
  name: 'targets-apart',
  severity: 'problem',
  find: async (candidate) => {
    const { drafts, paths } = candidate;
    const watched = drafts.flatMap(({ folder, index }) =>
      folder === undefined ? [] : [{ folder, what: `the folder of watchPaths[${index}]` }],
    );
    const own = [
      ...watched,
      { folder: paths.stateDir, what: 'the stateDir' },
      { folder: paths.databaseDir, what: 'the databaseDir' },
    ];
    const real = await Promise.all(own.map(async (one) => ({ ...one, real: await readRealPath(one.folder) })));
    const targets = await Promise.all(
      listTargets(candidate).map(async (one) => ({ ...one, real: await readRealPath(one.folder) })),
    );
    return targets.flatMap((target, at) => {
      const near = real.find((one) => isEither(one.real, target.real));
      if (near !== undefined) {
        const message = `expected a folder apart from ${near.what}, got ${target.folder}, which lies in it or around it`;
        return [toProblem(candidate, target.path, message)];
      }
      const other = targets.slice(0, at).find((one) => one.index !== target.index && isEither(one.real, target.real));
      if (other === undefined) return [];
      const message = `expected a folder of its own for each watch path, got ${target.folder}, which ${other.path} uses too: directories of both could have one name`;
      return [toProblem(candidate, target.path, message)];
    });
  },
};

/** Rules across several fields of the actions. */
export const ACTION_RULES: readonly Rule[] = [
  nameOnce,
  moveLast,
  filesNamed,
  webhookSecret,
  webhookAddress,
  targetsUsable,
  targetsApart,
];

/** Whether one of two folders lies in the other, or both are one. */
function isEither(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

/** Those after an import, then those of events. */
function listOf(draft: Candidate['drafts'][number]) {
  const afterImport = (draft.actions ?? []).map((action, at) => ({ action, at, on: undefined }));
  return [...afterImport, ...listEventActions<ParsedAction>(draft)];
}

function listActions({ drafts }: Candidate) {
  return drafts.flatMap((draft) =>
    listOf(draft).map(({ action, at, on }) => ({
      action,
      at,
      draft,
      on,
      path: `${draft.pathOf(on ?? 'actions')}[${at}]`,
    })),
  );
}

/** Every folder that files are put into. */
function listTargets(candidate: Candidate) {
  const { base } = candidate.origins.of('watchPaths');
  const ofActions = listActions(candidate).flatMap(({ action, draft, path }) =>
    action.kind === 'copy' || action.kind === 'move'
      ? [{ index: draft.index, path: `${path}.to`, folder: resolve(base, action.to) }]
      : [],
  );
  const ofFailed = candidate.drafts.flatMap((draft) =>
    draft.moveFailed === undefined
      ? []
      : [{ index: draft.index, path: draft.pathOf('moveFailed'), folder: resolve(base, draft.moveFailed) }],
  );
  return [...ofActions, ...ofFailed];
}

function toProblem({ origins }: Candidate, path: string, message: string): Problem {
  return { path, message, source: origins.of('watchPaths').source };
}
