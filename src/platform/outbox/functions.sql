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
returns setof uuid language plpgsql
set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  return query
  with given as materialized (
    select o.id, o.attempts, o.available_at >= now() + p_enough as is_enough
    from unnest(p_ids, p_attempts) as w (id, attempt) join outbox o on o.id = w.id and o.attempts = w.attempt
  ), short as (
    select o.id from outbox o join given g on g.id = o.id and g.attempts = o.attempts
    where not g.is_enough
    for update of o skip locked
  ), renewed as (
    update outbox o set available_at = now() + p_lease from short s where o.id = s.id
    returning o.id
  )
  select given.id from given where is_enough union all select renewed.id from renewed;
end
$$;
