-- Claims the keys of those rows that carry one. Returns, for keys that were taken within 24 hours, what they made.
create or replace function idempotency_claim(
  p_tenant uuid, p_now timestamptz, p_ids uuid[], p_key_hashes text[], p_request_hashes text[])
returns table ("row" int, resource_id uuid, request_hash bytea) language plpgsql as $$
declare
  losers bytea[];
begin
  with input as materialized (
    select decode(r.key_hash, 'hex') as key_hash, decode(r.request_hash, 'hex') as request_hash, r.id
    from unnest(p_ids, p_key_hashes, p_request_hashes) as r (id, key_hash, request_hash)
    where r.key_hash is not null
  ), claimed as (
    insert into idempotency_keys as k (tenant_id, key_hash, request_hash, resource_id, created_at)
    select p_tenant, i.key_hash, i.request_hash, i.id, p_now from input i order by i.key_hash
    on conflict (tenant_id, key_hash) do update
      set request_hash = excluded.request_hash, resource_id = excluded.resource_id, created_at = excluded.created_at
      where k.created_at <= p_now - interval '24 hours'
    returning k.key_hash
  )
  select coalesce(array_agg(i.key_hash), '{}') into losers from input i
  where not exists (select 1 from claimed c where c.key_hash = i.key_hash);

  -- A statement of its own: it sees what the winner committed while this one waited for the key.
  return query
  select r.number::int, k.resource_id, k.request_hash
  from unnest(p_key_hashes) with ordinality as r (key_hash, number)
  join idempotency_keys k on k.tenant_id = p_tenant and k.key_hash = decode(r.key_hash, 'hex')
  where k.key_hash = any (losers);
end
$$;

create or replace function idempotency_release(p_tenant uuid, p_resources uuid[])
returns void language plpgsql as $$
begin
  delete from idempotency_keys where tenant_id = p_tenant and resource_id = any (p_resources);
end
$$;
