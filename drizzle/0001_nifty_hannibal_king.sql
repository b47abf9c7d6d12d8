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
ALTER TABLE "users" ADD COLUMN "changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "property_xids" jsonb;--> statement-breakpoint
CREATE INDEX "removed_links_changed" ON "removed_links" USING btree ("tenant_id","kind","changed_xid","owner_id");--> statement-breakpoint
CREATE INDEX "removed_links_old" ON "removed_links" USING btree ("tenant_id","removed_date_time");--> statement-breakpoint
CREATE INDEX "removed_objects_changed" ON "removed_objects" USING btree ("tenant_id","kind","changed_xid","id");--> statement-breakpoint
CREATE INDEX "removed_objects_old" ON "removed_objects" USING btree ("tenant_id","removed_date_time");--> statement-breakpoint
CREATE INDEX "users_changed" ON "users" USING btree ("tenant_id","changed_xid","id");