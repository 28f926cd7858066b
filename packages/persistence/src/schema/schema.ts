import {
  ACCESS_EVENTS,
  ACTION_KINDS,
  ACTION_STATES,
  type ActionPlan,
  type ActionProgress,
  BATCH_STATUSES,
  COMPLETENESS_GRADES,
  AUDITED,
  DIRECTORY_DECISIONS,
  type DecidedState,
  type DigestAlgorithm,
  type FindingCode,
  type FindingPolicy,
  type FindingSeverity,
  type FolderSignature,
  type Heartbeat,
  INSTANCE_STANDINGS,
  type MountIdentity,
  ROLES,
  UNIT_KINDS,
} from '@sendit/model';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Words } from '../imports/entity-words.ts';
import type { StoredManifestFile } from './stored-manifest.ts';

/** Our own schema: the queue's tables on the same database have short names without one (`job`, `event`). */
export const senditSchema = pgSchema('sendit');

const id = () => bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity();
const number = (name: string) => bigint(name, { mode: 'number' });
const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Watch paths; the name is the identity. */
export const roots = senditSchema.table('roots', {
  id: id(),
  name: text('name').notNull().unique(),
  path: text('path').notNull(),
  /** Actions after its imports; written by the last watcher that started. */
  actionPlan: jsonb('action_plan').$type<ActionPlan>(),
  /** Severities of its imports' findings; written by the last watcher that started. */
  findingPolicy: jsonb('finding_policy').$type<FindingPolicy>(),
  /** Globs of names that are no part of a delivery, beside the known ones; the last watcher that started wrote it. */
  ignoredNames: jsonb('ignored_names').$type<readonly string[]>(),
  /** Expected mount; null before the first look. */
  mount: jsonb('mount').$type<MountIdentity>(),
  /** Another mount found in its place, until the right one is back or a person accepts it. */
  otherMount: jsonb('other_mount').$type<MountIdentity>(),
  createdAt: time('created_at').notNull().defaultNow(),
});

/** Sealed directories. The counts are kept on the row so that a list needs no other table. */
export const batches = senditSchema.table(
  'batches',
  {
    id: id(),
    rootId: number('root_id')
      .notNull()
      .references(() => roots.id),
    unit: text('unit', { enum: UNIT_KINDS }).notNull().default('directory'),
    relativePath: text('relative_path').notNull(),
    /** Below the root, since the sealed directory was renamed within the watch path. */
    renamedTo: text('renamed_to'),
    generation: integer('generation').notNull(),
    path: text('path').notNull(),
    name: text('name').notNull(),
    status: text('status', { enum: BATCH_STATUSES }).notNull().default('NEW'),
    grade: text('grade', { enum: COMPLETENESS_GRADES }).notNull(),
    files: number('files').notNull(),
    bytes: number('bytes').notNull(),
    manifestDigest: text('manifest_digest').notNull(),
    /** Its files are only those that came late to the generations before. */
    isDelta: boolean('is_delta').notNull().default(false),
    /** Of the directory as it was last seen with this or an ignored content: unchanged means that nothing need be listed. */
    signature: jsonb('signature').$type<FolderSignature>(),
    /** When the directory was last seen to disappear; null while it is there. */
    vanishedAt: time('vanished_at'),
    /** How many different contents were seen after the seal, without a disappearance. */
    lateChanges: integer('late_changes').notNull().default(0),
    /** The last of them, so that a rescan does not count it again. */
    lateDigest: text('late_digest'),
    /** The changed content that is left as it is, by the policy: nobody processes it before more comes or a person says so. */
    ignoredDigest: text('ignored_digest'),
    /** Problems that a person acknowledged, see `standing`; a new problem needs a new acknowledgement. */
    acknowledged: text('acknowledged'),
    /** When a person asked for late files to be imported, whatever the policy says. */
    amendSince: time('amend_since'),
    /** Since when an import waits for sealed files that vanished: the batch is HELD until they are back. */
    missingSince: time('missing_since'),
    /** A person has said that they are not to be waited for. */
    acceptsMissing: boolean('accepts_missing').notNull().default(false),
    /** Since when its sealed files cannot be read: the batch is HELD until they can. */
    unreadableSince: time('unreadable_since'),
    /** How often it was queued again by itself for that, since a person last had a hand in it: each time it waits longer. */
    readRetries: integer('read_retries').notNull().default(0),
    /** When a person let it through as it is: what cannot be read is left out, and errors end it as DONE. */
    acceptedAt: time('accepted_at'),
    /** When its lists and what it said of patients were taken away: what is left is enough to know it again. */
    prunedAt: time('pruned_at'),
    /** Of the contents, by the import: SHA-256 over the digests and paths of its files. */
    digest: text('digest'),
    digestAlgorithm: text('digest_algorithm').$type<DigestAlgorithm>(),
    attempts: integer('attempts').notNull().default(0),
    reason: text('reason'),
    filesDone: number('files_done'),
    filesTotal: number('files_total'),
    bytesDone: number('bytes_done'),
    /** Since reading began. */
    progressMs: number('progress_ms'),
    listingMs: number('listing_ms'),
    readingMs: number('reading_ms'),
    hashingMs: number('hashing_ms'),
    studies: integer('studies').notNull().default(0),
    series: integer('series').notNull().default(0),
    instances: integer('instances').notNull().default(0),
    findings: integer('findings').notNull().default(0),
    createdAt: time('created_at').notNull().defaultNow(),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
  },
  (table) => [
    unique('batches_root_path_generation').on(table.rootId, table.relativePath, table.generation),
    index('batches_status').on(table.status, table.id),
    index('batches_name').on(table.name),
    index('batches_renamed').on(table.rootId, table.renamedTo).where(sql`renamed_to is not null`),
    index('batches_digest').using('hash', table.manifestDigest),
    index('batches_late').on(table.id).where(sql`ignored_digest is not null`),
    index('batches_there').on(table.rootId, table.relativePath).where(sql`vanished_at is null`),
    check('batches_status_word', sql.raw(`status in (${BATCH_STATUSES.map((status) => `'${status}'`).join(', ')})`)),
  ],
);

/**
 * Directories that are not sealed and that something is to be remembered of: held or quarantined, come by a rename, or decided about
 * by a person. Written when that changes, deleted by the seal.
 */
export const directories = senditSchema.table(
  'directories',
  {
    rootId: number('root_id')
      .notNull()
      .references(() => roots.id),
    relativePath: text('relative_path').notNull(),
    outcome: text('outcome', { enum: ['waiting', 'hold', 'quarantine'] })
      .notNull()
      .default('waiting'),
    reason: text('reason').notNull().default(''),
    since: time('since').notNull().defaultNow(),
    arrival: text('arrival', { enum: ['renamed', 'created', 'found'] })
      .notNull()
      .default('found'),
    /** Number of files at the time of the rename; null if not counted. */
    renamedFiles: integer('renamed_files'),
    /** Device, inode and birth time: distinguishes it from a later directory of the same name. */
    identity: text('identity'),
    decision: text('decision', { enum: DIRECTORY_DECISIONS }),
    decidedBy: text('decided_by'),
    decidedBecause: text('decided_because'),
    decidedAt: time('decided_at'),
  },
  (table) => [primaryKey({ columns: [table.rootId, table.relativePath] })],
);

/** Every decision of a person; never changed but for the batch that a directory became, never deleted. */
export const audit = senditSchema.table(
  'audit',
  {
    id: id(),
    rootId: number('root_id')
      .notNull()
      .references(() => roots.id),
    relativePath: text('relative_path').notNull(),
    batchId: number('batch_id').references(() => batches.id, { onDelete: 'set null' }),
    at: time('at').notNull().defaultNow(),
    by: text('by').notNull(),
    decision: text('decision', { enum: AUDITED }).notNull(),
    from: text('from_state').$type<DecidedState>().notNull(),
    to: text('to_state').$type<DecidedState>().notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [index('audit_batch').on(table.batchId), index('audit_directory').on(table.rootId, table.relativePath)],
);

/** Accounts of persons. */
export const users = senditSchema.table('users', {
  id: id(),
  name: text('name').notNull().unique(),
  role: text('role', { enum: ROLES }).notNull(),
  /** With its parameters, as a PHC string. */
  passwordHash: text('password_hash').notNull(),
  createdAt: time('created_at').notNull().defaultNow(),
});

/** Who is signed in: of an account, whose role counts, or of another provider, which said name and role. */
export const sessions = senditSchema.table(
  'sessions',
  {
    /** SHA-256 of what the browser has. */
    digest: text('digest').primaryKey(),
    userId: number('user_id').references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    createdAt: time('created_at').notNull().defaultNow(),
    seenAt: time('seen_at').notNull().defaultNow(),
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_seen').on(table.seenAt)],
);

/** Tokens of scripts. */
export const apiTokens = senditSchema.table('api_tokens', {
  id: id(),
  name: text('name').notNull().unique(),
  role: text('role', { enum: ROLES }).notNull(),
  /** SHA-256 of 256 random bits. */
  digest: text('digest').notNull().unique(),
  createdBy: text('created_by').notNull(),
  createdAt: time('created_at').notNull().defaultNow(),
  expiresAt: time('expires_at').notNull(),
  lastUsedAt: time('last_used_at'),
});

/** Who came, and who may come; never changed, never deleted. */
export const accessEvents = senditSchema.table('access_events', {
  id: id(),
  at: time('at').notNull().defaultNow(),
  event: text('event', { enum: ACCESS_EVENTS }).notNull(),
  by: text('by').notNull(),
  about: text('about').notNull(),
  address: text('address'),
});

/**
 * Studies are shared: one study may arrive in several batches, and a real UID names the same study in all of them. An id that
 * is not a UID (`study_<folder>`, or rubbish in the header) names nothing outside its batch: two roots may have folders of one
 * name. Such a row is scoped by its batch; null means shared. What belongs to a batch, and every count of it, goes through
 * `instances`.
 */
export const studies = senditSchema.table(
  'studies',
  {
    id: id(),
    studyInstanceUid: text('study_instance_uid').notNull(),
    scopeBatchId: number('scope_batch_id').references(() => batches.id, { onDelete: 'cascade' }),
    studyDate: text('study_date'),
    studyTime: text('study_time'),
    studyId: text('study_id'),
    accessionNumber: text('accession_number'),
    studyDescription: text('study_description'),
    patientId: text('patient_id'),
    patientName: text('patient_name'),
    patientBirthDate: text('patient_birth_date'),
    patientSex: text('patient_sex'),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (table) => [
    unique('studies_uid').on(table.studyInstanceUid, table.scopeBatchId).nullsNotDistinct(),
    index('studies_scope').on(table.scopeBatchId).where(sql`scope_batch_id is not null`),
  ],
);

/** Series, unique within their study; scoped by batch like studies. */
export const series = senditSchema.table(
  'series',
  {
    id: id(),
    studyId: number('study_id')
      .notNull()
      .references(() => studies.id, { onDelete: 'cascade' }),
    seriesInstanceUid: text('series_instance_uid').notNull(),
    scopeBatchId: number('scope_batch_id').references(() => batches.id, { onDelete: 'cascade' }),
    modality: text('modality'),
    seriesNumber: integer('series_number'),
    seriesDescription: text('series_description'),
    bodyPartExamined: text('body_part_examined'),
    protocolName: text('protocol_name'),
    manufacturer: text('manufacturer'),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (table) => [
    unique('series_uid').on(table.studyId, table.seriesInstanceUid, table.scopeBatchId).nullsNotDistinct(),
    index('series_scope').on(table.scopeBatchId).where(sql`scope_batch_id is not null`),
  ],
);

/** A batch's own values of a study if they differ from the study's row, which keeps the first value. */
export const statedStudies = senditSchema.table(
  'stated_studies',
  {
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    studyId: number('study_id')
      .notNull()
      .references(() => studies.id, { onDelete: 'cascade' }),
    /** By column of the row; may be personal. */
    words: jsonb('words').$type<Words>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.batchId, table.studyId] }), index('stated_studies_study').on(table.studyId)],
);

/** The same of a series. */
export const statedSeries = senditSchema.table(
  'stated_series',
  {
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    seriesId: number('series_id')
      .notNull()
      .references(() => series.id, { onDelete: 'cascade' }),
    words: jsonb('words').$type<Words>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.batchId, table.seriesId] }),
    index('stated_series_series').on(table.seriesId),
  ],
);

/** Columns about the file of an instance. */
const fileColumns = () => ({
  sopClassUid: text('sop_class_uid'),
  transferSyntaxUid: text('transfer_syntax_uid'),
  instanceNumber: integer('instance_number'),
  path: text('path').notNull(),
  bytes: number('bytes').notNull(),
  /** Length of the data set; null in rows of earlier versions, whose digests cover more than it. */
  datasetBytes: number('dataset_bytes'),
  /** False where the file is cut; null where nobody could tell, and in rows of earlier versions. */
  isWhole: boolean('is_whole'),
  /** Of the data set: tells equal files apart from those that only share an identity, within a batch and across batches. */
  digest: text('digest'),
  digestAlgorithm: text('digest_algorithm').$type<DigestAlgorithm>(),
  /** By keyword, as in the header; may be personal. */
  attributes: jsonb('attributes').$type<Readonly<Record<string, string>>>(),
});

/** Files of a batch, one row for each SOP instance: also the link from a batch to its series and studies. */
export const instances = senditSchema.table(
  'instances',
  {
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    sopInstanceUid: text('sop_instance_uid').notNull(),
    seriesId: number('series_id')
      .notNull()
      .references(() => series.id),
    ...fileColumns(),
    standing: text('standing', { enum: INSTANCE_STANDINGS }).notNull().default('first'),
  },
  (table) => [
    primaryKey({ name: 'instances_batch_uid', columns: [table.batchId, table.sopInstanceUid] }),
    index('instances_series').on(table.seriesId),
    // Compared as bytes: a collation costs as much as the rest of the insert.
    uniqueIndex('instances_first').on(table.sopInstanceUid.op('text_pattern_ops')).where(sql`standing = 'first'`),
    index('instances_cut').on(table.sopInstanceUid.op('text_pattern_ops')).where(sql`is_whole = false`),
    index('instances_duplicate').on(table.sopInstanceUid.op('text_pattern_ops')).where(sql`standing = 'duplicate'`),
  ],
);

/** Files that a batch has not recorded, because another one has their instance with other bytes. They stay where they are. */
export const quarantinedFiles = senditSchema.table(
  'quarantined_files',
  {
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    sopInstanceUid: text('sop_instance_uid').notNull(),
    path: text('path').notNull(),
    bytes: number('bytes').notNull(),
    digest: text('digest'),
    digestAlgorithm: text('digest_algorithm').$type<DigestAlgorithm>(),
    /** The batch that has the instance, as it was then. */
    otherBatchId: number('other_batch_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.batchId, table.sopInstanceUid] })],
);

/**
 * Instances of a large batch whose import has not ended: their run is the only one that sees them, its commit moves them to
 * `instances`. A run that died leaves its rows; the next one of the batch deletes them.
 */
export const stagedInstances = senditSchema.table(
  'staged_instances',
  {
    // No foreign key: it would be looked up for every row, of a batch that its writer holds locked.
    batchId: number('batch_id').notNull(),
    attempt: integer('attempt').notNull(),
    /** Index of the series in the import. */
    series: integer('series').notNull(),
    sopInstanceUid: text('sop_instance_uid').notNull(),
    ...fileColumns(),
  },
  (table) => [index('staged_instances_batch').on(table.batchId)],
);

/** Findings per batch, for people. */
export const findings = senditSchema.table(
  'findings',
  {
    id: id(),
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    code: text('code').$type<FindingCode>().notNull(),
    severity: text('severity').$type<FindingSeverity>().notNull(),
    path: text('path'),
    message: text('message').notNull(),
  },
  (table) => [index('findings_batch').on(table.batchId)],
);

/**
 * Sealed list: the files of a batch in byte order of their paths, thousands per row. A row for each file would make the
 * seal as slow as the import.
 */
export const manifestParts = senditSchema.table(
  'manifest_parts',
  {
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    part: integer('part').notNull(),
    entries: jsonb('entries').$type<readonly StoredManifestFile[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.batchId, table.part] })],
);

/** Actions on a batch after its import. The id is the idempotency key that commands and receivers see. */
export const actions = senditSchema.table(
  'actions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    kind: text('kind', { enum: ACTION_KINDS }).notNull(),
    state: text('state', { enum: ACTION_STATES }).notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    reason: text('reason'),
    /** Exit code or HTTP status. */
    code: integer('code'),
    /** Of a step that runs or ran: what it has told last. */
    progress: jsonb('progress').$type<ActionProgress>(),
    /** Every file of a move was at its target then; from there on its originals may be gone. */
    placedAt: time('placed_at'),
    startedAt: time('started_at'),
    finishedAt: time('finished_at'),
  },
  (table) => [
    unique('actions_batch_position').on(table.batchId, table.position),
    index('actions_open').on(table.state, table.batchId).where(sql`state <> 'done'`),
  ],
);

/**
 * Messages to the queue. The id is a uuid, not a number: it is the job id, BullMQ refuses numbers there, and a queue that
 * outlives the database must never take a new message for an old one.
 */
export const outbox = senditSchema.table(
  'outbox',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    kind: text('kind', { enum: ['import-dicomdir', 'hand-on', 'step'] })
      .notNull()
      .default('import-dicomdir'),
    batchId: number('batch_id')
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    /** The action to do, and whose watchers do it; null for an import. */
    actionId: uuid('action_id')
      .unique()
      .references(() => actions.id, { onDelete: 'cascade' }),
    rootId: number('root_id').references(() => roots.id),
    /** Null while the action before it is not done. */
    dueAt: time('due_at').defaultNow(),
    sentAt: time('sent_at'),
    /** Job that it was sent in, with others; null of one that has a job of its own. */
    groupId: uuid('group_id'),
    /** A scan found the directory: what arrives goes before it. */
    isFound: boolean('is_found').notNull().default(false),
    createdAt: time('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('outbox_import').on(table.batchId).where(sql`kind = 'import-dicomdir'`),
    index('outbox_due').on(table.kind, table.rootId, table.dueAt),
    index('outbox_batch').on(table.batchId),
  ],
);

/** What an installation keeps beside its batches, by key: alarms that were told, a paused queue. One process at a time may hold a key. */
export const keptStates = senditSchema.table('kept_states', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  holder: text('holder'),
  heldUntil: time('held_until'),
  changedAt: time('changed_at').notNull().defaultNow(),
});

/** Daemons by host and pid, with the time of their last sign of life. */
export const watcherHeartbeats = senditSchema.table(
  'watcher_heartbeats',
  {
    host: text('host').notNull(),
    pid: integer('pid').notNull(),
    beat: jsonb('beat').$type<Heartbeat>().notNull(),
    beatAt: time('beat_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.host, table.pid] })],
);
