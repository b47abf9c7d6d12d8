-- Events of one transaction, all on the initiative of `p_initiated`.
create or replace function audit_add(
  p_tenant uuid, p_now timestamptz, p_ids uuid[], p_activities text[], p_service text,
  p_initiated jsonb, p_targets uuid[], p_details jsonb[])
returns void language plpgsql as $$
begin
  insert into audit_events (tenant_id, id, activity_date_time, activity_display_name, category, logged_by_service,
    result, initiated_by, target_id, additional_details)
  select p_tenant, e.id, p_now, e.activity, 'UserManagement', audit_service(e.activity, p_service), 'success',
    p_initiated, e.target, e.details
  from unnest(p_ids, p_activities, p_targets, p_details) as e (id, activity, target, details);
end
$$;

-- Events of one transaction, each on somebody's own initiative.
create or replace function audit_add(
  p_tenant uuid, p_now timestamptz, p_ids uuid[], p_activities text[], p_service text,
  p_initiated jsonb[], p_targets uuid[], p_details jsonb[])
returns void language plpgsql as $$
begin
  insert into audit_events (tenant_id, id, activity_date_time, activity_display_name, category, logged_by_service,
    result, initiated_by, target_id, additional_details)
  select p_tenant, e.id, p_now, e.activity, 'UserManagement', audit_service(e.activity, p_service), 'success',
    e.initiated, e.target, e.details
  from unnest(p_ids, p_activities, p_initiated, p_targets, p_details) as e (id, activity, initiated, target, details);
end
$$;

-- Graph: loggedByService. What changes a user is logged by the directory, whoever asked for it.
create or replace function audit_service(p_activity text, p_service text)
returns text language sql immutable as $$
  select case when p_activity in ('Add user', 'Add user sponsor', 'Update user', 'Delete user') then 'Core Directory'
    else p_service end
$$;

-- Something that was refused, for a reason an administrator should know.
create or replace function audit_add_failure(
  p_tenant uuid, p_now timestamptz, p_id uuid, p_activity text, p_service text, p_initiated jsonb, p_target uuid,
  p_details jsonb)
returns void language plpgsql as $$
begin
  insert into audit_events (tenant_id, id, activity_date_time, activity_display_name, category, logged_by_service,
    result, initiated_by, target_id, additional_details)
  values (p_tenant, p_id, p_now, p_activity, 'UserManagement', p_service, 'failure', p_initiated, p_target, p_details);
end
$$;

drop function if exists audit_purge(uuid, uuid, int);
