import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../base-command.ts';
import { renderReplay } from '../../render/render-replay.ts';
import { replayPath, type ReplayReport } from '@sendit/runtime/explain';
import { loadCliSettings } from '@sendit/runtime/settings';

export default class DetectorReplay extends BaseCommand {
  static override summary = 'Say what each profile would have decided about a directory, and when.';
  static override description =
    'Of a recording (`sendit detector record`), or of a directory as far as the times of its files tell. Nothing is sealed.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> L123456.ndjson',
    '<%= config.bin %> <%= command.id %> /data/L123456 --quiet-ms 60000',
    '<%= config.bin %> <%= command.id %> L123456.ndjson --json',
  ];
  static override args = {
    path: Args.string({ required: true, description: 'A recording, or a directory.' }),
  };
  static override flags = {
    'quiet-ms': Flags.integer({ min: 0, summary: 'Try another quiet time.' }),
  };

  async run(): Promise<ReplayReport> {
    const { args, flags } = await this.parse(DetectorReplay);
    const { settings } = await loadCliSettings({ ...flags, 'quiet-ms': undefined }, 'looking');
    const report = await replayPath(settings, resolve(args.path), { quietMs: flags['quiet-ms'] });
    this.log(renderReplay(report));
    return report;
  }
}
