import { SenditError } from '@sendit/model';

/** Failures of this machine, not of one file: skipping the file would lose it for nothing. */
const OF_THE_MACHINE: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']);

/** Whether this machine failed, and not a file or its disk. */
export function isOfTheMachine(code: string): boolean {
  return OF_THE_MACHINE.has(code);
}

/** Failures of the mount, which most often pass. */
const OF_THE_MOUNT: ReadonlySet<string> = new Set(['ESTALE', 'ETIMEDOUT', 'ENOTCONN', 'EHOSTDOWN']);

/**
 * One of the mount is an answer about the file where a person accepted the batch without what cannot be read.
 * @throws SenditError `unreadable`, safe to retry, when a file could not be read for a reason that passes.
 */
export function throwIfPassing(code: string, { isAccepted = false }: { readonly isAccepted?: boolean } = {}): void {
  if (!isOfTheMachine(code) && (isAccepted || !OF_THE_MOUNT.has(code))) return;
  throw new SenditError(`Expected to read the files of the batch, got ${code} from the system.`, {
    code: 'unreadable',
    retry: 'safe',
    hint: 'Check the mount, open files and memory of this host; the batch is tried again.',
  });
}

/**
 * The error of files that are there and cannot be read (permission, input/output): nothing may be recorded without them. Names codes, never
 * paths: folder names are patients' names.
 */
export function toUnreadable(
  batchId: string,
  codes: ReadonlyMap<string, number>,
  hint = 'Check permissions, the disk and the mount; `sendit batch accept` imports the batch without what cannot be read.',
): SenditError {
  const counted = [...codes].map(([code, count]) => `${count} × ${code}`).join(', ');
  return new SenditError(`Expected to read every sealed file of batch ${batchId}, got refusals: ${counted}.`, {
    code: 'unreadable',
    retry: 'safe',
    hint,
  });
}
