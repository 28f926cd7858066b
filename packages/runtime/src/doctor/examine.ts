import type { Settings } from '@sendit/config';
import { connectApi } from '@sendit/portal/client';
import { findSocket } from '../installation/find-watcher.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';
import { diagnoseState, diagnoseWatchPath } from './folders.ts';
import { judgeMachine, readMachine } from './machine.ts';
import { diagnoseServers } from './servers.ts';

/** Looks at everything that an installation stands on, as this user; changes nothing. */
export async function examine(settings: Settings): Promise<readonly Diagnosis[]> {
  const isQuietSet = (index: number): boolean => settings.sources[`watchPaths[${index}].quietMs`] !== 'default';
  const paths = settings.watchPaths.map((watchPath, index) => diagnoseWatchPath(watchPath, isQuietSet(index)));
  return [
    ...judgeMachine(await readMachine()),
    judgeConfiguration(settings),
    ...(await Promise.all(paths)).flat(),
    ...(await diagnoseState(settings)),
    ...(await diagnoseServers(settings)),
    ...(await diagnoseWatcher(settings)),
  ];
}

function judgeConfiguration({ configFile, watchPaths }: Settings): Diagnosis {
  const { ok, not } = diagnose('configuration');
  const count = watchPaths.length;
  const found = `${configFile ?? 'no file'}: ${count} watch ${count === 1 ? 'path' : 'paths'}`;
  return count > 0 ? ok(found) : not('warning', found, '`sendit config init` writes an example.');
}

/** The running watcher's own status. */
async function diagnoseWatcher(settings: Settings): Promise<readonly Diagnosis[]> {
  const client = connectApi(await findSocket(settings));
  const { ok, not } = diagnose('watcher');
  if (!(await client.ping())) return [not('info', 'not running', '`sendit watcher start`.')];
  const { health, pid } = await client.status();
  const problems = (health?.problems ?? []).map(({ code, message, severity, subject }) =>
    not(severity, `${code}: ${message}`, '`sendit watcher status` says more.', subject),
  );
  return problems.length > 0 ? problems : [ok(`runs with pid ${pid}, and is well`)];
}
