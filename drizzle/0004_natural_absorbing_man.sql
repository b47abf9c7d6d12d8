CREATE TABLE "past_sign_ins" (
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"last_date_time" timestamp with time zone NOT NULL,
	CONSTRAINT "past_sign_ins_tenant_id_user_id_pk" PRIMARY KEY("tenant_id","user_id")
);
