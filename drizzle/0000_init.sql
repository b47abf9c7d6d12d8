CREATE TABLE "application_credentials" (
	"tenant_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"key_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"secret_hmac" "bytea",
	"hint" text,
	"public_jwk" jsonb,
	"display_name" text,
	"start_date_time" timestamp with time zone NOT NULL,
	"end_date_time" timestamp with time zone,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "application_credentials_tenant_id_application_id_key_id_pk" PRIMARY KEY("tenant_id","application_id","key_id"),
	CONSTRAINT "application_credentials_kind" CHECK (kind in ('secret', 'key')),
	CONSTRAINT "application_credentials_secret" CHECK ((kind = 'secret') = (secret_hmac is not null and hint is not null)),
	CONSTRAINT "application_credentials_key" CHECK ((kind = 'key') = (public_jwk is not null)),
	CONSTRAINT "application_credentials_period" CHECK (end_date_time > start_date_time)
);
--> statement-breakpoint
CREATE TABLE "applications" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"app_id" uuid NOT NULL,
	"service_principal_id" uuid NOT NULL,
	"display_name" text NOT NULL,
	"account_enabled" boolean DEFAULT true NOT NULL,
	"permissions" text[] DEFAULT '{}' NOT NULL,
	"tokens_valid_from" timestamp with time zone,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "applications_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"activity_date_time" timestamp with time zone NOT NULL,
	"activity_display_name" text NOT NULL,
	"category" text NOT NULL,
	"logged_by_service" text NOT NULL,
	"result" text NOT NULL,
	"initiated_by" jsonb NOT NULL,
	"target_id" uuid,
	"additional_details" jsonb,
	CONSTRAINT "audit_events_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "directory_role_assignments" (
	"tenant_id" uuid NOT NULL,
	"principal_id" uuid NOT NULL,
	"role_template_id" uuid NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "directory_role_assignments_tenant_id_principal_id_role_template_id_pk" PRIMARY KEY("tenant_id","principal_id","role_template_id")
);
--> statement-breakpoint
CREATE TABLE "user_identities" (
	"tenant_id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"issuer_assigned_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"sign_in_type" text NOT NULL,
	CONSTRAINT "user_identities_tenant_id_issuer_issuer_assigned_id_pk" PRIMARY KEY("tenant_id","issuer","issuer_assigned_id")
);
--> statement-breakpoint
CREATE TABLE "user_other_mails" (
	"tenant_id" uuid NOT NULL,
	"address_folded" text NOT NULL,
	"user_id" uuid NOT NULL,
	CONSTRAINT "user_other_mails_tenant_id_address_folded_user_id_pk" PRIMARY KEY("tenant_id","address_folded","user_id")
);
--> statement-breakpoint
CREATE TABLE "user_sponsors" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"sponsor_id" uuid NOT NULL,
	"ordinal" smallint NOT NULL,
	CONSTRAINT "user_sponsors_tenant_id_user_id_sponsor_id_pk" PRIMARY KEY("tenant_id","user_id","sponsor_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_principal_name" text NOT NULL,
	"user_principal_name_folded" text GENERATED ALWAYS AS (lower(user_principal_name)) STORED NOT NULL,
	"display_name" text NOT NULL,
	"mail" text,
	"mail_folded" text,
	"mail_nickname" text,
	"other_mails" text[],
	"user_type" text NOT NULL,
	"creation_type" text,
	"external_user_state" text,
	"external_user_state_change_date_time" timestamp with time zone,
	"account_enabled" boolean DEFAULT true NOT NULL,
	"given_name" text,
	"surname" text,
	"job_title" text,
	"mobile_phone" text,
	"business_phones" text[] DEFAULT '{}' NOT NULL,
	"office_location" text,
	"preferred_language" text,
	"company_name" text,
	"department" text,
	"employee_id" text,
	"city" text,
	"state" text,
	"country" text,
	"postal_code" text,
	"street_address" text,
	"usage_location" text,
	"created_date_time" timestamp with time zone NOT NULL,
	"deleted_date_time" timestamp with time zone,
	"sign_in_sessions_valid_from_date_time" timestamp with time zone,
	CONSTRAINT "users_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "users_user_type" CHECK (user_type in ('Guest', 'Member')),
	CONSTRAINT "users_state" CHECK (external_user_state in ('PendingAcceptance', 'Accepted')),
	CONSTRAINT "users_mail_is_folded" CHECK ((mail is null) = (mail_folded is null))
);
--> statement-breakpoint
CREATE TABLE "invitation_mails" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"invitation_id" uuid NOT NULL,
	"recipient_folded" text NOT NULL,
	"inviter_id" uuid NOT NULL,
	"inviter_kind" text NOT NULL,
	"state" text NOT NULL,
	"state_date_time" timestamp with time zone NOT NULL,
	"provider_message_id" text,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "invitation_mails_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"invited_user_email_address" text NOT NULL,
	"address_folded" text NOT NULL,
	"invited_user_display_name" text,
	"invited_user_type" text NOT NULL,
	"invite_redirect_url" text NOT NULL,
	"send_invitation_message" boolean NOT NULL,
	"message_language" text,
	"customized_message_body" text,
	"cc_name" text,
	"cc_address" text,
	"contact_url" text,
	"reset_redemption" boolean NOT NULL,
	"status" text NOT NULL,
	"ticket_version" integer DEFAULT 1 NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone,
	"redeemed_date_time" timestamp with time zone,
	"ended_date_time" timestamp with time zone,
	"inviter_kind" text NOT NULL,
	"inviter_id" uuid NOT NULL,
	"inviter_name" text NOT NULL,
	"inviter_mail" text,
	"sent_count" integer DEFAULT 0 NOT NULL,
	"last_sent_date_time" timestamp with time zone,
	"delivery_state" text,
	"delivery_reason" text,
	"delivery_date_time" timestamp with time zone,
	"history" jsonb NOT NULL,
	CONSTRAINT "invitations_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "invitations_status" CHECK (status in ('pending', 'completed', 'expired', 'revoked', 'error')),
	CONSTRAINT "invitations_redeemed" CHECK ((status = 'completed') = (redeemed_date_time is not null))
);
--> statement-breakpoint
CREATE TABLE "mail_blocks" (
	"tenant_id" uuid NOT NULL,
	"address_folded" text NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "mail_blocks_tenant_id_address_folded_pk" PRIMARY KEY("tenant_id","address_folded")
);
--> statement-breakpoint
CREATE TABLE "mailbox_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"to" text[] NOT NULL,
	"cc" text[] NOT NULL,
	"from" text NOT NULL,
	"reply_to" text,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"headers" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tenant_policies" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"authorization" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"invitation_domains" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_state" (
	"tenant_id" uuid NOT NULL,
	"model" text NOT NULL,
	"id" text NOT NULL,
	"payload" jsonb NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "provider_state_tenant_id_model_id_pk" PRIMARY KEY("tenant_id","model","id")
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"tenant_id" uuid NOT NULL,
	"kid" text NOT NULL,
	"private_key_sealed" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone,
	CONSTRAINT "signing_keys_tenant_id_kid_pk" PRIMARY KEY("tenant_id","kid")
);
--> statement-breakpoint
CREATE TABLE "passcodes" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"browser_hash" "bytea" NOT NULL,
	"subject" text NOT NULL,
	"address" text NOT NULL,
	"address_folded" text NOT NULL,
	"language" text NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"client_address" text NOT NULL,
	"tries_left" smallint NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	"used_date_time" timestamp with time zone,
	CONSTRAINT "passcodes_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"tenant_id" uuid NOT NULL,
	"handle_hash" "bytea" NOT NULL,
	"user_id" uuid NOT NULL,
	"address_folded" text NOT NULL,
	"address" text NOT NULL,
	"authentication_method" text NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "sessions_tenant_id_handle_hash_pk" PRIMARY KEY("tenant_id","handle_hash")
);
--> statement-breakpoint
CREATE TABLE "domains" (
	"name" text PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"is_verified" boolean NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"initial_domain" text NOT NULL,
	"default_domain" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"notification_language" text,
	"privacy_statement_url" text,
	"contact_address" text,
	"brand_colour" text,
	"logo" jsonb,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" uuid NOT NULL,
	"key_hash" "bytea" NOT NULL,
	"request_hash" "bytea" NOT NULL,
	"resource_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_key_hash_pk" PRIMARY KEY("tenant_id","key_hash")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"topic" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"available_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "application_credentials" ADD CONSTRAINT "application_credentials_application" FOREIGN KEY ("tenant_id","application_id") REFERENCES "public"."applications"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "domains" ADD CONSTRAINT "domains_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "applications_app_id" ON "applications" USING btree ("tenant_id","app_id");--> statement-breakpoint
CREATE UNIQUE INDEX "applications_service_principal" ON "applications" USING btree ("tenant_id","service_principal_id");--> statement-breakpoint
CREATE INDEX "user_identities_of_user" ON "user_identities" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "user_other_mails_of_user" ON "user_other_mails" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_mail" ON "users" USING btree ("tenant_id","mail_folded") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_user_principal_name" ON "users" USING btree ("tenant_id","user_principal_name_folded");--> statement-breakpoint
CREATE INDEX "users_never_redeemed" ON "users" USING btree ("tenant_id","created_date_time") WHERE external_user_state = 'PendingAcceptance' and deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "invitation_mails_to" ON "invitation_mails" USING btree ("tenant_id","recipient_folded","created_date_time");--> statement-breakpoint
CREATE INDEX "invitation_mails_by_inviter" ON "invitation_mails" USING btree ("tenant_id","inviter_id","created_date_time");--> statement-breakpoint
CREATE INDEX "invitations_of_user" ON "invitations" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "invitations_by_address" ON "invitations" USING btree ("tenant_id","address_folded","id");--> statement-breakpoint
CREATE INDEX "invitations_by_status" ON "invitations" USING btree ("tenant_id","status","id");--> statement-breakpoint
CREATE INDEX "invitations_lapsing" ON "invitations" USING btree ("tenant_id","expires_date_time") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "mailbox_messages_newest" ON "mailbox_messages" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "mailbox_messages_to" ON "mailbox_messages" USING btree (lower("to"[1]));--> statement-breakpoint
CREATE INDEX "provider_state_expires_at" ON "provider_state" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "signing_keys_active" ON "signing_keys" USING btree ("tenant_id") WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "passcodes_of_browser" ON "passcodes" USING btree ("tenant_id","browser_hash","subject","id");--> statement-breakpoint
CREATE INDEX "passcodes_to" ON "passcodes" USING btree ("tenant_id","address_folded","created_date_time");--> statement-breakpoint
CREATE INDEX "passcodes_from" ON "passcodes" USING btree ("tenant_id","client_address","created_date_time");--> statement-breakpoint
CREATE INDEX "sessions_of_user" ON "sessions" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "sessions_ending" ON "sessions" USING btree ("tenant_id","expires_date_time");--> statement-breakpoint
CREATE INDEX "domains_of_tenant" ON "domains" USING btree ("tenant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "domains_folded" ON "domains" USING btree (lower("name"));--> statement-breakpoint
CREATE INDEX "idempotency_keys_ending" ON "idempotency_keys" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("topic","available_at");