import { SenditError } from '@sendit/model';

/** One thing wrong with the configuration. */
export interface Problem {
  /** The setting, `watchPaths[1].events`; empty when the file as a whole is meant. */
  readonly path: string;
  /** Expected value, given value, and what to do. */
  readonly message: string;
  /** Where the value came from: `file sendit.config.ts`, `environment SENDIT_PORTAL_PORT`, `flag --portal-port`, `default`. */
  readonly source: string;
}

/** One line for a person: `watchPaths[1].events: expected …`; values from elsewhere than the file are preceded by their origin. */
export function renderProblem(problem: Problem): string {
  const elsewhere = /^(?:environment|flag) /.test(problem.source);
  if (!elsewhere) return `${problem.path === '' ? problem.source : problem.path}: ${problem.message}`;
  return `${problem.source}${problem.path === '' ? '' : ` (${problem.path})`}: ${problem.message}`;
}

/** The error that ends a command on an invalid configuration; it carries every problem. */
export function toConfigurationError(invalid: {
  readonly file: string | undefined;
  readonly problems: readonly Problem[];
}): SenditError {
  const count = invalid.problems.length;
  const where = invalid.file === undefined ? 'The configuration' : `The configuration ${invalid.file}`;
  return new SenditError(`${where} has ${count} problem${count === 1 ? '' : 's'}.`, {
    code: 'bad-configuration',
    hint: 'Correct what is listed; `sendit config check` tells whether it is right.',
    problems: invalid.problems.map(renderProblem),
  });
}
