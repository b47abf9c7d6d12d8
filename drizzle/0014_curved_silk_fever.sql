DROP INDEX "sessions_of_user";--> statement-breakpoint
CREATE INDEX "past_sign_ins_last" ON "past_sign_ins" USING btree ("tenant_id","last_date_time","user_id");--> statement-breakpoint
CREATE INDEX "sessions_begun" ON "sessions" USING btree ("tenant_id","created_date_time","user_id");--> statement-breakpoint
CREATE INDEX "sessions_of_user" ON "sessions" USING btree ("tenant_id","user_id","created_date_time");