// The detached daemon: what `sendit watcher start` leaves running. The flags it was started with come over the channel: they may hold passwords.
import { abortOnTermination, receiveInput, reportFailed, reportReady } from '@sendit/daemon';
import { PAGE_DIRECTORY } from '@sendit/page';
import { runDaemonProcess } from '@sendit/runtime/daemon';
import { loadCliSettings, type SettingsFlags } from '@sendit/runtime/settings';

using termination = abortOnTermination();
try {
  const flags = ((await receiveInput()) ?? {}) as SettingsFlags;
  const loaded = await loadCliSettings(flags, 'watching');
  await runDaemonProcess(
    {
      ...loaded,
      foreground: false,
      page: PAGE_DIRECTORY,
      onReady: ({ portalLink, portalUrl }) => reportReady({ portalLink, portalUrl }),
    },
    termination.signal,
  );
} catch (error) {
  await reportFailed(error);
  process.exitCode = 1;
}
