ALTER TABLE "sendit"."instances" ADD COLUMN "dataset_bytes" bigint;--> statement-breakpoint
ALTER TABLE "sendit"."instances" ADD COLUMN "is_whole" boolean;--> statement-breakpoint
ALTER TABLE "sendit"."staged_instances" ADD COLUMN "dataset_bytes" bigint;--> statement-breakpoint
ALTER TABLE "sendit"."staged_instances" ADD COLUMN "is_whole" boolean;