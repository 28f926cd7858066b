import { DecisionCommand } from '../../decision-command.ts';

export default class BatchAccept extends DecisionCommand {
  static override summary = 'Let a batch through as it is, in spite of errors or without files that cannot be read.';
  static override description =
    'A batch in ERROR becomes DONE with the rows that it has, and what follows DONE is done with it. A batch that is HELD because the system refuses to read files of it is imported without what is still refused: each such file stays where it is and is an error finding of the batch. Any other batch is refused.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 17 --reason "the patient was scanned over midnight"',
    '<%= config.bin %> <%= command.id %> L123456 --reason "the disk lost two images, the sender has no others" --json',
  ];
  override readonly decision = 'accept';
}
