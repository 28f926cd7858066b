import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSyntheticStudy } from '@sendit/testing/synthetic';
import type { Send } from './schedule.ts';

/** Directories on their way at the same time. */
const LANES = 4;

export interface SenderDeps {
  /** The folder that is watched, by its other path where there is a mount in between. */
  readonly folder: string;
  readonly seed: number;
  /** Resolves when the directory with this index may be sent. */
  readonly turn: (index: number) => Promise<void>;
  readonly onSent: () => void;
}

/** Sends all directories, several at once, the way a transfer script does. */
export async function runSender(sends: readonly Send[], deps: SenderDeps, signal: AbortSignal): Promise<void> {
  const sent: Promise<void>[] = [];
  const queue = sends.values();
  const sendInTurn = async (send: Send): Promise<void> => {
    await deps.turn(send.index);
    await new Promise((resolve) => setTimeout(resolve, send.pauseMs));
    if (send.kind === 'duplicate') await sent[send.repeats];
    await sendOne(send, sends, deps);
    deps.onSent();
  };
  const lane = async (): Promise<void> => {
    for (const send of queue) {
      signal.throwIfAborted();
      const work = sendInTurn(send);
      sent.push(work);
      await work;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Where a directory lies when its sender is through with it. */
export function finalPath(folder: string, send: Send): string {
  return join(folder, send.kind === 'unfinished' ? `${send.name}.tmp` : send.name);
}

async function sendOne(send: Send, sends: readonly Send[], { folder, seed }: SenderDeps): Promise<void> {
  const last = finalPath(folder, send);
  const arriving = send.kind === 'direct' ? last : join(folder, `${send.name}.tmp`);
  await mkdir(arriving);
  await fill(arriving, send, { seed, repeated: finalPath(folder, sends[send.repeats] ?? send) });
  if (arriving !== last) await rename(arriving, last);
}

interface Content {
  readonly seed: number;
  /** The directory that a duplicate repeats. */
  readonly repeated: string;
}

async function fill(directory: string, send: Send, { seed, repeated }: Content): Promise<void> {
  if (send.kind === 'duplicate') return copyFiles(repeated, directory);
  if (send.kind === 'no-image') return writeFile(join(directory, 'report.dcm'), `no image, number ${send.index}`);
  const study = { seed: `${seed}/${send.index}`, patient: { name: 'SYNTHETIC^CHAOS', id: `SYN-${send.index}` } };
  const series = send.series.map((instances) => ({ instances, rows: 4 }));
  await writeSyntheticStudy(directory, { ...study, series });
  if (send.kind === 'bad-file') {
    await writeFile(join(directory, 'broken.dcm'), `not DICOM, number ${send.index}`);
    await writeFile(join(directory, 'nothing.dcm'), '');
  }
  if (send.kind === 'two-dates') {
    const other = {
      ...study,
      seed: `${seed}/${send.index}/other`,
      studyDate: '20240103',
      layout: 'by-series' as const,
    };
    await writeSyntheticStudy(directory, { ...other, series: [{ instances: 1, rows: 4 }] });
  }
}

/** Bytes alone: the original may be locked at the moment. */
async function copyFiles(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
    const relative = join(entry.parentPath, entry.name).slice(from.length + 1);
    if (entry.isDirectory()) await mkdir(join(to, relative));
    else await writeFile(join(to, relative), await readFile(join(from, relative)));
  }
}
