import { ERROR_CODES, SenditError, toFirstCause, toMessage } from '@sendit/model';

/** Messages from a starting process to its starter over the IPC channel; `sendit` marks ours among foreign ones. */
export type HandshakeMessage =
  | { readonly sendit: 'line'; readonly stream: 'out' | 'err'; readonly line: string }
  | { readonly sendit: 'ready'; readonly info: Readonly<Record<string, unknown>> }
  | { readonly sendit: 'failed'; readonly error: FailureReport };

/** A {@link SenditError} as plain data. */
export interface FailureReport {
  readonly message: string;
  readonly code: string;
  readonly retry: string;
  readonly hint: string | null;
  readonly problems: readonly string[];
}

/** Any failure as plain data; one that is not a SenditError becomes `start-failed`. */
export function toFailureReport(thrown: unknown): FailureReport {
  const error = toFirstCause(thrown);
  if (!(error instanceof SenditError)) {
    return { message: toMessage(error), code: 'start-failed', retry: 'never', hint: null, problems: [] };
  }
  const { message, code, retry, hint, problems } = error;
  return { message, code, retry, hint: hint ?? null, problems };
}

/** The error that a {@link FailureReport} was made from; words it does not know become `start-failed` and `never`. */
export function toSenditError(report: FailureReport): SenditError {
  return new SenditError(report.message, {
    code: ERROR_CODES.find((code) => code === report.code) ?? 'start-failed',
    retry: report.retry === 'safe' || report.retry === 'unsafe' ? report.retry : 'never',
    problems: report.problems,
    ...(report.hint === null ? {} : { hint: report.hint }),
  });
}

/** Parses what came over the channel; undefined for a foreign message. */
export function parseHandshakeMessage(value: unknown): HandshakeMessage | undefined {
  if (!isObject(value)) return undefined;
  const { sendit, stream, line, info, error } = value;
  if (sendit === 'line' && (stream === 'out' || stream === 'err') && typeof line === 'string') {
    return { sendit, stream, line };
  }
  if (sendit === 'ready' && isObject(info)) return { sendit, info };
  if (sendit === 'failed' && isObject(error) && typeof error['message'] === 'string') {
    const { message, code, retry, hint, problems } = error;
    return {
      sendit,
      error: {
        message,
        code: String(code),
        retry: String(retry),
        hint: typeof hint === 'string' ? hint : null,
        problems: Array.isArray(problems) ? problems.map(String) : [],
      },
    };
  }
  return undefined;
}

/** Parses the starter's first message; undefined for a foreign message. */
export function readInput(value: unknown): { readonly input: unknown } | undefined {
  return isObject(value) && value['sendit'] === 'input' ? { input: value['input'] } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
