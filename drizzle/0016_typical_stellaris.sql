DROP INDEX "applications_unique_name";--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "deleted_date_time" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "deleted_principal_id" uuid;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "principal_deleted_date_time" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "applications_deleted_principal" ON "applications" USING btree ("tenant_id","deleted_principal_id");--> statement-breakpoint
CREATE INDEX "applications_deleted" ON "applications" USING btree ("tenant_id","deleted_date_time") WHERE deleted_date_time is not null;--> statement-breakpoint
CREATE INDEX "applications_principal_deleted" ON "applications" USING btree ("tenant_id","principal_deleted_date_time") WHERE principal_deleted_date_time is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "applications_unique_name" ON "applications" USING btree ("tenant_id","unique_name") WHERE deleted_date_time is null;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_deleted" CHECK (deleted_date_time is null or service_principal_id is null);--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_deleted_principal" CHECK ((deleted_principal_id is null) = (principal_deleted_date_time is null)
        and (deleted_principal_id is null or service_principal_id is null));