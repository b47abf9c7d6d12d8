-- The request that keeps somebody from signing up once more in a flow: one that waits, or was denied. `isTied`: whether
-- this browser may look at it already. Null: none, also where one has lapsed that no sweep has come by. Writes nothing.
create or replace function sign_up_request_in_the_way(
  p_tenant uuid, p_now timestamptz, p_flow text, p_identity jsonb, p_browser bytea)
returns jsonb language plpgsql stable as $$
begin
  return (select jsonb_build_object('id', r.id, 'isTied', r.browser_hash is not distinct from p_browser)
    from sign_up_requests r
    where r.tenant_id = p_tenant and r.flow_id = p_flow and r.issuer = p_identity->>'issuer'
      and r.issuer_assigned_id = p_identity->>'issuerAssignedId' and r.state in ('pending', 'denied')
      and (r.state = 'denied' or r.expires_date_time > p_now));
end
$$;

-- What this browser has asked for last in a flow, as long as its page has something to show: null where it has lapsed, or
-- was deleted, so that they may ask again.
create or replace function sign_up_request_shown(p_tenant uuid, p_now timestamptz, p_flow text, p_browser bytea)
returns jsonb language plpgsql stable as $$
begin
  return (select jsonb_build_object('id', r.id, 'isTied', true)
    from (select id, state, expires_date_time from sign_up_requests
      where tenant_id = p_tenant and flow_id = p_flow and browser_hash = p_browser order by id desc limit 1) r
    where r.state in ('approved', 'denied') or r.state = 'pending' and r.expires_date_time > p_now);
end
$$;

-- Lets a browser that has proved who it is look at a request without a code.
create or replace function sign_up_request_tie(p_tenant uuid, p_id uuid, p_browser bytea)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  update sign_up_requests set browser_hash = p_browser where tenant_id = p_tenant and id = p_id;
end
$$;

-- Holds somebody who has done all that a flow asks until an approver decides: a request with its audit event and the work
-- of asking the approvers, or the one that they have already, which their browser may look at then. Of two at once for one
-- person one is made. `p_request`: a `HeldRequest` (hold-sign-up.ts). Answers with `requestId` and `state`.
create or replace function sign_up_request_hold(p_tenant uuid, p_now timestamptz, p_request jsonb, p_browser bytea)
returns jsonb language plpgsql as $$
declare
  v_id constant uuid := p_request->>'id';
  v_known sign_up_requests;
  v_count int := 0;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  -- Twice: what was made at the same moment is seen by the second look.
  for i in 1 .. 2 loop
    select * into v_known from sign_up_requests
    where tenant_id = p_tenant and flow_id = p_request->>'flowId' and issuer = p_request->'visitor'->'identity'->>'issuer'
      and issuer_assigned_id = p_request->'visitor'->'identity'->>'issuerAssignedId' and state in ('pending', 'denied')
    for update;
    if found and (v_known.state = 'denied' or v_known.expires_date_time > p_now) then
      update sign_up_requests set browser_hash = p_browser where tenant_id = p_tenant and id = v_known.id;
      return jsonb_build_object('requestId', v_known.id, 'state', v_known.state);
    elsif found then
      -- Its time is over and no sweep has come by yet.
      update sign_up_requests set state = 'lapsed', decided_date_time = p_now where tenant_id = p_tenant and id = v_known.id;
      perform sign_up_request_tell(p_tenant, p_now, (p_request->>'lapseMailId')::uuid, v_known.id);
    end if;
    insert into sign_up_requests (tenant_id, id, flow_id, state, email, email_folded, display_name, issuer,
      issuer_assigned_id, answers, visitor, browser_hash, created_date_time, expires_date_time)
    values (p_tenant, v_id, p_request->>'flowId', 'pending', p_request->'visitor'->>'email',
      p_request->>'emailFolded', p_request->>'displayName', p_request->'visitor'->'identity'->>'issuer',
      p_request->'visitor'->'identity'->>'issuerAssignedId', p_request->'answers', p_request->'visitor', p_browser, p_now,
      (p_request->>'expiresDateTime')::timestamptz)
    on conflict do nothing;
    get diagnostics v_count = row_count;
    exit when v_count = 1;
  end loop;
  if v_count = 0 then
    raise exception 'a request is in the way and cannot be found';
  end if;
  insert into outbox (id, tenant_id, topic, subject_id) values ((p_request->>'workId')::uuid, p_tenant, 'sign-up.mail', v_id);
  perform audit_add(p_tenant, p_now, array[(p_request->>'auditId')::uuid], array['Create sign-up request'],
    'Self-service Sign-up', jsonb_build_object('kind', 'user', 'displayName', p_request->'visitor'->'email'),
    array[null::uuid], array[jsonb_build_object('requestId', v_id, 'userFlowId', p_request->'flowId')
      || case when p_request->>'termsOfUse' is null then '{}'
        else jsonb_build_object('termsOfUse', p_request->'termsOfUse') end]);
  return jsonb_build_object('requestId', v_id, 'state', 'pending');
end
$$;

-- Has a visitor told what became of their request.
create or replace function sign_up_request_tell(p_tenant uuid, p_now timestamptz, p_mail uuid, p_request uuid)
returns void language plpgsql as $$
begin
  insert into sign_up_mails (tenant_id, id, request_id, created_date_time) values (p_tenant, p_mail, p_request, p_now);
  insert into outbox (id, tenant_id, topic, subject_id) values (p_mail, p_tenant, 'sign-up.mail', p_mail);
end
$$;

-- Ends what hangs on a flow that is deleted, in the transaction that deletes it. Runs first: whoever is becoming a guest or
-- is held at this moment has done so before requests are looked at. Requests that wait have lapsed, and their visitors are
-- told; denied ones are forgotten, since a flow of the same id is another one. Answers with how many waited.
create or replace function sign_up_requests_without_flow(p_tenant uuid, p_now timestamptz, p_flow text)
returns int language plpgsql as $$
declare
  v_ended uuid[];
  v_denied uuid[];
begin
  delete from sign_up_runs where tenant_id = p_tenant and flow_id = p_flow;
  with ended as (
    update sign_up_requests set state = 'lapsed', decided_date_time = p_now
    where tenant_id = p_tenant and flow_id = p_flow and state = 'pending' returning id)
  select coalesce(array_agg(id), '{}') into v_ended from ended;
  perform sign_up_request_tell(p_tenant, p_now, gen_random_uuid(), e) from unnest(v_ended) e;
  with denied as (
    delete from sign_up_requests where tenant_id = p_tenant and flow_id = p_flow and state = 'denied' returning id)
  select array_agg(id) into v_denied from denied;
  delete from sign_up_mails where tenant_id = p_tenant and request_id = any (v_denied);
  return cardinality(v_ended);
end
$$;
