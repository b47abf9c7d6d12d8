ALTER TABLE "notification_feeds" ADD COLUMN "looked_date_time" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "notifications" ADD COLUMN "queued_date_time" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "previous_secret_sealed" "bytea";--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "previous_secret_expiration_date_time" timestamp with time zone;