CREATE TABLE "access_reminders" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"access_end_date_time" timestamp with time zone NOT NULL,
	"days" smallint NOT NULL,
	"recipient_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	CONSTRAINT "access_reminders_tenant_id_user_id_access_end_date_time_days_recipient_id_pk" PRIMARY KEY("tenant_id","user_id","access_end_date_time","days","recipient_id")
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"user_id" uuid NOT NULL,
	"identifier" text NOT NULL,
	"provider" text NOT NULL,
	"method" text NOT NULL,
	"outcome" text NOT NULL,
	"client_address" text,
	"correlation_id" uuid,
	"application_id" uuid,
	CONSTRAINT "sign_ins_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "access_end_date_time" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "access_reminders_id" ON "access_reminders" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "sign_ins_of_user" ON "sign_ins" USING btree ("tenant_id","user_id","id");--> statement-breakpoint
CREATE INDEX "users_access_ends" ON "users" USING btree ("tenant_id","access_end_date_time","id") WHERE access_end_date_time is not null and deleted_date_time is null;