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
CREATE TABLE "api_connectors" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"display_name" text NOT NULL,
	"target_url" text NOT NULL,
	"authentication" jsonb NOT NULL,
	"secret_sealed" "bytea",
	"is_fail_open" boolean DEFAULT false NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_failure_date_time" timestamp with time zone,
	"last_failure_reason" text,
	"open_until" timestamp with time zone,
	"openings" integer DEFAULT 0 NOT NULL,
	"probe_until" timestamp with time zone,
	CONSTRAINT "api_connectors_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_connector_certificates" (
	"tenant_id" uuid NOT NULL,
	"connector_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"thumbprint" text NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"not_after" timestamp with time zone NOT NULL,
	"pkcs12_sealed" "bytea" NOT NULL,
	CONSTRAINT "api_connector_certificates_tenant_id_connector_id_id_pk" PRIMARY KEY("tenant_id","connector_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_connector_exchanges" (
	"tenant_id" uuid NOT NULL,
	"connector_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"exchange" jsonb NOT NULL,
	CONSTRAINT "api_connector_exchanges_tenant_id_connector_id_id_pk" PRIMARY KEY("tenant_id","connector_id","id")
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
	"request_lifetime_days" integer,
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
CREATE TABLE "sign_up_mails" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"approver_id" uuid,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_up_mails_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_up_requests" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"flow_id" text NOT NULL,
	"state" text NOT NULL,
	"email" text NOT NULL,
	"email_folded" text collate "C" NOT NULL,
	"display_name" text,
	"issuer" text NOT NULL,
	"issuer_assigned_id" text NOT NULL,
	"answers" jsonb NOT NULL,
	"visitor" jsonb NOT NULL,
	"browser_hash" "bytea",
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	"decided_date_time" timestamp with time zone,
	"decided_by" jsonb,
	"reason" text,
	"user_id" uuid,
	CONSTRAINT "sign_up_requests_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "sign_up_requests_state" CHECK (state in ('pending', 'approved', 'denied', 'lapsed')),
	CONSTRAINT "sign_up_requests_is_decided" CHECK ((state = 'pending') = (decided_date_time is null)),
	CONSTRAINT "sign_up_requests_has_guest" CHECK ((state = 'approved') = (user_id is not null))
);
--> statement-breakpoint
CREATE TABLE "sign_up_runs" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"flow_id" text NOT NULL,
	"browser_hash" "bytea" NOT NULL,
	"session_hash" "bytea",
	"revision" integer DEFAULT 0 NOT NULL,
	"client_address" text NOT NULL,
	"proof" jsonb,
	"prefill" jsonb,
	"answers" jsonb,
	"overrides" jsonb,
	"notice" text,
	"agreed_to" text,
	"ending" jsonb,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_up_runs_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
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
CREATE INDEX "user_flows_of_second_connector" ON "user_flows" USING btree ("tenant_id","post_attribute_collection");--> statement-breakpoint
CREATE INDEX "sign_up_mails_to" ON "sign_up_mails" USING btree ("tenant_id","approver_id","created_date_time") WHERE approver_id is not null;--> statement-breakpoint
CREATE INDEX "sign_up_mails_about" ON "sign_up_mails" USING btree ("tenant_id","request_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sign_up_requests_open" ON "sign_up_requests" USING btree ("tenant_id","flow_id","issuer","issuer_assigned_id") WHERE state in ('pending', 'denied');--> statement-breakpoint
CREATE INDEX "sign_up_requests_of_flow" ON "sign_up_requests" USING btree ("tenant_id","flow_id","id");--> statement-breakpoint
CREATE INDEX "sign_up_requests_of_mailbox" ON "sign_up_requests" USING btree ("tenant_id","email_folded","id");--> statement-breakpoint
CREATE INDEX "sign_up_requests_due" ON "sign_up_requests" USING btree ("tenant_id","expires_date_time") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "sign_up_requests_settled" ON "sign_up_requests" USING btree ("tenant_id","decided_date_time") WHERE state in ('approved', 'lapsed');--> statement-breakpoint
CREATE UNIQUE INDEX "sign_up_runs_of_browser" ON "sign_up_runs" USING btree ("tenant_id","flow_id","browser_hash");--> statement-breakpoint
CREATE INDEX "sign_up_runs_of_client" ON "sign_up_runs" USING btree ("tenant_id","client_address","created_date_time");--> statement-breakpoint
CREATE INDEX "sign_up_runs_of_flow" ON "sign_up_runs" USING btree ("tenant_id","flow_id","created_date_time");--> statement-breakpoint
CREATE INDEX "sign_up_runs_ending" ON "sign_up_runs" USING btree ("tenant_id","expires_date_time");