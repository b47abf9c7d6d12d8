CREATE TABLE "custom_attributes" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_folded" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text,
	"data_type" text NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "custom_attributes_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "extensions_applications" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"app_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_flow_applications" (
	"tenant_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"app_id" uuid NOT NULL,
	"flow_id" uuid NOT NULL,
	CONSTRAINT "user_flow_applications_tenant_id_application_id_pk" PRIMARY KEY("tenant_id","application_id")
);
--> statement-breakpoint
CREATE TABLE "user_flow_approvers" (
	"tenant_id" uuid NOT NULL,
	"flow_id" uuid NOT NULL,
	"approver_id" uuid NOT NULL,
	"approver_type" text NOT NULL,
	CONSTRAINT "user_flow_approvers_tenant_id_flow_id_approver_id_pk" PRIMARY KEY("tenant_id","flow_id","approver_id"),
	CONSTRAINT "user_flow_approvers_type" CHECK (approver_type in ('User', 'Group'))
);
--> statement-breakpoint
CREATE TABLE "user_flow_assignments" (
	"tenant_id" uuid NOT NULL,
	"flow_id" uuid NOT NULL,
	"attribute_id" text NOT NULL,
	"id" uuid NOT NULL,
	"position" integer NOT NULL,
	"display_name" text,
	"is_optional" boolean NOT NULL,
	"requires_verification" boolean NOT NULL,
	"user_input_type" text NOT NULL,
	"user_attribute_values" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"default_value" text,
	"validation" jsonb,
	CONSTRAINT "user_flow_assignments_tenant_id_flow_id_attribute_id_pk" PRIMARY KEY("tenant_id","flow_id","attribute_id")
);
--> statement-breakpoint
CREATE TABLE "user_flow_providers" (
	"tenant_id" uuid NOT NULL,
	"flow_id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "user_flow_providers_tenant_id_flow_id_provider_id_pk" PRIMARY KEY("tenant_id","flow_id","provider_id")
);
--> statement-breakpoint
CREATE TABLE "user_flows" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_folded" text NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"requires_approval" boolean DEFAULT false NOT NULL,
	"terms_of_use_url" text,
	"default_language" text NOT NULL,
	"post_federation_signup" uuid,
	"post_attribute_collection" uuid,
	"created_date_time" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "user_flows_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "user_flow_languages" (
	"tenant_id" uuid NOT NULL,
	"flow_id" uuid NOT NULL,
	"language" text NOT NULL,
	"is_enabled" boolean NOT NULL,
	CONSTRAINT "user_flow_languages_tenant_id_flow_id_language_pk" PRIMARY KEY("tenant_id","flow_id","language")
);
--> statement-breakpoint
CREATE TABLE "user_flow_pages" (
	"tenant_id" uuid NOT NULL,
	"flow_id" uuid NOT NULL,
	"language" text NOT NULL,
	"page_id" text NOT NULL,
	"content" jsonb NOT NULL,
	CONSTRAINT "user_flow_pages_tenant_id_flow_id_language_page_id_pk" PRIMARY KEY("tenant_id","flow_id","language","page_id")
);
--> statement-breakpoint
ALTER TABLE "tenant_policies" ADD COLUMN "authentication_flows" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "user_flow_applications" ADD CONSTRAINT "user_flow_applications_flow" FOREIGN KEY ("tenant_id","flow_id") REFERENCES "public"."user_flows"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_flow_applications" ADD CONSTRAINT "user_flow_applications_application" FOREIGN KEY ("tenant_id","application_id") REFERENCES "public"."applications"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_flow_approvers" ADD CONSTRAINT "user_flow_approvers_flow" FOREIGN KEY ("tenant_id","flow_id") REFERENCES "public"."user_flows"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_flow_assignments" ADD CONSTRAINT "user_flow_assignments_flow" FOREIGN KEY ("tenant_id","flow_id") REFERENCES "public"."user_flows"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_flow_providers" ADD CONSTRAINT "user_flow_providers_flow" FOREIGN KEY ("tenant_id","flow_id") REFERENCES "public"."user_flows"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_flow_languages" ADD CONSTRAINT "user_flow_languages_flow" FOREIGN KEY ("tenant_id","flow_id") REFERENCES "public"."user_flows"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_flow_pages" ADD CONSTRAINT "user_flow_pages_flow" FOREIGN KEY ("tenant_id","flow_id") REFERENCES "public"."user_flows"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "custom_attributes_name" ON "custom_attributes" USING btree ("tenant_id","name_folded");--> statement-breakpoint
CREATE UNIQUE INDEX "user_flow_applications_client" ON "user_flow_applications" USING btree ("tenant_id","app_id");--> statement-breakpoint
CREATE INDEX "user_flow_applications_of" ON "user_flow_applications" USING btree ("tenant_id","flow_id");--> statement-breakpoint
CREATE UNIQUE INDEX "user_flow_assignments_id" ON "user_flow_assignments" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "user_flow_assignments_of" ON "user_flow_assignments" USING btree ("tenant_id","attribute_id");--> statement-breakpoint
CREATE INDEX "user_flow_providers_of" ON "user_flow_providers" USING btree ("tenant_id","provider_id");--> statement-breakpoint
CREATE UNIQUE INDEX "user_flows_name" ON "user_flows" USING btree ("tenant_id","name_folded");--> statement-breakpoint
CREATE INDEX "user_flows_of_first_connector" ON "user_flows" USING btree ("tenant_id","post_federation_signup");--> statement-breakpoint
CREATE INDEX "user_flows_of_second_connector" ON "user_flows" USING btree ("tenant_id","post_attribute_collection");