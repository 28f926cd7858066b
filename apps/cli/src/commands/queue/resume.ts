import { QueueCommand } from '../../queue-command.ts';

export default class QueueResume extends QueueCommand {
  static override summary = 'Let a paused import queue go on.';
  static override examples = ['<%= config.bin %> <%= command.id %> --reason "The archive is back."'];
  static override flags = QueueCommand.flags;
  readonly operation = 'resumeQueue';
  readonly said = 'The import queue goes on.';
}
