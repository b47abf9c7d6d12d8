CREATE TABLE "last_refreshes" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"last_date_time" timestamp with time zone NOT NULL,
	"last_line_id" uuid NOT NULL,
	"succeeded_date_time" timestamp with time zone,
	"succeeded_line_id" uuid,
	CONSTRAINT "last_refreshes_tenant_id_user_id_pk" PRIMARY KEY("tenant_id","user_id")
);
--> statement-breakpoint
DROP INDEX "sign_ins_failed";--> statement-breakpoint
ALTER TABLE "sign_ins" drop column "error_code";--> statement-breakpoint
ALTER TABLE "sign_ins" ADD COLUMN "error_code" integer GENERATED ALWAYS AS (case outcome when 'ok' then 0 when 'wrong' then 50126 when 'wrongPassword' then 50126 when 'wrongPasskey' then 50126 when 'limited' then 50053 when 'expired' then 50089 when 'usedUp' then 50053 when 'blocked' then 50020 when 'disabled' then 50057 when 'ended' then 50055 when 'noAccount' then 50034 when 'wrongAccount' then 50020 when 'mfaRequired' then 50074 when 'mfaFailed' then 500121 when 'mfaExpired' then 500121 when 'notAssigned' then 50105 when 'reused' then 70000 when 'codeReused' then 54005 when 'unreachable' then 90033 when 'cancelled' then 65004 when 'clock' then 50013 when 'refused' then 50013 when 'misconfigured' then 50107 when 'lost' then 50089 when 'unverified' then 50020 when 'unknownThere' then 50034 else 50000 end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_in_flows" ADD COLUMN "answer_bytes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_in_flows" ADD COLUMN "answer_network" text;--> statement-breakpoint
ALTER TABLE "sign_in_flows" ADD COLUMN "answered_date_time" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "last_refreshes_last" ON "last_refreshes" USING btree ("tenant_id","last_date_time","user_id");--> statement-breakpoint
CREATE INDEX "last_refreshes_succeeded" ON "last_refreshes" USING btree ("tenant_id","succeeded_date_time","user_id");--> statement-breakpoint
CREATE INDEX "sign_in_flows_waiting" ON "sign_in_flows" USING btree ("tenant_id","answer_network","answered_date_time","answer_bytes") WHERE "sign_in_flows"."answer_bytes" > 0;--> statement-breakpoint
CREATE INDEX "sign_in_flows_answered" ON "sign_in_flows" USING btree ("tenant_id","answer_network","answered_date_time") WHERE "sign_in_flows"."answer_network" is not null;--> statement-breakpoint
CREATE INDEX "sign_ins_by_error" ON "sign_ins" USING btree ("tenant_id","error_code","id") WHERE "sign_ins"."error_code" <> 0;