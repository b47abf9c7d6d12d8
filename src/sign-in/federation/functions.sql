-- Has no more flows that led nowhere at an organization than it may: of those beyond, the oldest of the networks that have
-- most go. One whose browser is just coming back is passed over.
create or replace function sign_in_flows_bound(p_tenant uuid, p_most int)
returns void language plpgsql as $$
declare
  v_beyond int := (select count(*) from sign_in_flows where tenant_id = p_tenant and network is not null) - p_most;
begin
  if v_beyond <= 0 then
    return;
  end if;
  delete from sign_in_flows where tenant_id = p_tenant and id = any (array(
    select l.id from sign_in_flows l where l.tenant_id = p_tenant and l.id = any (array(
      select r.id from (
        select f.id, f.expires_date_time,
          row_number() over (partition by f.network order by f.expires_date_time desc, f.id) as nth
        from sign_in_flows f where f.tenant_id = p_tenant and f.network is not null) r
      order by r.nth desc, r.expires_date_time limit v_beyond))
    for update skip locked));
end
$$;

-- Keeps what was posted for a flow until its browser comes for it. Nobody has looked at it yet, and anybody can begin flows
-- and post, so what is kept has bounds; each is exact, since one statement at a time keeps for an organization. Whoever
-- comes at once, as browsers do, never meets them.
--   A network: 60 answers an hour that led to nothing (of which nobody came for an answer, or it was worth nothing); and of
--   what it has waiting 4 MB, of which the oldest go.
--   The organization: 64 MB waiting, of which the oldest of the network that has most go: no stranger crowds others out.
create or replace function sign_in_answer_park(p_tenant uuid, p_now timestamptz, p_flow bytea, p_answer text, p_network text)
returns jsonb language plpgsql as $$
declare
  v_at timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('vestibule answers for ' || p_tenant, 0));
  if not exists (select from sign_in_flows f where f.tenant_id = p_tenant and f.id = p_flow and f.status = 'started'
      and f.expires_date_time > p_now) then
    return '{"outcome": "lost"}';
  end if;
  select f.answered_date_time into v_at from sign_in_flows f
  where f.tenant_id = p_tenant and f.answer_network = p_network and f.answered_date_time > p_now - interval '1 hour'
  order by f.answered_date_time desc offset 59 limit 1;
  if found then
    return jsonb_build_object('outcome', 'limited', 'retryAt', v_at + interval '1 hour');
  end if;
  -- However little is in it, an answer is a row.
  update sign_in_flows set status = 'answered', answer = p_answer, answer_network = p_network, answered_date_time = p_now,
    answer_bytes = greatest(octet_length(p_answer), 16384)
  where tenant_id = p_tenant and id = p_flow;
  perform sign_in_answers_drop(p_tenant, array(
    select w.id from (
      select f.id, sum(f.answer_bytes) over (order by f.answered_date_time desc, f.id = p_flow desc, f.id) as bytes
      from sign_in_flows f where f.tenant_id = p_tenant and f.answer_network = p_network and f.answer_bytes > 0) w
    where w.bytes > 4194304));
  perform sign_in_answers_bound(p_tenant, p_now);
  return '{"outcome": "parked"}';
end
$$;

-- Has no more waiting for an organization than it may.
create or replace function sign_in_answers_bound(p_tenant uuid, p_now timestamptz)
returns void language plpgsql as $$
declare
  v_most record;
begin
  if (select sum(f.answer_bytes) from sign_in_flows f where f.tenant_id = p_tenant and f.answer_bytes > 0) <= 67108864 then
    return;
  end if;
  -- Of flows that are over nobody comes for one.
  perform sign_in_answers_drop(p_tenant, array(
    select f.id from sign_in_flows f
    where f.tenant_id = p_tenant and f.answer_bytes > 0 and f.expires_date_time <= p_now));
  loop
    select f.answer_network, sum(sum(f.answer_bytes)) over () as all_bytes into v_most
    from sign_in_flows f where f.tenant_id = p_tenant and f.answer_bytes > 0
    group by f.answer_network order by sum(f.answer_bytes) desc limit 1;
    exit when not found or v_most.all_bytes <= 67108864;
    perform sign_in_answers_drop(p_tenant, array(
      select f.id from sign_in_flows f
      where f.tenant_id = p_tenant and f.answer_network = v_most.answer_network and f.answer_bytes > 0
      order by f.answered_date_time, f.id limit 1));
  end loop;
end
$$;

-- Answers that nobody comes for any more: their flows are over.
create or replace function sign_in_answers_drop(p_tenant uuid, p_flows bytea[])
returns void language plpgsql as $$
begin
  update sign_in_flows set status = 'finished', answer = null, answer_bytes = 0
  where tenant_id = p_tenant and id = any (p_flows);
end
$$;
