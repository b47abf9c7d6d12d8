-- Asks for the mails about accesses that end in a span of time, each once. Returns how many are new.
create or replace function access_end_remind(
  p_tenant uuid, p_after timestamptz, p_until timestamptz, p_days int)
returns int language plpgsql as $$
declare
  v_count int;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  with asked as (
    insert into access_reminders (tenant_id, user_id, access_end_date_time, days, recipient_id, id)
    select p_tenant, e.user_id, e.ends, p_days, e.recipient_id, gen_random_uuid()
    from directory_ending_guests(p_tenant, p_after, p_until) e
    on conflict do nothing
    returning id)
  insert into outbox (id, tenant_id, topic, subject_id) select id, p_tenant, 'access.mail', id from asked;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Forgets mails about ends that are long over.
create or replace function access_end_forget(p_tenant uuid, p_before timestamptz)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  delete from access_reminders where tenant_id = p_tenant and access_end_date_time < p_before;
end
$$;
