CREATE TABLE "sendit"."stated_series" (
	"batch_id" bigint NOT NULL,
	"series_id" bigint NOT NULL,
	"words" jsonb NOT NULL,
	CONSTRAINT "stated_series_batch_id_series_id_pk" PRIMARY KEY("batch_id","series_id")
);
--> statement-breakpoint
CREATE TABLE "sendit"."stated_studies" (
	"batch_id" bigint NOT NULL,
	"study_id" bigint NOT NULL,
	"words" jsonb NOT NULL,
	CONSTRAINT "stated_studies_batch_id_study_id_pk" PRIMARY KEY("batch_id","study_id")
);
--> statement-breakpoint
ALTER TABLE "sendit"."stated_series" ADD CONSTRAINT "stated_series_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."stated_series" ADD CONSTRAINT "stated_series_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "sendit"."series"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."stated_studies" ADD CONSTRAINT "stated_studies_batch_id_batches_id_fk" FOREIGN KEY ("batch_id") REFERENCES "sendit"."batches"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sendit"."stated_studies" ADD CONSTRAINT "stated_studies_study_id_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "sendit"."studies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "stated_series_series" ON "sendit"."stated_series" USING btree ("series_id");--> statement-breakpoint
CREATE INDEX "stated_studies_study" ON "sendit"."stated_studies" USING btree ("study_id");--> statement-breakpoint
CREATE INDEX "instances_cut" ON "sendit"."instances" USING btree ("sop_instance_uid" text_pattern_ops) WHERE is_whole = false;