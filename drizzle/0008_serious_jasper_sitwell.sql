ALTER TABLE "user_other_mails" ALTER COLUMN "address_folded" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "user_other_mails" ADD COLUMN "address_backwards" text collate "C" GENERATED ALWAYS AS (reverse(address_folded)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "mail_nickname_folded" text collate "C" GENERATED ALWAYS AS (lower(mail_nickname)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "mail_backwards" text collate "C" GENERATED ALWAYS AS (reverse(mail_folded)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "user_principal_name_backwards" text collate "C" GENERATED ALWAYS AS (reverse(lower(user_principal_name))) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "user_other_mails_backwards" ON "user_other_mails" USING btree ("tenant_id","address_backwards","user_id");--> statement-breakpoint
CREATE INDEX "users_created" ON "users" USING btree ("tenant_id","created_date_time","id") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "users_mail_backwards" ON "users" USING btree ("tenant_id","mail_backwards","id") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "users_name_backwards" ON "users" USING btree ("tenant_id","user_principal_name_backwards","id") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "users_mail_nickname" ON "users" USING btree ("tenant_id","mail_nickname_folded","id") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "users_state_changed" ON "users" USING btree ("tenant_id","external_user_state_change_date_time","id") WHERE external_user_state_change_date_time <> created_date_time and deleted_date_time is null;