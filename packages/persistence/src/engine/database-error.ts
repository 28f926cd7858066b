import { type RetryAdvice, SenditError } from '@sendit/model';

interface ErrorFields {
  readonly code?: unknown;
  readonly constraint_name?: unknown;
  readonly constraint?: unknown;
}

const ENGINE_STOPPED = new Set(['RuntimeError', 'ExitStatus']);

/** Two imports that meet one that is being repeated may both want to be first: what was free at a look is taken at the write. */
const FIRST_INSTANCE = 'instances_first';

/** SQLSTATE classes whose message never quotes a value of ours. */
const VALUE_FREE = /^(08|28|3D|3F|42|53|57|58)/;

/**
 * Turns what an engine throws into a SenditError. Drizzle puts the parameters of the query, and PostgreSQL the offending value,
 * into their messages: neither may reach a log, so the original is not kept as the cause.
 * What is no database error is returned as it is.
 */
export function toDatabaseError(thrown: unknown, where: string): unknown {
  if (thrown instanceof SenditError) return thrown;
  const chain = causes(thrown);
  if (chain.some((error) => error instanceof SenditError)) return chain.find((error) => error instanceof SenditError);
  const coded = chain.find((error) => typeof (error as ErrorFields).code === 'string');
  if (coded !== undefined) return fromCode(coded, where);
  if (chain.some((error) => ENGINE_STOPPED.has(error.name) || error.message.startsWith('PGlite is clos'))) {
    return engineStopped();
  }
  return thrown;
}

/** The error of an embedded engine that is closed or has given up. */
export function engineStopped(): SenditError {
  return new SenditError('Expected the embedded database to answer, but its engine has stopped.', {
    code: 'database-stopped',
    hint: 'Check free disk space and the permissions of its directory, then start again: what was acknowledged is on disk.',
  });
}

function causes(thrown: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let next = thrown; next instanceof Error && chain.length < 10; next = next.cause) chain.push(next);
  return chain;
}

function fromCode(error: Error & ErrorFields, where: string): SenditError {
  const code = String(error.code);
  const constraint = error.constraint_name ?? error.constraint;
  const known = classify(constraint === FIRST_INSTANCE ? '40001' : code);
  const detail = isSqlState(code) ? `SQLSTATE ${code}` : code;
  const words = [
    detail,
    ...(typeof constraint === 'string' ? [`constraint ${constraint}`] : []),
    ...(VALUE_FREE.test(code) ? [error.message] : []),
  ];
  return new SenditError(`Expected the database ${where} to do its work, got ${words.join(', ')}.`, known);
}

interface Advice {
  readonly code: 'database-unavailable' | 'database-schema' | 'internal';
  readonly retry: RetryAdvice;
  readonly hint: string;
}

function classify(code: string): Advice {
  const unavailable = (retry: RetryAdvice, hint: string): Advice => ({ code: 'database-unavailable', retry, hint });
  if (/^28|^3D/.test(code)) return unavailable('never', 'Check user, password and database name in DATABASE_URL.');
  if (code === '42501')
    return unavailable('never', 'Grant the database user the right to create and use the schema sendit.');
  if (code === '25006')
    return unavailable('safe', 'The server is read-only (a standby?): point DATABASE_URL at the primary.');
  if (code.startsWith('53')) {
    return unavailable('safe', 'The server is out of disk, memory or connections: free some, then try again.');
  }
  if (code.startsWith('40')) return unavailable('safe', 'Another transaction was in the way: try again.');
  if (/^42P01|^3F|^42703/.test(code)) {
    return { code: 'database-schema', retry: 'never', hint: 'Bring the schema up to date: sendit db migrate.' };
  }
  if (/^(08|57|58|XX)/.test(code)) return unavailable('safe', 'Check that the server runs, then try again.');
  if (isSqlState(code)) {
    return {
      code: 'internal',
      retry: 'never',
      hint: 'This is a defect: please report the SQLSTATE and the constraint.',
    };
  }
  return unavailable('safe', 'Check that the server runs and that DATABASE_URL names it; the next call tries again.');
}

/** Five digits or capitals, of which errno names (`EPIPE`) have no digit. */
function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && /[0-9]/.test(code);
}
