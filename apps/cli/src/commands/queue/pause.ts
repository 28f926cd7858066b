import { QueueCommand } from '../../queue-command.ts';

export default class QueuePause extends QueueCommand {
  static override summary = 'Pause the import queue: running imports end, no other begins.';
  static override description =
    'Directories are sealed and queued meanwhile, and nothing is lost. It stays paused over restarts, and `watcher status` says so.';
  static override examples = ['<%= config.bin %> <%= command.id %> --reason "The archive is down."'];
  static override flags = QueueCommand.flags;
  readonly operation = 'pauseQueue';
  readonly said = 'The import queue is paused; running imports end.';
}
