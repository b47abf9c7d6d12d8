CREATE TABLE "local_passwords" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"hash_sealed" "bytea" NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "local_passwords_tenant_id_user_id_pk" PRIMARY KEY("tenant_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "password_tries" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"address_folded" text NOT NULL,
	"client_address" text NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "password_tries_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "sign_ins" drop column "error_code";--> statement-breakpoint
ALTER TABLE "sign_ins" ADD COLUMN "error_code" integer GENERATED ALWAYS AS (case outcome when 'ok' then 0 when 'wrong' then 50126 when 'wrongPassword' then 50126 when 'wrongPasskey' then 50126 when 'limited' then 50053 when 'expired' then 50089 when 'usedUp' then 50053 when 'blocked' then 50020 when 'disabled' then 50057 when 'ended' then 50055 when 'noAccount' then 50034 when 'wrongAccount' then 50020 when 'mfaRequired' then 50074 when 'mfaFailed' then 500121 when 'mfaExpired' then 500121 when 'notAssigned' then 50105 when 'unreachable' then 90033 when 'cancelled' then 65004 when 'clock' then 50013 when 'refused' then 50013 when 'misconfigured' then 50107 when 'lost' then 50089 when 'unverified' then 50020 when 'unknownThere' then 50034 else 50000 end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "redemption_orders" ADD COLUMN "local_enabled" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "password_tries_of" ON "password_tries" USING btree ("tenant_id","address_folded","created_date_time");--> statement-breakpoint
CREATE INDEX "password_tries_from" ON "password_tries" USING btree ("tenant_id","client_address","created_date_time");--> statement-breakpoint
CREATE INDEX "password_tries_ending" ON "password_tries" USING btree ("tenant_id","created_date_time");