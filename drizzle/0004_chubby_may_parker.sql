CREATE TABLE "search_positions" (
	"tenant_id" uuid NOT NULL,
	"source" text NOT NULL,
	"changed_xid" "xid8" NOT NULL,
	"object_id" uuid NOT NULL,
	CONSTRAINT "search_positions_tenant_id_source_pk" PRIMARY KEY("tenant_id","source")
);
