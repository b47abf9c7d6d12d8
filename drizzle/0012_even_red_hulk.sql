ALTER TABLE "applications" ADD COLUMN "changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "property_xids" jsonb;--> statement-breakpoint
CREATE INDEX "applications_changed" ON "applications" USING btree ("tenant_id","changed_xid","id");