DROP INDEX "users_display_name";--> statement-breakpoint
CREATE INDEX "users_members" ON "users" USING btree ("tenant_id","id") WHERE user_type = 'Member' and deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "users_accepted" ON "users" USING btree ("tenant_id","id") WHERE external_user_state = 'Accepted' and deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "users_display_name" ON "users" USING btree ("tenant_id","display_name_folded","id") WHERE deleted_date_time is null;