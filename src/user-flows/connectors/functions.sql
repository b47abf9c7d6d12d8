-- What a call of a connector needs, in one round trip. Null when there is none.
create or replace function connector_for_call(p_tenant uuid, p_connector uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select jsonb_build_object('id', c.id, 'targetUrl', c.target_url, 'authentication', c.authentication,
      'secret', encode(c.secret_sealed, 'hex'), 'isFailOpen', c.is_fail_open, 'failures', c.failures,
      'openUntil', c.open_until, 'probeUntil', c.probe_until,
      'certificates', coalesce((
        select jsonb_agg(jsonb_build_object('id', k.id, 'notBefore', k.not_before, 'notAfter', k.not_after,
          'pkcs12', encode(k.pkcs12_sealed, 'hex')))
        from api_connector_certificates k where k.tenant_id = p_tenant and k.connector_id = c.id), '[]'))
    from api_connectors c where c.tenant_id = p_tenant and c.id = p_connector);
end
$$;

-- A call failed. `p_is_down`: nobody was there; so many in a row open the circuit, and the failure of the call that
-- looked whether somebody is back opens it for longer. Whatever else was answered shows that somebody is there.
create or replace function connector_failed(
  p_tenant uuid, p_connector uuid, p_now timestamptz, p_reason text, p_is_down boolean, p_rules jsonb)
returns void language plpgsql as $$
declare
  v_before timestamptz;
  v_after timestamptz;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select open_until into v_before from api_connectors
  where tenant_id = p_tenant and id = p_connector for update;
  if not found then
    return;
  end if;
  update api_connectors c set
    failures = n.failures,
    last_failure_date_time = p_now,
    last_failure_reason = p_reason,
    open_until = case
      when not p_is_down then null
      when n.opens then p_now + least((p_rules->>'longest')::bigint, (p_rules->>'open')::bigint * (1 << least(c.openings, 10)))
        * interval '1 millisecond'
      else c.open_until end,
    openings = case when not p_is_down then 0 when n.opens then c.openings + 1 else c.openings end,
    probe_until = case when n.opens or not p_is_down then null else c.probe_until end
  from (
    select f.failures, case when c.open_until is null then f.failures >= (p_rules->>'failures')::int
      else c.open_until <= p_now end as opens
    from api_connectors c, lateral (
      select case
        when not p_is_down then 0
        when c.last_failure_date_time < p_now - (p_rules->>'within')::bigint * interval '1 millisecond' then 1
        else c.failures + 1 end as failures) f
    where c.tenant_id = p_tenant and c.id = p_connector) n
  where c.tenant_id = p_tenant and c.id = p_connector
  returning c.open_until into v_after;
  if v_before is distinct from v_after then
    perform pg_notify('vestibule_connectors', p_tenant::text);
  end if;
end
$$;

-- Somebody answered as agreed: the circuit is closed, and failures in a row are counted from the start.
create or replace function connector_answered(p_tenant uuid, p_connector uuid)
returns void language plpgsql as $$
declare
  v_before timestamptz;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select open_until into v_before from api_connectors
  where tenant_id = p_tenant and id = p_connector for update;
  update api_connectors set failures = 0, open_until = null, openings = 0, probe_until = null
  where tenant_id = p_tenant and id = p_connector;
  if v_before is not null then
    perform pg_notify('vestibule_connectors', p_tenant::text);
  end if;
end
$$;

-- Whether this call is the one that looks whether an open connector is back: one at a time, on all replicas. True also
-- when the circuit was closed meanwhile.
create or replace function connector_probe(p_tenant uuid, p_connector uuid, p_now timestamptz, p_until timestamptz)
returns boolean language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  update api_connectors set probe_until = p_until
  where tenant_id = p_tenant and id = p_connector and open_until <= p_now
    and (probe_until is null or probe_until <= p_now);
  if found then
    return true;
  end if;
  return exists (
    select 1 from api_connectors where tenant_id = p_tenant and id = p_connector and open_until is null);
end
$$;

-- Keeps exchanges, of any organizations, and of each connector the last `p_most`. A connector that is being deleted
-- leaves none behind.
create or replace function connector_exchanges_record(p_rows jsonb, p_most int)
returns void language plpgsql as $$
declare
  v_of record;
begin
  for v_of in
    select distinct r."tenantId", r."connectorId" from jsonb_to_recordset(p_rows) as r ("tenantId" uuid, "connectorId" uuid)
    order by 1, 2
  loop
    perform set_config('vestibule.tenant', v_of."tenantId"::text, true);
    -- In turn, or two that trim could wait for each other.
    perform 1 from api_connectors where tenant_id = v_of."tenantId" and id = v_of."connectorId" for no key update;
    continue when not found;
    insert into api_connector_exchanges (tenant_id, connector_id, id, exchange)
    select r."tenantId", r."connectorId", r.id, r.exchange
    from jsonb_to_recordset(p_rows) as r ("tenantId" uuid, "connectorId" uuid, id uuid, exchange jsonb)
    where r."tenantId" = v_of."tenantId" and r."connectorId" = v_of."connectorId";
    delete from api_connector_exchanges
    where tenant_id = v_of."tenantId" and connector_id = v_of."connectorId" and id <= (
      select id from api_connector_exchanges
      where tenant_id = v_of."tenantId" and connector_id = v_of."connectorId"
      order by id desc offset p_most limit 1);
  end loop;
end
$$;
