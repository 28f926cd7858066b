-- The schema itself is made by the migrator, which keeps its list of applied migrations there.
CREATE TABLE "sendit"."actions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"batch_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"code" integer,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "actions_batch_position" UNIQUE("batch_id","position")
);
--> statement-breakpoint
CREATE TABLE "sendit"."audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sendit"."audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"root_id" bigint NOT NULL,
	"relative_path" text NOT NULL,
	"batch_id" bigint,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"by" text NOT NULL,
	"decision" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sendit"."batches" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sendit"."batches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"root_id" bigint NOT NULL,
	"unit" text DEFAULT 'directory' NOT NULL,
	"relative_path" text NOT NULL,
	"generation" integer NOT NULL,
	"path" text NOT NULL,
	"name" text NOT NULL,
	"status" text DEFAULT 'NEW' NOT NULL,
	"grade" text NOT NULL,
	"files" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	"manifest_digest" text NOT NULL,
	"is_delta" boolean DEFAULT false NOT NULL,
	"signature" jsonb,
	"vanished_at" timestamp with time zone,
	"late_changes" integer DEFAULT 0 NOT NULL,
	"late_digest" text,
	"missing_since" timestamp with time zone,
	"accepts_missing" boolean DEFAULT false NOT NULL,
	"digest" text,
	"digest_algorithm" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"reason" text,
	"files_done" bigint,
	"files_total" bigint,
	"bytes_done" bigint,
	"progress_ms" bigint,
	"listing_ms" bigint,
	"reading_ms" bigint,
	"hashing_ms" bigint,
	"studies" integer DEFAULT 0 NOT NULL,
	"series" integer DEFAULT 0 NOT NULL,
	"instances" integer DEFAULT 0 NOT NULL,
	"findings" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "batches_root_path_generation" UNIQUE("root_id","relative_path","generation"),
	CONSTRAINT "batches_status_word" CHECK (status in ('NEW', 'QUEUE', 'PROCESSING', 'DONE', 'EMPTY', 'ERROR', 'QUARANTINED', 'HELD'))
);
--> statement-breakpoint
CREATE TABLE "sendit"."directories" (
	"root_id" bigint NOT NULL,
	"relative_path" text NOT NULL,
	"outcome" text DEFAULT 'waiting' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"arrival" text DEFAULT 'found' NOT NULL,
	"identity" text,
	"decision" text,
	"decided_by" text,
	"decided_because" text,
	"decided_at" timestamp with time zone,
	CONSTRAINT "directories_root_id_relative_path_pk" PRIMARY KEY("root_id","relative_path")
);
--> statement-breakpoint
CREATE TABLE "sendit"."findings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sendit"."findings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"batch_id" bigint NOT NULL,
	"code" text NOT NULL,
	"severity" text NOT NULL,
	"path" text,
	"message" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sendit"."instances" (
	"batch_id" bigint NOT NULL,
	"sop_instance_uid" text NOT NULL,
	"series_id" bigint NOT NULL,
	"sop_class_uid" text,
	"transfer_syntax_uid" text,
	"instance_number" integer,
	"path" text NOT NULL,
	"bytes" bigint NOT NULL,
	"digest" text,
	"digest_algorithm" text,
	"attributes" jsonb,
	"standing" text DEFAULT 'first' NOT NULL,
	CONSTRAINT "instances_batch_uid" PRIMARY KEY("batch_id","sop_instance_uid")
);
--> statement-breakpoint
CREATE TABLE "sendit"."manifest_parts" (
	"batch_id" bigint NOT NULL,
	"part" integer NOT NULL,
	"entries" jsonb NOT NULL,
	CONSTRAINT "manifest_parts_batch_id_part_pk" PRIMARY KEY("batch_id","part")
);
--> statement-breakpoint
CREATE TABLE "sendit"."outbox" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text DEFAULT 'import-dicomdir' NOT NULL,
	"batch_id" bigint NOT NULL,
	"action_id" uuid,
	"root_id" bigint,
	"due_at" timestamp with time zone DEFAULT now(),
	"sent_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_action_id_unique" UNIQUE("action_id")
);
--> statement-breakpoint
CREATE TABLE "sendit"."quarantined_files" (
	"batch_id" bigint NOT NULL,
	"sop_instance_uid" text NOT NULL,
	"path" text NOT NULL,
	"bytes" bigint NOT NULL,
	"digest" text,
	"digest_algorithm" text,
	"other_batch_id" bigint NOT NULL,
	CONSTRAINT "quarantined_files_batch_id_sop_instance_uid_pk" PRIMARY KEY("batch_id","sop_instance_uid")
);
--> statement-breakpoint
CREATE TABLE "sendit"."roots" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sendit"."roots_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"path" text NOT NULL,
	"action_plan" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "roots_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "sendit"."series" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sendit"."series_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"study_id" bigint NOT NULL,
	"series_instance_uid" text NOT NULL,
	"scope_batch_id" bigint,
	"modality" text,
	"series_number" integer,
	"series_description" text,
	"body_part_examined" text,
	"protocol_name" text,
	"manufacturer" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "series_uid" UNIQUE NULLS NOT DISTINCT("study_id","series_instance_uid","scope_batch_id")
);
--> statement-breakpoint
CREATE TABLE "sendit"."staged_instances" (
	"batch_id" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"series" integer NOT NULL,
	"sop_instance_uid" text NOT NULL,
	"sop_class_uid" text,
	"transfer_syntax_uid" text,
	"instance_number" integer,
	"path" text NOT NULL,
	"bytes" bigint NOT NULL,
	"digest" text,
	"digest_algorithm" text,
	"attributes" jsonb
);
--> statement-breakpoint
CREATE TABLE "sendit"."studies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "sendit"."studies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"study_instance_uid" text NOT NULL,
	"scope_batch_id" bigint,
	"study_date" text,
	"study_time" text,
	"study_id" text,
	"accession_number" text,
	"study_description" text,
	"patient_id" text,
	"patient_name" text,
	"patient_birth_date" text,
	"patient_sex" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "studies_uid" UNIQUE NULLS NOT DISTINCT("study_instance_uid","scope_batch_id")
);
--> statement-breakpoint
CREATE TABLE "sendit"."watcher_heartbeats" (
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"beat" jsonb NOT NULL,
	"beat_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "watcher_heartbeats_host_pid_pk" PRIMARY KEY("host","pid")
);
--> statement-breakpoint
ALTER TABLE "sendit"."actions" ADD CONSTRAINT "actions_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."audit" ADD CONSTRAINT "audit_root_id_roots_id_fk" FOREIGN KEY ("root_id") REFERENCES "sendit"."roots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."audit" ADD CONSTRAINT "audit_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."batches" ADD CONSTRAINT "batches_root_id_roots_id_fk" FOREIGN KEY ("root_id") REFERENCES "sendit"."roots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."directories" ADD CONSTRAINT "directories_root_id_roots_id_fk" FOREIGN KEY ("root_id") REFERENCES "sendit"."roots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."findings" ADD CONSTRAINT "findings_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."instances" ADD CONSTRAINT "instances_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."instances" ADD CONSTRAINT "instances_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "sendit"."series"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."manifest_parts" ADD CONSTRAINT "manifest_parts_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."outbox" ADD CONSTRAINT "outbox_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."outbox" ADD CONSTRAINT "outbox_action_id_actions_id_fk" FOREIGN KEY ("action_id") REFERENCES "sendit"."actions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."outbox" ADD CONSTRAINT "outbox_root_id_roots_id_fk" FOREIGN KEY ("root_id") REFERENCES "sendit"."roots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."quarantined_files" ADD CONSTRAINT "quarantined_files_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."series" ADD CONSTRAINT "series_study_id_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "sendit"."studies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."series" ADD CONSTRAINT "series_scope_batch_id_batches_id_fk" FOREIGN KEY ("scope_batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."studies" ADD CONSTRAINT "studies_scope_batch_id_batches_id_fk" FOREIGN KEY ("scope_batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "actions_open" ON "sendit"."actions" USING btree ("state","batch_id") WHERE state <> 'done';--> statement-breakpoint
CREATE INDEX "audit_batch" ON "sendit"."audit" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "audit_directory" ON "sendit"."audit" USING btree ("root_id","relative_path");--> statement-breakpoint
CREATE INDEX "batches_status" ON "sendit"."batches" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "batches_name" ON "sendit"."batches" USING btree ("name");--> statement-breakpoint
CREATE INDEX "batches_there" ON "sendit"."batches" USING btree ("root_id","relative_path") WHERE vanished_at is null;--> statement-breakpoint
CREATE INDEX "findings_batch" ON "sendit"."findings" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "instances_series" ON "sendit"."instances" USING btree ("series_id");--> statement-breakpoint
CREATE UNIQUE INDEX "instances_first" ON "sendit"."instances" USING btree ("sop_instance_uid" text_pattern_ops) WHERE standing = 'first';--> statement-breakpoint
CREATE INDEX "instances_duplicate" ON "sendit"."instances" USING btree ("sop_instance_uid" text_pattern_ops) WHERE standing = 'duplicate';--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_import" ON "sendit"."outbox" USING btree ("batch_id") WHERE kind = 'import-dicomdir';--> statement-breakpoint
CREATE INDEX "outbox_due" ON "sendit"."outbox" USING btree ("kind","root_id","due_at");--> statement-breakpoint
CREATE INDEX "outbox_batch" ON "sendit"."outbox" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "series_scope" ON "sendit"."series" USING btree ("scope_batch_id") WHERE scope_batch_id is not null;--> statement-breakpoint
CREATE INDEX "staged_instances_batch" ON "sendit"."staged_instances" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "studies_scope" ON "sendit"."studies" USING btree ("scope_batch_id") WHERE scope_batch_id is not null;