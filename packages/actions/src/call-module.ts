import type { ActionAttempt, Logger, ManifestFile, ModuleAction } from '@sendit/model';
import { callOwnCode } from './call-own-code.ts';
import type { ActionFunction } from './define-action.ts';
import { toNotice } from './notice.ts';
import { type AttemptOutcome, failedForGood } from './outcome.ts';
import { toOwnPaths } from './own-paths.ts';

export interface ModuleCall {
  readonly attempt: ActionAttempt;
  readonly files: AsyncIterable<readonly ManifestFile[]>;
  readonly logger: Logger;
}

/**
 * Calls a function of the user's with the notice of a batch; see {@link callOwnCode}.
 * @throws the signal's reason when aborted.
 */
export async function callModule(action: ModuleAction, call: ModuleCall, signal: AbortSignal): Promise<AttemptOutcome> {
  const { attempt, files, logger } = call;
  const { name, run, timeoutMs } = action;
  if (!isActionFunction(run)) return failedForGood('its module was not loaded');
  const notice = toNotice(attempt, { on: action.on, withPath: true });
  const given = { files: toOwnPaths(attempt.batch.path, files), attempt: attempt.attempt, logger };
  const invoke = async (ends: AbortSignal): Promise<void> => run(notice, { ...given, signal: ends });
  return await callOwnCode(invoke, { what: 'The action', name, timeoutMs, logger }, signal);
}

function isActionFunction(value: unknown): value is ActionFunction {
  return typeof value === 'function';
}
