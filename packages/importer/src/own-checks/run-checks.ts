import {
  type FindingRecord,
  type ImportedInstance,
  type Logger,
  toErrorName,
  toFinding,
  toThrownText,
} from '@sendit/model';
import type { Check, CheckedBatch, OwnFinding } from './define-check.ts';

/** Instances that checks get to see; of a larger batch the first. */
export const MOST_CHECKED = 100_000;
/** Findings that are taken of one check; the list keeps a few of them, and counts. */
const MOST_FOUND = 10_000;
const MOST_CHARACTERS = 300;
const TIMEOUT_MS = 60_000;

/** Keeps what checks may see while the parts of a large batch are taken away. */
export class CheckedInstances {
  readonly #kept: ImportedInstance[] = [];

  add(instances: readonly ImportedInstance[]): void {
    for (const instance of instances) {
      if (this.#kept.length >= MOST_CHECKED) return;
      this.#kept.push(instance);
    }
  }

  get all(): readonly ImportedInstance[] {
    return this.#kept;
  }
}

/**
 * Runs the checks one after the other. One that throws, takes too long or gives something else than findings is itself a finding; its
 * message and line go to the transcript alone.
 * @throws the signal's reason when aborted.
 */
export async function runChecks(
  checks: readonly Check[],
  checked: CheckedBatch,
  { logger, signal }: { readonly logger: Logger; readonly signal: AbortSignal },
): Promise<readonly FindingRecord[]> {
  const found: FindingRecord[] = [];
  for (const one of checks) {
    signal.throwIfAborted();
    try {
      found.push(...(await runCheck(one, checked, signal)));
    } catch (thrown) {
      signal.throwIfAborted();
      logger.info(`The check ${one.code} said: ${toThrownText(thrown)}`, { batch: checked.batch.id, check: one.code });
      found.push(toFinding('check-failed', null, `The check ${one.code} failed (${toErrorName(thrown)}).`));
    }
  }
  return found;
}

async function runCheck(
  { check, code, severity = 'warning', timeoutMs = TIMEOUT_MS }: Check,
  checked: CheckedBatch,
  signal: AbortSignal,
): Promise<readonly FindingRecord[]> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const ended = new Promise<never>((_, reject) => {
    ends.addEventListener('abort', () => reject(ends.reason as Error), { once: true });
  });
  const found: unknown = await Promise.race([(async () => check(checked, ends))(), ended]);
  if (!Array.isArray(found)) throw new TypeError('expected a list of findings');
  return found.slice(0, MOST_FOUND).map((one: unknown) => {
    if (!isFinding(one)) throw new TypeError('expected findings with a message, and perhaps path and severity');
    const message = one.message.replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS);
    return { ...toFinding(code, one.path ?? null, message), severity: one.severity ?? severity };
  });
}

function isFinding(value: unknown): value is OwnFinding {
  if (typeof value !== 'object' || value === null) return false;
  const { message, path, severity } = value as Partial<Record<keyof OwnFinding, unknown>>;
  const isSeverity = severity === undefined || severity === 'info' || severity === 'warning' || severity === 'error';
  return typeof message === 'string' && (path === undefined || typeof path === 'string') && isSeverity;
}
