import { DecisionCommand } from '../../decision-command.ts';

export default class BatchRelease extends DecisionCommand {
  static override summary =
    'Let a directory or batch through that was kept back, or that is not finished by the rules.';
  static override description =
    'A directory that is not sealed is sealed at the next look, as it is then, whatever the rules say (grade `released`). A HELD or QUARANTINED batch is queued. What was decided about a directory that is gone is forgotten.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> /data/L123456 --reason "the modality was stopped, the rest never comes"',
    '<%= config.bin %> <%= command.id %> 17 --reason "the modality was stopped, the rest never comes" --json',
  ];
  override readonly decision = 'release';
}
