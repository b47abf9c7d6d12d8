CREATE TABLE "notification_events" (
	"tenant_id" uuid NOT NULL,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "notification_events_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"object_id" uuid NOT NULL,
	"event" text NOT NULL,
	"event_date_time" timestamp with time zone NOT NULL,
	"changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "notification_events_tenant_id_sequence_pk" PRIMARY KEY("tenant_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "notification_feeds" (
	"tenant_id" uuid NOT NULL,
	"collection" text NOT NULL,
	"since_snapshot" text NOT NULL,
	"cluster" text NOT NULL,
	"round" jsonb,
	"next_look_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notification_feeds_tenant_id_collection_pk" PRIMARY KEY("tenant_id","collection")
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"tenant_id" uuid NOT NULL,
	"subscription_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"sequence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "notifications_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"dead_date_time" timestamp with time zone,
	"reason" text,
	CONSTRAINT "notifications_tenant_id_subscription_id_channel_sequence_pk" PRIMARY KEY("tenant_id","subscription_id","channel","sequence")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"resource" text NOT NULL,
	"collection" text NOT NULL,
	"object_id" uuid,
	"watched" text NOT NULL,
	"change_type" text NOT NULL,
	"notification_url" text NOT NULL,
	"lifecycle_notification_url" text,
	"client_state" text,
	"latest_supported_tls_version" text,
	"expiration_date_time" timestamp with time zone NOT NULL,
	"application_id" uuid NOT NULL,
	"creator_kind" text NOT NULL,
	"creator_id" uuid NOT NULL,
	"permissions" text[] NOT NULL,
	"secret_sealed" "bytea" NOT NULL,
	"since_snapshot" text NOT NULL,
	"created_date_time" timestamp with time zone NOT NULL,
	"renewed_date_time" timestamp with time zone NOT NULL,
	"warned_date_time" timestamp with time zone,
	"removed_date_time" timestamp with time zone,
	"changes_work_id" uuid,
	"lifecycle_work_id" uuid,
	CONSTRAINT "subscriptions_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "domain_claims" (
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"supported_services" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "domain_claims_tenant_id_name_pk" PRIMARY KEY("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "group_members" (
	"tenant_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"member_type" text NOT NULL,
	"member_id" uuid NOT NULL,
	"changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "group_members_tenant_id_group_id_member_id_pk" PRIMARY KEY("tenant_id","group_id","member_id"),
	CONSTRAINT "group_members_type" CHECK (member_type in ('group', 'user')),
	CONSTRAINT "group_members_is_another" CHECK (group_id <> member_id)
);
--> statement-breakpoint
CREATE TABLE "group_owners" (
	"tenant_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	CONSTRAINT "group_owners_tenant_id_group_id_owner_id_pk" PRIMARY KEY("tenant_id","group_id","owner_id")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"display_name" text NOT NULL,
	"display_name_folded" text collate "C" GENERATED ALWAYS AS (lower(display_name)) STORED NOT NULL,
	"description" text,
	"is_unified" boolean DEFAULT false NOT NULL,
	"is_dynamic" boolean DEFAULT false NOT NULL,
	"mail" text,
	"mail_folded" text collate "C" GENERATED ALWAYS AS (lower(mail)) STORED,
	"mail_enabled" boolean NOT NULL,
	"mail_nickname" text NOT NULL,
	"mail_nickname_folded" text collate "C" GENERATED ALWAYS AS (lower(mail_nickname)) STORED NOT NULL,
	"security_enabled" boolean NOT NULL,
	"visibility" text,
	"is_assignable_to_role" boolean,
	"unique_name" text,
	"classification" text,
	"preferred_language" text,
	"preferred_data_location" text,
	"theme" text,
	"membership_rule" text,
	"membership_rule_processing_state" text,
	"active_rule" jsonb,
	"rule_applied_up_to" uuid,
	"created_date_time" timestamp with time zone NOT NULL,
	"renewed_date_time" timestamp with time zone NOT NULL,
	"deleted_date_time" timestamp with time zone,
	"changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"property_xids" jsonb,
	CONSTRAINT "groups_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "groups_visibility" CHECK (visibility in ('Private', 'Public', 'HiddenMembership')),
	CONSTRAINT "groups_processing_state" CHECK (membership_rule_processing_state in ('On', 'Paused')),
	CONSTRAINT "groups_rule_is_dynamic" CHECK (is_dynamic or (membership_rule is null and active_rule is null)),
	CONSTRAINT "groups_are_of_some_use" CHECK (mail_enabled or security_enabled),
	CONSTRAINT "groups_unified_has_mail" CHECK (not is_unified or mail is not null)
);
--> statement-breakpoint
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
CREATE TABLE "removed_links" (
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"target_type" text NOT NULL,
	"target_id" uuid NOT NULL,
	"changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"removed_date_time" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "removed_links_tenant_id_kind_owner_id_target_id_pk" PRIMARY KEY("tenant_id","kind","owner_id","target_id")
);
--> statement-breakpoint
CREATE TABLE "removed_objects" (
	"tenant_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"id" uuid NOT NULL,
	"changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"removed_date_time" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "removed_objects_tenant_id_kind_id_pk" PRIMARY KEY("tenant_id","kind","id")
);
--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "user_principal_name_folded" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "mail_folded" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "invitations" ALTER COLUMN "address_folded" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "display_name_folded" text collate "C" GENERATED ALWAYS AS (lower(display_name)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "fax_number" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_type" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_hire_date" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_leave_date_time" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_cost_center" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_division" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "age_group" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "consent_provided_for_minor" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "show_in_address_list" boolean;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "password_policies" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "preferred_data_location" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "on_premises_immutable_id" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "extension_attributes" jsonb;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "profile" jsonb;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "manager_id" uuid;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "given_name_folded" text collate "C" GENERATED ALWAYS AS (lower(given_name)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "surname_folded" text collate "C" GENERATED ALWAYS AS (lower(surname)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "department_folded" text collate "C" GENERATED ALWAYS AS (lower(department)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "city_folded" text collate "C" GENERATED ALWAYS AS (lower(city)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "state_folded" text collate "C" GENERATED ALWAYS AS (lower(state)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "country_folded" text collate "C" GENERATED ALWAYS AS (lower(country)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "usage_location_folded" text collate "C" GENERATED ALWAYS AS (lower(usage_location)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "employee_id_folded" text collate "C" GENERATED ALWAYS AS (lower(employee_id)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "changed_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "property_xids" jsonb;--> statement-breakpoint
ALTER TABLE "domains" ADD COLUMN "supported_services" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "profile" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "notification_feeds_due" ON "notification_feeds" USING btree ("next_look_at");--> statement-breakpoint
CREATE INDEX "notifications_dead" ON "notifications" USING btree ("tenant_id","dead_date_time") WHERE dead_date_time is not null;--> statement-breakpoint
CREATE INDEX "subscriptions_watching" ON "subscriptions" USING btree ("tenant_id","collection") WHERE removed_date_time is null;--> statement-breakpoint
CREATE INDEX "group_members_changed" ON "group_members" USING btree ("tenant_id","changed_xid","group_id");--> statement-breakpoint
CREATE INDEX "group_members_of_member" ON "group_members" USING btree ("tenant_id","member_id","group_id");--> statement-breakpoint
CREATE INDEX "group_members_nested" ON "group_members" USING btree ("tenant_id","group_id","member_id") WHERE member_type = 'group';--> statement-breakpoint
CREATE INDEX "group_owners_of_owner" ON "group_owners" USING btree ("tenant_id","owner_id","group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "groups_mail" ON "groups" USING btree ("tenant_id","mail_folded") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE UNIQUE INDEX "groups_unique_name" ON "groups" USING btree ("tenant_id","unique_name") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "groups_display_name" ON "groups" USING btree ("tenant_id","display_name_folded","id") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "groups_mail_nickname" ON "groups" USING btree ("tenant_id","mail_nickname_folded","id") WHERE deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "groups_mail_order" ON "groups" USING btree ("tenant_id","mail_folded","id") WHERE deleted_date_time is null and mail is not null;--> statement-breakpoint
CREATE INDEX "groups_with_rule" ON "groups" USING btree ("tenant_id","id") WHERE active_rule is not null and deleted_date_time is null;--> statement-breakpoint
CREATE INDEX "groups_deleted" ON "groups" USING btree ("tenant_id","deleted_date_time") WHERE deleted_date_time is not null;--> statement-breakpoint
CREATE INDEX "groups_changed" ON "groups" USING btree ("tenant_id","changed_xid","id");--> statement-breakpoint
CREATE INDEX "search_words_of_object" ON "search_words" USING btree ("tenant_id","object_id","field","word");--> statement-breakpoint
CREATE INDEX "removed_links_changed" ON "removed_links" USING btree ("tenant_id","kind","changed_xid","owner_id");--> statement-breakpoint
CREATE INDEX "removed_links_old" ON "removed_links" USING btree ("tenant_id","removed_date_time");--> statement-breakpoint
CREATE INDEX "removed_objects_changed" ON "removed_objects" USING btree ("tenant_id","kind","changed_xid","id");--> statement-breakpoint
CREATE INDEX "removed_objects_old" ON "removed_objects" USING btree ("tenant_id","removed_date_time");--> statement-breakpoint
CREATE INDEX "user_sponsors_of" ON "user_sponsors" USING btree ("tenant_id","sponsor_id","user_id");--> statement-breakpoint
CREATE INDEX "users_display_name" ON "users" USING btree ("tenant_id","display_name_folded","id");--> statement-breakpoint
CREATE INDEX "users_given_name" ON "users" USING btree ("tenant_id","given_name_folded","id") WHERE given_name_folded is not null;--> statement-breakpoint
CREATE INDEX "users_surname" ON "users" USING btree ("tenant_id","surname_folded","id") WHERE surname_folded is not null;--> statement-breakpoint
CREATE INDEX "users_department" ON "users" USING btree ("tenant_id","department_folded","id") WHERE department_folded is not null;--> statement-breakpoint
CREATE INDEX "users_city" ON "users" USING btree ("tenant_id","city_folded","id") WHERE city_folded is not null;--> statement-breakpoint
CREATE INDEX "users_state" ON "users" USING btree ("tenant_id","state_folded","id") WHERE state_folded is not null;--> statement-breakpoint
CREATE INDEX "users_country" ON "users" USING btree ("tenant_id","country_folded","id") WHERE country_folded is not null;--> statement-breakpoint
CREATE INDEX "users_usage_location" ON "users" USING btree ("tenant_id","usage_location_folded","id") WHERE usage_location_folded is not null;--> statement-breakpoint
CREATE INDEX "users_employee_id" ON "users" USING btree ("tenant_id","employee_id_folded","id") WHERE employee_id_folded is not null;--> statement-breakpoint
CREATE INDEX "users_changed" ON "users" USING btree ("tenant_id","changed_xid","id");--> statement-breakpoint
CREATE INDEX "users_reports" ON "users" USING btree ("tenant_id","manager_id") WHERE manager_id is not null;--> statement-breakpoint
CREATE INDEX "users_deleted" ON "users" USING btree ("tenant_id","deleted_date_time","id") WHERE deleted_date_time is not null;