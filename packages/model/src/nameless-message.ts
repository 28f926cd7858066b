import type { HealthCode } from './health.ts';

type Words = readonly [one: string, many: string];

const WORDS: Readonly<Record<HealthCode, Words | string>> = {
  'not-running': 'No watcher runs: start it with `sendit watcher start`.',
  'database-unavailable': 'The database does not answer.',
  'queue-unavailable': 'The queue does not answer.',
  'queue-refuses': 'The queue answers and takes no jobs.',
  'no-worker': 'Jobs wait and no worker runs: start one with `sendit worker start`.',
  'watcher-gone': ['A watcher died and nobody watches its path.', 'Watchers died and nobody watches their # paths.'],
  'worker-gone': ['A worker died.', '# workers died.'],
  'not-watched': ['A watch path cannot be watched.', '# watch paths cannot be watched.'],
  'watch-degraded': ['The watch of a path lacks something.', 'The watches of paths lack something, # things in all.'],
  'writers-unseen': ['Of a watch path not every writer can be seen.', 'Of # watch paths not every writer can be seen.'],
  'directories-held': ['1 directory is held.', '# directories are held.'],
  'directories-quarantined': ['1 directory is quarantined.', '# directories are quarantined.'],
  'directories-stuck': [
    'In a watch path something has waited for too long.',
    'In # watch paths something has waited for too long.',
  ],
  'batches-failed': ['1 batch ended in ERROR.', '# batches ended in ERROR.'],
  'batches-held': ['1 batch is held.', '# batches are held.'],
  'batches-quarantined': ['1 batch is quarantined.', '# batches are quarantined.'],
  'files-missing': [
    '1 batch is held, since sealed files vanished before the import.',
    '# batches are held, since sealed files vanished before the import.',
  ],
  'files-unreadable': [
    '1 batch is held, since sealed files cannot be read.',
    '# batches are held, since sealed files cannot be read.',
  ],
  'late-files': ['1 batch changed after the seal.', '# batches changed after the seal.'],
  'actions-failed': ['1 hand-on action has failed.', '# hand-on actions have failed.'],
  'disk-low': ['A disk has little space left.', '# disks have little space left.'],
  'queue-slow': 'An import has waited for too long.',
  'queue-paused': 'The import queue is paused.',
  'no-arrivals': ['Nothing has come to a watch path for too long.', 'Nothing has come to # watch paths for too long.'],
  'alert-failed': ['An alert channel takes no alerts.', '# alert channels take no alerts.'],
};

/** What a problem means in words that name nothing: no patient, no folder, no watch path, no host. */
export function toNamelessMessage(code: HealthCode, count = 1): string {
  const words = WORDS[code];
  if (typeof words === 'string') return words;
  return count === 1 ? words[0] : words[1].replace('#', String(count));
}
