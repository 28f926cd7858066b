import { DecisionCommand } from '../../decision-command.ts';

export default class BatchAmend extends DecisionCommand {
  static override summary = 'Import what came after the seal of a batch, whatever the policy of its watch path says.';
  static override description =
    'The new and changed files become the next generation of the batch, which a running watcher seals at its next scan. Where nothing came late it is refused; `sendit batch list --late` names those that have something.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 17 --reason "the sender resumed after an hour"',
    '<%= config.bin %> <%= command.id %> L123456 --reason "late slices" --json',
  ];
  override readonly decision = 'amend';
}
