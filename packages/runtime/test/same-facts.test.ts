import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings, type Settings } from '@sendit/config';
import { PROFILE_NAMES } from '@sendit/detector';
import { lookAtFolder } from '@sendit/detector/node';
import { createIntake } from '@sendit/intake';
import { type SealRequest, systemClock, type UnitKind } from '@sendit/model';
import { createRecordingLogger, openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { expect, test, vi } from 'vitest';
import { toSidecarNames } from '../src/disk/sidecar-names.ts';
import { openUnitDisk, readHeaders } from '../src/disk/unit-disk.ts';
import { explainDirectory } from '../src/explain/explain-directory.ts';
import { explainUnit } from '../src/explain/explain-unit.ts';

const UNITS = ['directory', 'series', 'study'] as const satisfies readonly UnitKind[];

/** Files beside three images of one series. */
const STORIES: Readonly<Record<string, (scan: string, image: string) => Promise<unknown>>> = {
  'three images': async () => undefined,
  'their number': (scan) => writeFile(join(scan, 'count.json'), '{"instances": 3}'),
  'a larger number': (scan) => writeFile(join(scan, 'count.json'), '4'),
  'a smaller number': (scan) => writeFile(join(scan, 'count.json'), '2'),
  'their number, an image cut': async (scan, image) => {
    await writeFile(join(scan, 'count.json'), '3');
    await writeFile(image, (await readFile(image)).subarray(0, -100));
  },
  'their number, a file that is none': async (scan) => {
    await writeFile(join(scan, 'count.json'), '3');
    await writeFile(join(scan, 'notes.txt'), 'x');
  },
  'a done-file': (scan) => writeFile(join(scan, '.done'), ''),
  'their number in the done-file': (scan) => writeFile(join(scan, '.done'), '3'),
  'a list that is wrong': (scan) => writeFile(join(scan, 'files.json'), '["no.dcm"]'),
  'a name that is not final': (scan) => writeFile(join(scan, 'more.tmp'), ''),
  'ignored images': async (scan) => {
    await writeFile(join(scan, 'count.json'), '3');
    await writeSyntheticStudy(join(scan, '@eaDir'), { seed: 2 });
  },
};

async function configure(directory: string, watchPath: object): Promise<Settings> {
  const folder = join(directory, 'data');
  const sidecars = { marker: '.done', manifest: 'files.json', count: 'count.json' };
  const entry = {
    folder,
    events: 'IN_ALL_EVENTS',
    processor: 'DicomQueue',
    quietMs: 600_000,
    ...sidecars,
    ...watchPath,
  };
  await writeFile(join(directory, 'sendit.config.json'), JSON.stringify({ watchPaths: [entry] }));
  const env = { SENDIT_STATE_DIR: join(directory, 'state') };
  const loaded = await loadSettings({ cwd: directory, env, flags: {}, builtInProcessors: ['DicomQueue'] });
  if (loaded.kind !== 'ok') throw new Error(JSON.stringify(loaded));
  return loaded.settings;
}

/** A watcher's result for a folder that exists at its start: the grade by which it is sealed, or why it waits. */
async function watch(settings: Settings): Promise<string> {
  const [watchPath] = settings.watchPaths;
  if (watchPath === undefined) throw new TypeError('Expected a watch path');
  const sealed: SealRequest[] = [];
  const known = { status: 'NEW', changed: false, isLate: false } as const;
  const sidecars = toSidecarNames(watchPath);
  const intake = createIntake({
    root: { id: '1', name: watchPath.name, path: watchPath.folder },
    watchPath,
    store: {
      seal: async (request) => {
        sealed.push(request);
        return { kind: 'known', batchId: '1', generation: 1, ...known };
      },
      findKnown: async () => new Map(),
      listThere: async () => [],
      noteSeen: async () => ({ kind: 'unchanged' }),
      listUnreadable: async () => [],
      listAmending: async () => [],
      manifest: async function* () {},
      reopenUnreadable: async () => false,
      markVanished: async () => undefined,
    },
    lookAtFolder: (path, signal, options) => lookAtFolder(path, signal, { ...sidecars, ...options }),
    readHeaders,
    disk: openUnitDisk({ sidecars }),
    clock: systemClock,
    logger: createRecordingLogger(),
  });
  const controller = new AbortController();
  const running = intake.run(controller.signal);
  try {
    await intake.scan(controller.signal);
    return await vi.waitFor(
      () => {
        const [one] = sealed;
        if (one !== undefined) return one.grade;
        const waiting = intake
          .pending()
          .candidates.find(({ path, name }) => path !== `${watchPath.folder}/${name}` || name === 'SCAN');
        expect(waiting?.reason).not.toBe('not looked at yet');
        return waiting?.reason ?? 'nothing';
      },
      { timeout: 10_000, interval: 5 },
    );
  } finally {
    controller.abort();
    await running;
  }
}

const CASES = UNITS.flatMap((unit) => PROFILE_NAMES.map((profile) => ({ unit, profile })));

test.each(CASES)('explain says of a $unit under $profile what the watcher makes of it', async ({ profile, unit }) => {
  const seen: Record<string, string> = {};
  const said: Record<string, string | null> = {};
  for (const [story, leave] of Object.entries(STORIES)) {
    await using temporary = await openTempDir();
    const scan = join(temporary.path, 'data', 'SCAN');
    await mkdir(scan, { recursive: true });
    const study = await writeSyntheticStudy(scan, { series: [{ instances: 3 }] });
    await leave(scan, study.files[0] ?? '');
    const settings = await configure(temporary.path, { unit, profile });
    const ref = unit === 'series' ? `series/${study.seriesInstanceUids[0]}` : `study/${study.studyInstanceUid}`;
    const told = unit === 'directory' ? await explainDirectory(settings, scan) : await explainUnit(settings, ref);
    said[story] = told?.finished === true ? told.grade : (told?.reason ?? 'nothing');
    seen[story] = await watch(settings);
  }
  expect(seen).toEqual(said);
  const isCounted = profile !== 'legacy';
  expect(Object.values(seen).includes('count')).toBe(isCounted);
});
