ALTER TABLE "provider_state" ADD COLUMN "network" text;--> statement-breakpoint
CREATE INDEX "provider_state_begun" ON "provider_state" USING btree ("tenant_id","network","expires_at","id") WHERE network is not null;--> statement-breakpoint
CREATE INDEX "sign_ins_of_kind" ON "sign_ins" USING btree ("tenant_id",(case when method = 'refreshToken' then 'n' else 'i' end),"id");