import { format } from 'node:util';
import type { Logger } from '@sendit/model';

const METHODS = ['debug', 'error', 'info', 'log', 'warn'] as const;

/** BullMQ's words, at every connection. */
const EVICTION = /^IMPORTANT! Eviction policy is (\S+)\./;

/**
 * Sends what libraries and the user's own code print (`console.…`, Node's warnings) through the logger until it is disposed, so that
 * a log has one form. What is printed may hold names of what lands: it goes to stdout, where the transcript is.
 */
export function routeConsole(logger: Logger): Disposable {
  const terminal = globalThis.console;
  const own = METHODS.map((method): unknown => Reflect.get(terminal, method));
  let evictionTold = false;
  const say = (...parts: readonly unknown[]): void => {
    const text = format(...parts);
    const [, policy] = EVICTION.exec(text) ?? [];
    if (policy === undefined) return logger.info(text);
    if (!evictionTold) {
      logger.warning(`Redis may drop jobs: its eviction policy is ${policy}. Set maxmemory-policy to noeviction.`);
    }
    evictionTold = true;
  };
  const onWarning = (warning: Error): void => logger.warning(`${warning.name}: ${warning.message}`);
  const listeners = process.listeners('warning');
  for (const method of METHODS) Reflect.set(terminal, method, say);
  process.removeAllListeners('warning');
  process.on('warning', onWarning);
  return {
    [Symbol.dispose]: () => {
      for (const [index, method] of METHODS.entries()) Reflect.set(terminal, method, own[index]);
      process.off('warning', onWarning);
      for (const listener of listeners) process.on('warning', listener);
    },
  };
}
