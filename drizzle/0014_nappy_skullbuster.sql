CREATE TABLE "connection_tests" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"link_hash" "bytea" NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	"opened_date_time" timestamp with time zone,
	"result_sealed" "bytea",
	CONSTRAINT "connection_tests_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
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
DROP INDEX "sessions_of_user";--> statement-breakpoint
ALTER TABLE "passcodes" ADD COLUMN "digits" smallint DEFAULT 8 NOT NULL;--> statement-breakpoint
ALTER TABLE "passcodes" ADD COLUMN "user_id" uuid;--> statement-breakpoint
ALTER TABLE "redemption_orders" ADD COLUMN "local_enabled" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD COLUMN "error_code" integer GENERATED ALWAYS AS (case outcome when 'ok' then 0 when 'wrong' then 50126 when 'wrongPassword' then 50126 when 'wrongPasskey' then 50126 when 'limited' then 50053 when 'expired' then 50089 when 'usedUp' then 50053 when 'blocked' then 50020 when 'disabled' then 50057 when 'ended' then 50055 when 'noAccount' then 50034 when 'wrongAccount' then 50020 when 'mfaRequired' then 50074 when 'mfaFailed' then 500121 when 'mfaExpired' then 500121 when 'notAssigned' then 50105 when 'unreachable' then 90033 when 'cancelled' then 65004 when 'clock' then 50013 when 'refused' then 50013 when 'misconfigured' then 50107 when 'lost' then 50089 when 'unverified' then 50020 when 'unknownThere' then 50034 else 50000 end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD COLUMN "application_name" text;--> statement-breakpoint
CREATE UNIQUE INDEX "connection_tests_link" ON "connection_tests" USING btree ("tenant_id","link_hash");--> statement-breakpoint
CREATE INDEX "connection_tests_old" ON "connection_tests" USING btree ("tenant_id","created_date_time");--> statement-breakpoint
CREATE INDEX "password_tries_of" ON "password_tries" USING btree ("tenant_id","address_folded","created_date_time");--> statement-breakpoint
CREATE INDEX "password_tries_from" ON "password_tries" USING btree ("tenant_id","client_address","created_date_time");--> statement-breakpoint
CREATE INDEX "password_tries_ending" ON "password_tries" USING btree ("tenant_id","created_date_time");--> statement-breakpoint
CREATE INDEX "passcodes_for" ON "passcodes" USING btree ("tenant_id","user_id","created_date_time") WHERE "passcodes"."user_id" is not null;--> statement-breakpoint
CREATE INDEX "passcodes_by_text" ON "passcodes" USING btree ("tenant_id","created_date_time") WHERE "passcodes"."channel" = 'sms';--> statement-breakpoint
CREATE INDEX "past_sign_ins_last" ON "past_sign_ins" USING btree ("tenant_id","last_date_time","user_id");--> statement-breakpoint
CREATE INDEX "sessions_begun" ON "sessions" USING btree ("tenant_id","created_date_time","user_id");--> statement-breakpoint
CREATE INDEX "sign_ins_of_application" ON "sign_ins" USING btree ("tenant_id","application_id","id") WHERE "sign_ins"."application_id" is not null;--> statement-breakpoint
CREATE INDEX "sign_ins_failed" ON "sign_ins" USING btree ("tenant_id","error_code","id") WHERE "sign_ins"."error_code" <> 0;--> statement-breakpoint
CREATE INDEX "sessions_of_user" ON "sessions" USING btree ("tenant_id","user_id","created_date_time");