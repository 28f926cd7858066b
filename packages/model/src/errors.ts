/** Whether doing the same again can help: `safe` at once, `unsafe` only after a look, `never` until something changes. */
export type RetryAdvice = 'safe' | 'unsafe' | 'never';

export interface SenditErrorOptions {
  readonly code: ErrorCode;
  readonly retry?: RetryAdvice;
  /** The next step for a person, a full sentence. */
  readonly hint?: string;
  /** Every single problem, where one operation found several. */
  readonly problems?: readonly string[];
  readonly cause?: unknown;
}

/** Every code a {@link SenditError} may have. Exit codes and HTTP statuses are mapped from these, once per app. */
export const ERROR_CODES = [
  'bad-arguments',
  'bad-configuration',
  'not-running',
  'already-running',
  'start-failed',
  'stop-timeout',
  'state-directory',
  'state-directory-lost',
  'database-locked',
  'database-unavailable',
  'database-stopped',
  'database-schema',
  'queue-unavailable',
  'watch-failed',
  'port-in-use',
  'not-found',
  'unreadable',
  'needs-server',
  'too-many-connections',
  'too-many-attempts',
  'refused',
  'unauthorized',
  'interrupted',
  'internal',
] as const;

/** One word of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The same for every copy of this package in a process: a bundle, or an install beside another. */
const BRAND = Symbol.for('@sendit/model.SenditError');

/** An error that ends an operation and that a person can act on; a programmer's mistake is a TypeError instead. */
export class SenditError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, BRAND) === true;
  }

  override readonly name = 'SenditError';
  readonly code: ErrorCode;
  readonly retry: RetryAdvice;
  readonly hint: string | undefined;
  readonly problems: readonly string[];

  constructor(message: string, options: SenditErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.retry = options.retry ?? 'never';
    this.hint = options.hint;
    this.problems = options.problems ?? [];
    // Not enumerable: it is nobody's to print.
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Returns the first error: if closing failed too, `await using` throws an error that only says another one was
 * suppressed.
 */
export function toFirstCause(thrown: unknown): unknown {
  let first = thrown;
  while (first instanceof Error && first.name === 'SuppressedError' && 'suppressed' in first) first = first.suppressed;
  return first;
}

/** The message of anything that was thrown. */
export function toMessage(thrown: unknown): string {
  const first = toFirstCause(thrown);
  return first instanceof Error ? first.message : String(first);
}
