import { SenditError } from '@sendit/model';

/** A signal that aborts on SIGTERM or SIGINT; the second one of them ends the process at once with exit code 130. */
export interface TerminationSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** Listens for SIGTERM and SIGINT until disposed. Only a process's main function calls this. */
export function abortOnTermination(): TerminationSignal {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new SenditError(`Stopped by ${name}.`, { code: 'interrupted', retry: 'safe' }));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGTERM', onSignal);
      process.off('SIGINT', onSignal);
    },
  };
}
