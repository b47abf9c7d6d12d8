CREATE TABLE "authentication_methods" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"display_name" text,
	"created_date_time" timestamp with time zone NOT NULL,
	"last_used_date_time" timestamp with time zone,
	"secret" "bytea",
	"last_time_step" bigint,
	"phone_number" text,
	"credential_id" text,
	"public_key" "bytea",
	"sign_count" bigint,
	"transports" text[],
	"aa_guid" text,
	"is_backed_up" boolean,
	CONSTRAINT "authentication_methods_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "authentication_methods_whole" CHECK (case "authentication_methods"."kind"
        when 'softwareOath' then "authentication_methods"."secret" is not null and "authentication_methods"."last_time_step" is not null
        when 'phone' then "authentication_methods"."phone_number" is not null
        when 'fido2' then "authentication_methods"."credential_id" is not null and "authentication_methods"."public_key" is not null and "authentication_methods"."sign_count" is not null
        else false end)
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"set_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"used_date_time" timestamp with time zone,
	CONSTRAINT "recovery_codes_tenant_id_user_id_set_id_position_pk" PRIMARY KEY("tenant_id","user_id","set_id","position")
);
--> statement-breakpoint
CREATE TABLE "second_step_failures" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "second_step_failures_tenant_id_user_id_id_pk" PRIMARY KEY("tenant_id","user_id","id")
);
--> statement-breakpoint
ALTER TABLE "tenant_policies" ADD COLUMN "guest_authentication" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "passcodes" ADD COLUMN "channel" text DEFAULT 'mail' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "amr" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "home_claims" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "codes_to_keep" uuid;--> statement-breakpoint
CREATE INDEX "authentication_methods_of_user" ON "authentication_methods" USING btree ("tenant_id","user_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "authentication_methods_credential" ON "authentication_methods" USING btree ("tenant_id","credential_id");--> statement-breakpoint
CREATE INDEX "second_step_failures_ending" ON "second_step_failures" USING btree ("tenant_id","created_date_time");