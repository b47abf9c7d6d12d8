CREATE TABLE "known_identities" (
	"tenant_id" uuid NOT NULL,
	"identity_hash" "bytea" NOT NULL,
	"user_id" uuid NOT NULL,
	CONSTRAINT "known_identities_tenant_id_identity_hash_pk" PRIMARY KEY("tenant_id","identity_hash")
);
--> statement-breakpoint
ALTER TABLE "tenant_policies" ADD COLUMN "external_identities" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "browser_family" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_used_date_time" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "known_identities_anywhere" ON "known_identities" USING btree ("identity_hash","tenant_id");