import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { findAsked } from '@sendit/runtime/installation';
import { BaseCommand } from '../base-command.ts';
import { type DirectoryExplanation, explainDirectory, explainUnit } from '@sendit/runtime/explain';
import { renderExplanation } from '../render/render-explanation.ts';

export default class Explain extends BaseCommand {
  static override summary = 'Say why a directory or unit is finished or not, and what would finish it.';
  static override description =
    'Every rule with its answer and evidence. Works with the watcher running or not; a running one knows how the directory came and since when it is unchanged.';
  static override enableJsonFlag = true;
  static override examples = [
    '<%= config.bin %> <%= command.id %> /data/L123456',
    '<%= config.bin %> <%= command.id %> /data/L123456 --json',
    '<%= config.bin %> <%= command.id %> series/1.2.840.113619.2.55',
    '<%= config.bin %> <%= command.id %> /data/IM-0001.dcm',
  ];
  static override args = {
    path: Args.string({
      required: true,
      description:
        'The directory, directly in a watch path; where units are series or studies: a unit, its UID, or a file or directory of it.',
    }),
  };

  async run(): Promise<DirectoryExplanation> {
    const { args, flags } = await this.parse(Explain);
    const settings = await (await findAsked(flags)).settings();
    const unit = await explainUnit(settings, args.path);
    const explanation = unit ?? (await explainDirectory(settings, resolve(args.path)));
    this.log(renderExplanation(explanation));
    return explanation;
  }
}
