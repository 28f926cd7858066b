import type { Scenario } from './scenario.ts';
import { dcmtk } from './scenarios/dcmtk.ts';
import { local } from './scenarios/local.ts';
import { mounts } from './scenarios/mounts.ts';
import { orthanc } from './scenarios/orthanc.ts';
import { rsync } from './scenarios/rsync.ts';
import { shares } from './scenarios/shares.ts';
import { ssh } from './scenarios/ssh.ts';
import { syncthing } from './scenarios/syncthing.ts';

/** Every row of the table in docs/senders.md, in its order. */
export const ALL_SCENARIOS: readonly Scenario[] = [
  ...dcmtk,
  ...orthanc,
  ...local,
  ...rsync,
  ...ssh,
  ...shares,
  ...mounts,
  ...syncthing,
];
