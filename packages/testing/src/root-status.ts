import type { RootStatus } from '@sendit/model';

/** A watch path that works. */
export function aRoot(changes: Partial<RootStatus> = {}): RootStatus {
  return {
    name: 'incoming',
    path: '/data/incoming',
    backend: 'inotify',
    backendReason: 'Linux, ext4',
    pending: 0,
    held: 0,
    quarantined: 0,
    skippedTests: 0,
    ignored: 0,
    lateChanges: 0,
    overflows: 0,
    foundByRescan: 0,
    problem: null,
    problems: [],
    ...changes,
  };
}
