ALTER TABLE "sendit"."batches" ADD COLUMN "renamed_to" text;--> statement-breakpoint
CREATE INDEX "batches_renamed" ON "sendit"."batches" USING btree ("root_id","renamed_to") WHERE renamed_to is not null;--> statement-breakpoint
CREATE INDEX "batches_digest" ON "sendit"."batches" USING hash ("manifest_digest");