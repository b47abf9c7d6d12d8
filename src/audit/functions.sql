create or replace function audit_add(
  p_tenant uuid, p_now timestamptz, p_ids uuid[], p_activities text[], p_service text,
  p_initiated jsonb[], p_targets uuid[], p_details jsonb[])
returns void language plpgsql as $$
begin
  insert into audit_events (tenant_id, id, activity_date_time, activity_display_name, category, logged_by_service,
    result, initiated_by, target_id, additional_details)
  select p_tenant, e.id, p_now, e.activity, 'UserManagement',
    case when e.activity in ('Add user', 'Add user sponsor', 'Update user', 'Delete user') then 'Core Directory' else p_service end,
    'success', e.initiated, e.target, e.details
  from unnest(p_ids, p_activities, p_initiated, p_targets, p_details) as e (id, activity, initiated, target, details);
end
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

-- Deletes up to `p_most` of the oldest rows below an id made from a time, by the primary key: nobody waits for it.
create or replace function audit_purge(p_tenant uuid, p_before uuid, p_most int)
returns int language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_count int;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  delete from audit_events where tenant_id = p_tenant and id in (
    select id from audit_events where tenant_id = p_tenant and id < p_before order by id limit p_most);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
