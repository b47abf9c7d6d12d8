CREATE TABLE "app_role_assignments" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"resource_id" uuid NOT NULL,
	"principal_id" uuid NOT NULL,
	"principal_type" text NOT NULL,
	"app_role_id" uuid NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "app_role_assignments_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "app_role_assignments_type" CHECK (principal_type in ('User', 'Group', 'ServicePrincipal'))
);
--> statement-breakpoint
CREATE TABLE "application_owners" (
	"tenant_id" uuid NOT NULL,
	"object_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"owner_type" text NOT NULL,
	CONSTRAINT "application_owners_tenant_id_object_id_owner_id_pk" PRIMARY KEY("tenant_id","object_id","owner_id"),
	CONSTRAINT "application_owners_type" CHECK (owner_type in ('user', 'servicePrincipal'))
);
--> statement-breakpoint
CREATE TABLE "federated_identity_credentials" (
	"tenant_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"audiences" text[] NOT NULL,
	"description" text,
	CONSTRAINT "federated_identity_credentials_tenant_id_application_id_id_pk" PRIMARY KEY("tenant_id","application_id","id")
);
--> statement-breakpoint
CREATE TABLE "permission_grants" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"principal_id" uuid,
	"scopes" text[] NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "permission_grants_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "permission_grants_once" UNIQUE NULLS NOT DISTINCT("tenant_id","client_id","principal_id")
);
--> statement-breakpoint
CREATE TABLE "relying_party_sessions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"sid" text NOT NULL,
	"session_uid" text NOT NULL,
	"issuer" text NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	"ended_date_time" timestamp with time zone,
	CONSTRAINT "relying_party_sessions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "applications" ALTER COLUMN "service_principal_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "application_credentials" ADD COLUMN "is_of_principal" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "application_credentials" ADD COLUMN "custom_key_identifier" "bytea";--> statement-breakpoint
ALTER TABLE "application_credentials" ADD COLUMN "certificate" "bytea";--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "display_name_folded" text collate "C" GENERATED ALWAYS AS (lower(display_name)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "unique_name" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "sign_in_audience" text DEFAULT 'AzureADMyOrg' NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "identifier_uris" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "tags" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "app_roles" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "api" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "web" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "spa" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "public_client" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "required_resource_access" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "group_membership_claims" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "is_fallback_public_client" boolean;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "app_role_assignment_required" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "profile" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "principal_profile" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "logo" "bytea";--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "logo_media_type" text;--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "created_by_app_id" uuid;--> statement-breakpoint
ALTER TABLE "provider_state" ADD COLUMN "grant_id" text;--> statement-breakpoint
ALTER TABLE "provider_state" ADD COLUMN "user_code" text;--> statement-breakpoint
ALTER TABLE "provider_state" ADD COLUMN "uid" text;--> statement-breakpoint
ALTER TABLE "federated_identity_credentials" ADD CONSTRAINT "federated_identity_credentials_application" FOREIGN KEY ("tenant_id","application_id") REFERENCES "public"."applications"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "app_role_assignments_once" ON "app_role_assignments" USING btree ("tenant_id","principal_id","resource_id","app_role_id");--> statement-breakpoint
CREATE INDEX "app_role_assignments_of_resource" ON "app_role_assignments" USING btree ("tenant_id","resource_id","id");--> statement-breakpoint
CREATE INDEX "app_role_assignments_of_principal" ON "app_role_assignments" USING btree ("tenant_id","principal_id","id");--> statement-breakpoint
CREATE INDEX "application_owners_of_owner" ON "application_owners" USING btree ("tenant_id","owner_id","object_id");--> statement-breakpoint
CREATE UNIQUE INDEX "federated_identity_credentials_name" ON "federated_identity_credentials" USING btree ("tenant_id","application_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "federated_identity_credentials_whose" ON "federated_identity_credentials" USING btree ("tenant_id","application_id","issuer","subject");--> statement-breakpoint
CREATE UNIQUE INDEX "relying_party_sessions_sid" ON "relying_party_sessions" USING btree ("tenant_id","client_id","sid");--> statement-breakpoint
CREATE INDEX "relying_party_sessions_of_user" ON "relying_party_sessions" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "relying_party_sessions_of_session" ON "relying_party_sessions" USING btree ("tenant_id","session_uid");--> statement-breakpoint
CREATE UNIQUE INDEX "applications_unique_name" ON "applications" USING btree ("tenant_id","unique_name");--> statement-breakpoint
CREATE INDEX "applications_display_name" ON "applications" USING btree ("tenant_id","display_name_folded","id");--> statement-breakpoint
CREATE INDEX "provider_state_grant" ON "provider_state" USING btree ("tenant_id","grant_id") WHERE grant_id is not null;--> statement-breakpoint
CREATE INDEX "provider_state_user_code" ON "provider_state" USING btree ("tenant_id","user_code") WHERE user_code is not null;--> statement-breakpoint
CREATE INDEX "provider_state_uid" ON "provider_state" USING btree ("tenant_id","uid") WHERE uid is not null;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_logo" CHECK ((logo is null) = (logo_media_type is null));