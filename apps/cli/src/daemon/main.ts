// The detached daemon: what `sendit watcher start` leaves running. Its one argument holds the flags it was started with.
import { reportFailed, reportReady } from '@sendit/daemon';
import { abortOnTermination } from '@sendit/worker';
import { loadCliSettings, type SettingsFlags } from '../settings.ts';
import { runDaemonProcess } from './daemon-process.ts';

const flags = JSON.parse(process.argv[2] ?? '{}') as SettingsFlags;
using termination = abortOnTermination();
try {
  const loaded = await loadCliSettings(flags, 'watching');
  await runDaemonProcess(
    { ...loaded, foreground: false, onReady: ({ portalUrl }) => reportReady({ portalUrl }) },
    termination.signal,
  );
} catch (error) {
  await reportFailed(error);
  process.exitCode = 1;
}
