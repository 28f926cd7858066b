ALTER TABLE "sendit"."batches" ADD COLUMN "unreadable_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sendit"."batches" ADD COLUMN "read_retries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sendit"."batches" ADD COLUMN "accepted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sendit"."roots" ADD COLUMN "finding_policy" jsonb;