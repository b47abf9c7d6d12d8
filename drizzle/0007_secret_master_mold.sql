CREATE TABLE "directory_values" (
	"tenant_id" uuid NOT NULL,
	"property" text NOT NULL,
	"value" text collate "C" NOT NULL,
	"object_id" uuid NOT NULL,
	CONSTRAINT "directory_values_tenant_id_property_value_object_id_pk" PRIMARY KEY("tenant_id","property","value","object_id")
);
--> statement-breakpoint
CREATE TABLE "past_sign_ins" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"last_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "past_sign_ins_tenant_id_user_id_pk" PRIMARY KEY("tenant_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "extension_properties" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"app_id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_folded" text NOT NULL,
	"data_type" text NOT NULL,
	"is_multi_valued" boolean NOT NULL,
	"target_objects" text[] NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "extension_properties_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "open_extensions" (
	"tenant_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"name_folded" text NOT NULL,
	"name" text NOT NULL,
	"app_id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	CONSTRAINT "open_extensions_tenant_id_owner_id_name_folded_pk" PRIMARY KEY("tenant_id","owner_id","name_folded")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "extension_values" jsonb;--> statement-breakpoint
ALTER TABLE "domains" ADD COLUMN "is_promoted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "groups" ADD COLUMN "extension_values" jsonb;--> statement-breakpoint
CREATE INDEX "directory_values_of_object" ON "directory_values" USING btree ("tenant_id","object_id","property");--> statement-breakpoint
CREATE UNIQUE INDEX "extension_properties_name" ON "extension_properties" USING btree ("tenant_id","name_folded");