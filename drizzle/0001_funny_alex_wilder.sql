CREATE TABLE "domain_claims" (
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"supported_services" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "domain_claims_tenant_id_name_pk" PRIMARY KEY("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "removed_links" (
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"target_id" uuid NOT NULL,
	"changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"removed_date_time" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "removed_links_tenant_id_kind_owner_id_target_id_pk" PRIMARY KEY("tenant_id","kind","owner_id","target_id")
);
--> statement-breakpoint
CREATE TABLE "removed_objects" (
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"id" uuid NOT NULL,
	"changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"removed_date_time" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "removed_objects_tenant_id_kind_id_pk" PRIMARY KEY("tenant_id","kind","id")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "fax_number" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_type" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_hire_date" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_leave_date_time" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_cost_center" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_division" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "age_group" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "consent_provided_for_minor" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "show_in_address_list" boolean;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "password_policies" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "preferred_data_location" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "on_premises_immutable_id" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "extension_attributes" jsonb;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "profile" jsonb;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "manager_id" uuid;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "property_xids" jsonb;--> statement-breakpoint
ALTER TABLE "domains" ADD COLUMN "supported_services" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "profile" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "removed_links_changed" ON "removed_links" USING btree ("tenant_id","kind","changed_xid","owner_id");--> statement-breakpoint
CREATE INDEX "removed_links_old" ON "removed_links" USING btree ("tenant_id","removed_date_time");--> statement-breakpoint
CREATE INDEX "removed_objects_changed" ON "removed_objects" USING btree ("tenant_id","kind","changed_xid","id");--> statement-breakpoint
CREATE INDEX "removed_objects_old" ON "removed_objects" USING btree ("tenant_id","removed_date_time");--> statement-breakpoint
CREATE INDEX "user_sponsors_of" ON "user_sponsors" USING btree ("tenant_id","sponsor_id","user_id");--> statement-breakpoint
CREATE INDEX "users_changed" ON "users" USING btree ("tenant_id","changed_xid","id");--> statement-breakpoint
CREATE INDEX "users_reports" ON "users" USING btree ("tenant_id","manager_id") WHERE manager_id is not null;--> statement-breakpoint
CREATE INDEX "users_deleted" ON "users" USING btree ("tenant_id","deleted_date_time","id") WHERE deleted_date_time is not null;