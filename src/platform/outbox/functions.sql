create or replace function outbox_add(p_tenant uuid, p_topic text, p_ids uuid[], p_subjects uuid[])
returns void language plpgsql as $$
begin
  insert into outbox (id, tenant_id, topic, subject_id)
  select id, p_tenant, p_topic, subject from unnest(p_ids, p_subjects) as work (id, subject);
end
$$;

-- Hands rows to one relay for `p_lease`. Rows that another relay is claiming are skipped, not waited for.
create or replace function outbox_claim(p_topic text, p_most int, p_lease interval)
returns setof outbox language plpgsql as $$
begin
  return query
  update outbox set available_at = now() + p_lease, attempts = attempts + 1
  where id in (
    select id from outbox
    where topic = p_topic and available_at <= now()
    order by available_at
    limit p_most
    for update skip locked)
  returning *;
end
$$;
