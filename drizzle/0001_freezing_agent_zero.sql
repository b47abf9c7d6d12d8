CREATE TABLE "search_pending" (
	"tenant_id" uuid NOT NULL,
	"source" text NOT NULL,
	"object_id" uuid NOT NULL,
	"xid" bigint DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
	CONSTRAINT "search_pending_tenant_id_source_object_id_xid_pk" PRIMARY KEY("tenant_id","source","object_id","xid")
);
--> statement-breakpoint
CREATE TABLE "search_words" (
	"tenant_id" uuid NOT NULL,
	"field" text NOT NULL,
	"word" text collate "C" NOT NULL,
	"object_id" uuid NOT NULL,
	CONSTRAINT "search_words_tenant_id_field_word_object_id_pk" PRIMARY KEY("tenant_id","field","word","object_id")
);
--> statement-breakpoint
ALTER TABLE "invitations" ALTER COLUMN "address_folded" SET DATA TYPE text collate "C";--> statement-breakpoint
CREATE INDEX "search_words_of_object" ON "search_words" USING btree ("tenant_id","object_id","field","word");