import { ERROR_CODES, type ErrorCode, type RetryAdvice, SenditError } from '@sendit/model';

/** Body of every failed request's answer. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly retry: RetryAdvice;
    readonly hint: string | null;
    readonly problems: readonly string[];
  };
}

/** The body that carries an error to the client. */
export function toErrorBody(error: SenditError): ErrorBody {
  return {
    error: {
      code: error.code,
      message: error.message,
      retry: error.retry,
      hint: error.hint ?? null,
      problems: error.problems,
    },
  };
}

/** Reads an {@link ErrorBody} back into the error it came from; undefined when the body is something else. */
export function parseErrorBody(body: unknown): SenditError | undefined {
  const error = readField(body, 'error');
  const message = readField(error, 'message');
  const code = ERROR_CODES.find((known) => known === readField(error, 'code'));
  if (code === undefined || typeof message !== 'string') return undefined;
  const hint = readField(error, 'hint');
  const retry = readField(error, 'retry');
  const problems = readField(error, 'problems');
  return new SenditError(message, {
    code,
    retry: retry === 'safe' || retry === 'unsafe' ? retry : 'never',
    ...(typeof hint === 'string' ? { hint } : {}),
    problems: Array.isArray(problems) ? problems.filter((problem) => typeof problem === 'string') : [],
  });
}

function readField(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
