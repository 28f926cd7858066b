import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DroppedFile, readDroppedFiles } from './read-files.ts';

/** Traces of the actions outside the database: they run at least once, and the key tells which runs are the same. */
export interface Effects {
  /** One entry per run of the command. */
  readonly notes: readonly EffectNote[];
  /** Files by the name of their directory at the target. */
  readonly copies: ReadonlyMap<string, readonly DroppedFile[]>;
}

/** The input of one run of the command. */
export interface EffectNote {
  readonly key: string;
  readonly batchId: number;
}

/** The actions after each import, in order. */
export const ACTION_KINDS = ['exec', 'copy'] as const;

/** Appends in one write, so that two runs at once do not mix; ends a moment later, so that kills come in between, too. */
const NOTE = 'printf "%s %s\\n" "$SENDIT_IDEMPOTENCY_KEY" "$SENDIT_BATCH_ID" >> "$0"; sleep 0.05';

/** The actions of the watch path, for a configuration; their effects lie beside it. */
export async function openEffects(directory: string): Promise<readonly object[]> {
  const { notes, copies } = toPlaces(directory);
  await mkdir(copies);
  return [
    { kind: 'exec', command: ['/bin/sh', '-c', NOTE, notes] },
    { kind: 'copy', to: copies },
  ];
}

/** Reads all effects of the installation in a directory. */
export function readEffects(directory: string): Effects {
  const { notes, copies } = toPlaces(directory);
  const lines = existsSync(notes) ? readFileSync(notes, 'utf8').split('\n') : [];
  return {
    notes: lines
      .filter((line) => line !== '')
      .map((line) => {
        const [key = '', batchId] = line.split(' ');
        return { key, batchId: Number(batchId) };
      }),
    copies: new Map(readdirSync(copies).map((name) => [name, readDroppedFiles(join(copies, name))])),
  };
}

function toPlaces(directory: string) {
  return { notes: join(directory, 'effects.txt'), copies: join(directory, 'copies') };
}
