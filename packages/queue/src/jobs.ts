import type { OutboxRow } from '@sendit/model';

/** One outbox row in a job. */
export interface Message {
  readonly outboxId: string;
  readonly batchId: string;
}

/** Payload of the job of one row. `before`: attempts that were made while it was in a job with others. */
export interface SingleData extends Message {
  readonly before?: number;
}

/** Payload of a job of several rows, all of small batches. */
export interface GroupData {
  readonly members: readonly Message[];
}

/** Payload of a BullMQ job. */
export type JobData = SingleData | GroupData;

/** A job to be added. */
export interface NewJob {
  readonly name: string;
  readonly id: string;
  readonly data: JobData;
  /** It waits for what arrives now. */
  readonly isBacklog: boolean;
}

const GROUP_NAME = 'import-dicomdirs';

/** Rows as jobs: those of one group are one job, whose id is the group's; any other row is one of its own. */
export function toJobs(rows: readonly OutboxRow[]): readonly NewJob[] {
  const groups = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const key = row.groupId === undefined ? toJobId(row.id) : `group-${row.groupId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else if (row.groupId !== undefined) group.push(row);
  }
  return [...groups].map(([id, members]) => {
    const [first] = members;
    const isGroup = first?.groupId !== undefined;
    const messages = members.map((row) => ({ outboxId: row.id, batchId: row.batchId }));
    return {
      id,
      name: isGroup ? GROUP_NAME : (first?.kind ?? ''),
      data: isGroup ? { members: messages } : (messages[0] ?? { outboxId: '', batchId: '' }),
      isBacklog: members.every(({ isFound }) => isFound === true),
    };
  });
}

/** Jobs of their own for what was in a job with others. */
export function toSingles(members: readonly Message[], before: number): readonly NewJob[] {
  return members.map((member) => ({
    id: toJobId(member.outboxId),
    name: 'import-dicomdir',
    data: { ...member, ...(before > 0 && { before }) },
    isBacklog: false,
  }));
}

/** BullMQ refuses ids that are all digits, and the colon. */
function toJobId(rowId: string): string {
  return /^\d+$/.test(rowId) || rowId.includes(':') ? `outbox-${rowId.replaceAll(':', '-')}` : rowId;
}
