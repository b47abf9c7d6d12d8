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
CREATE UNIQUE INDEX "connection_tests_link" ON "connection_tests" USING btree ("tenant_id","link_hash");--> statement-breakpoint
CREATE INDEX "connection_tests_old" ON "connection_tests" USING btree ("tenant_id","created_date_time");