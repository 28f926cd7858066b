import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { recordFolder, type RecordResult, toSidecarNames } from '@sendit/runtime/explain';
import { loadCliSettings } from '@sendit/runtime/settings';

export default class DetectorRecord extends BaseCommand {
  static override summary = 'Record how a directory arrives, for `sendit detector replay`.';
  static override description =
    'Looks at it until Ctrl-C, or for --seconds, and writes what it sees: counts, sizes, digests and who has files open; no names, no header values. A directory that is not there yet is waited for.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> /data/L123456 --out L123456.ndjson',
    '<%= config.bin %> <%= command.id %> /data/L123456 --out L123456.ndjson --seconds 600',
  ];
  static override args = {
    folder: Args.string({ required: true, description: 'The directory, under its final name.' }),
  };
  static override flags = {
    out: Flags.string({ char: 'o', required: true, summary: 'File to write; must not be there yet.' }),
    seconds: Flags.integer({ min: 1, summary: 'How long; without it until Ctrl-C.' }),
    'every-ms': Flags.integer({ min: 50, default: 500, summary: 'Time between two looks.' }),
  };

  async run(): Promise<RecordResult> {
    const { args, flags } = await this.parse(DetectorRecord);
    const { settings } = await loadCliSettings(flags, 'looking');
    const folder = resolve(args.folder);
    const watchPath = settings.watchPaths.find(({ folder: root }) => folder.startsWith(`${root}/`));
    const stopped = new AbortController();
    const stop = (): void => stopped.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const signals = flags.seconds === undefined ? [] : [AbortSignal.timeout(flags.seconds * 1000)];
    const result = await recordFolder(
      {
        folder,
        out: resolve(flags.out),
        everyMs: flags['every-ms'],
        names: watchPath === undefined ? {} : toSidecarNames(watchPath),
      },
      AbortSignal.any([stopped.signal, ...signals]),
    );
    this.log(
      `Recorded ${result.looks} looks in ${Math.round(result.recordedMs / 1000)} s to ${result.out}. See what the profiles make of it: sendit detector replay ${result.out}`,
    );
    return result;
  }
}
