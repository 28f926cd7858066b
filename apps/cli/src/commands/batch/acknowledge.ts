import { DecisionCommand } from '../../decision-command.ts';

export default class BatchAcknowledge extends DecisionCommand {
  static override summary = 'Take what stands about a batch off the list of problems: a person has seen it.';
  static override description =
    'Of a batch that is HELD because sealed files vanished or cannot be read, and of one that changed after its seal: `watcher status`, its exit code and the page do not count it any more. The batch stays as it is; when something else happens to it, it is counted again.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 17 --reason "the scanner sent two images twice, nothing is missing"',
  ];
  override readonly decision = 'acknowledge';
}
