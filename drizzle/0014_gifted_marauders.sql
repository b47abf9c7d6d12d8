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
ALTER TABLE "redemption_orders" ADD COLUMN "local_enabled" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "password_tries_of" ON "password_tries" USING btree ("tenant_id","address_folded","created_date_time");--> statement-breakpoint
CREATE INDEX "password_tries_from" ON "password_tries" USING btree ("tenant_id","client_address","created_date_time");--> statement-breakpoint
CREATE INDEX "password_tries_ending" ON "password_tries" USING btree ("tenant_id","created_date_time");