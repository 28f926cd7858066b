import { DecisionCommand } from '../../decision-command.ts';

export default class BatchHold extends DecisionCommand {
  static override summary = 'Keep a directory or batch back until it is released.';
  static override description =
    'A directory that is not sealed yet is not sealed until it is released, also over restarts and renames. A batch that is not yet being imported becomes HELD.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> /data/L123456 --reason "wait for the second series"',
    '<%= config.bin %> <%= command.id %> 17 --reason "wait for the second series" --json',
  ];
  override readonly decision = 'hold';
}
