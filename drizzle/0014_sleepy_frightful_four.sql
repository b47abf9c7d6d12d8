ALTER TABLE "passcodes" ADD COLUMN "digits" smallint DEFAULT 8 NOT NULL;--> statement-breakpoint
ALTER TABLE "passcodes" ADD COLUMN "user_id" uuid;--> statement-breakpoint
CREATE INDEX "passcodes_for" ON "passcodes" USING btree ("tenant_id","user_id","created_date_time") WHERE "passcodes"."user_id" is not null;--> statement-breakpoint
CREATE INDEX "passcodes_by_text" ON "passcodes" USING btree ("tenant_id","created_date_time") WHERE "passcodes"."channel" = 'sms';