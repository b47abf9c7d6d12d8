ALTER TABLE "sign_in_flows" ADD COLUMN "network" text;--> statement-breakpoint
CREATE INDEX "sign_in_flows_of_network" ON "sign_in_flows" USING btree ("tenant_id","network","created_date_time") WHERE "sign_in_flows"."network" is not null;--> statement-breakpoint
CREATE INDEX "sign_in_flows_of_browser" ON "sign_in_flows" USING btree ("tenant_id","browser_hash","created_date_time") WHERE "sign_in_flows"."status" = 'started';--> statement-breakpoint
CREATE INDEX "sign_in_flows_unanswered" ON "sign_in_flows" USING btree ("tenant_id","expires_date_time") WHERE "sign_in_flows"."status" = 'started';