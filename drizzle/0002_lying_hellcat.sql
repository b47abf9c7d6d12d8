DROP INDEX "users_reports";--> statement-breakpoint
ALTER TABLE "group_members" ADD COLUMN "member_name_folded" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "group_members_name" ON "group_members" USING btree ("tenant_id","group_id","member_name_folded","member_id");--> statement-breakpoint
CREATE INDEX "users_reports" ON "users" USING btree ("tenant_id","manager_id","id") WHERE manager_id is not null;