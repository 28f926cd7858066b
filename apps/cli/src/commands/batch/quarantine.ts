import { DecisionCommand } from '../../decision-command.ts';

export default class BatchQuarantine extends DecisionCommand {
  static override summary = 'Set a directory or batch aside.';
  static override description =
    'As `batch hold`, for what is not expected to be released; also a batch that is just being imported: nothing of it is written.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> /data/L123456 --reason "sent under the wrong number"',
    '<%= config.bin %> <%= command.id %> 17 --reason "sent under the wrong number" --json',
  ];
  override readonly decision = 'quarantine';
}
