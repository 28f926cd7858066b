ALTER TABLE "sendit"."roots" ADD COLUMN "mount" jsonb;--> statement-breakpoint
ALTER TABLE "sendit"."roots" ADD COLUMN "other_mount" jsonb;