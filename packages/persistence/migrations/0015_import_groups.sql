ALTER TABLE "sendit"."outbox" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "sendit"."outbox" ADD COLUMN "is_found" boolean DEFAULT false NOT NULL;