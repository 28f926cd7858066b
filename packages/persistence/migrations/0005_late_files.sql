ALTER TABLE "sendit"."batches" ADD COLUMN "ignored_digest" text;--> statement-breakpoint
ALTER TABLE "sendit"."batches" ADD COLUMN "amend_since" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "batches_late" ON "sendit"."batches" USING btree ("id") WHERE ignored_digest is not null;--> statement-breakpoint
UPDATE "sendit"."batches" AS b SET "ignored_digest" = b."late_digest" WHERE b."late_digest" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "sendit"."batches" AS n WHERE n."root_id" = b."root_id" AND n."relative_path" = b."relative_path" AND n."generation" > b."generation");
