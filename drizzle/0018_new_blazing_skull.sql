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
