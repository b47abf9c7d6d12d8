CREATE TABLE "saml_keys" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"private_key_sealed" "bytea" NOT NULL,
	"certificate" text NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "saml_keys_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_in_flows" (
	"tenant_id" uuid NOT NULL,
	"id" "bytea" NOT NULL,
	"browser_hash" "bytea" NOT NULL,
	"purpose" jsonb NOT NULL,
	"home" jsonb NOT NULL,
	"secrets_sealed" "bytea" NOT NULL,
	"status" text NOT NULL,
	"answer" text,
	"outcome" jsonb,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_in_flows_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "used_assertions" (
	"tenant_id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"assertion_id" text NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "used_assertions_tenant_id_issuer_assertion_id_pk" PRIMARY KEY("tenant_id","issuer","assertion_id")
);
--> statement-breakpoint
CREATE TABLE "identity_providers" (
	"tenant_id" uuid NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"display_name" text NOT NULL,
	"issuer" text,
	"well_known_endpoint" text,
	"client_id" text,
	"client_secret_sealed" "bytea",
	"scope" text,
	"email_claim" text,
	"email_verified_claim" text,
	"passive_sign_in_uri" text,
	"metadata_exchange_uri" text,
	"signing_certificates" text[],
	"metadata_read_date_time" timestamp with time zone,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "identity_providers_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "provider_domains" (
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"provider_id" text NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "provider_domains_tenant_id_name_pk" PRIMARY KEY("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "redemption_orders" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"passcode_enabled" boolean DEFAULT true NOT NULL,
	"precedence" text[],
	"fallback" text,
	"passcode_domains" text[]
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "identity_issuer" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "identity_subject" text;--> statement-breakpoint
CREATE INDEX "sign_in_flows_ending" ON "sign_in_flows" USING btree ("tenant_id","expires_date_time");--> statement-breakpoint
CREATE INDEX "used_assertions_ending" ON "used_assertions" USING btree ("tenant_id","expires_date_time");--> statement-breakpoint
CREATE UNIQUE INDEX "identity_providers_issuer" ON "identity_providers" USING btree ("tenant_id","issuer");--> statement-breakpoint
CREATE INDEX "provider_domains_of" ON "provider_domains" USING btree ("tenant_id","provider_id");