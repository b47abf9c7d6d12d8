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

-- Which rows of a delivery are still its own, with a lease of at least `p_enough`; shorter ones get `p_lease`. Two
-- deliveries of one row differ in the number of the attempt, and the newer one has it. Nothing is waited for.
create or replace function outbox_hold(p_ids uuid[], p_attempts int[], p_lease interval, p_enough interval)
returns uuid[] language plpgsql
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_ours uuid[];
  v_renewed uuid[];
begin
  select coalesce(array_agg(o.id), '{}') into v_ours
  from unnest(p_ids, p_attempts) as w (id, attempt)
  join outbox o on o.id = w.id and o.attempts = w.attempt
  where o.available_at >= now() + p_enough;
  if cardinality(v_ours) = cardinality(p_ids) then
    return v_ours;
  end if;

  with short as (
    select o.id from unnest(p_ids, p_attempts) as w (id, attempt)
    join outbox o on o.id = w.id and o.attempts = w.attempt
    where o.available_at < now() + p_enough
    for update of o skip locked
  ), renewed as (
    update outbox o set available_at = now() + p_lease from short s where o.id = s.id
    returning o.id
  )
  select array_agg(id) into v_renewed from renewed;
  return v_ours || v_renewed;
end
$$;
