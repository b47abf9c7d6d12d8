CREATE TABLE "sign_up_mails" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"request_id" uuid NOT NULL,
	"approver_id" uuid,
	"created_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_up_mails_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_up_requests" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"flow_id" text NOT NULL,
	"state" text NOT NULL,
	"email" text NOT NULL,
	"email_folded" text collate "C" NOT NULL,
	"display_name" text,
	"issuer" text NOT NULL,
	"issuer_assigned_id" text NOT NULL,
	"answers" jsonb NOT NULL,
	"visitor" jsonb NOT NULL,
	"browser_hash" "bytea",
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	"decided_date_time" timestamp with time zone,
	"decided_by" jsonb,
	"reason" text,
	"user_id" uuid,
	CONSTRAINT "sign_up_requests_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "sign_up_requests_state" CHECK (state in ('pending', 'approved', 'denied', 'lapsed')),
	CONSTRAINT "sign_up_requests_is_decided" CHECK ((state = 'pending') = (decided_date_time is null)),
	CONSTRAINT "sign_up_requests_has_guest" CHECK ((state = 'approved') = (user_id is not null))
);
--> statement-breakpoint
CREATE TABLE "sign_up_runs" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"flow_id" text NOT NULL,
	"browser_hash" "bytea" NOT NULL,
	"session_hash" "bytea",
	"revision" integer DEFAULT 0 NOT NULL,
	"client_address" text NOT NULL,
	"proof" jsonb,
	"prefill" jsonb,
	"answers" jsonb,
	"overrides" jsonb,
	"notice" text,
	"agreed_to" text,
	"ending" jsonb,
	"created_date_time" timestamp with time zone NOT NULL,
	"expires_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_up_runs_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE INDEX "sign_up_mails_to" ON "sign_up_mails" USING btree ("tenant_id","approver_id","created_date_time") WHERE approver_id is not null;--> statement-breakpoint
CREATE INDEX "sign_up_mails_about" ON "sign_up_mails" USING btree ("tenant_id","request_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sign_up_requests_open" ON "sign_up_requests" USING btree ("tenant_id","flow_id","issuer","issuer_assigned_id") WHERE state in ('pending', 'denied');--> statement-breakpoint
CREATE INDEX "sign_up_requests_of_flow" ON "sign_up_requests" USING btree ("tenant_id","flow_id","id");--> statement-breakpoint
CREATE INDEX "sign_up_requests_of_mailbox" ON "sign_up_requests" USING btree ("tenant_id","email_folded","id");--> statement-breakpoint
CREATE INDEX "sign_up_requests_due" ON "sign_up_requests" USING btree ("tenant_id","expires_date_time") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "sign_up_requests_settled" ON "sign_up_requests" USING btree ("tenant_id","decided_date_time") WHERE state in ('approved', 'lapsed');--> statement-breakpoint
CREATE UNIQUE INDEX "sign_up_runs_of_browser" ON "sign_up_runs" USING btree ("tenant_id","flow_id","browser_hash");--> statement-breakpoint
CREATE INDEX "sign_up_runs_of_client" ON "sign_up_runs" USING btree ("tenant_id","client_address","created_date_time");--> statement-breakpoint
CREATE INDEX "sign_up_runs_of_flow" ON "sign_up_runs" USING btree ("tenant_id","flow_id","created_date_time");--> statement-breakpoint
CREATE INDEX "sign_up_runs_ending" ON "sign_up_runs" USING btree ("tenant_id","expires_date_time");