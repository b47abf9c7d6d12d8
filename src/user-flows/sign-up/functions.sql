-- The statements of a sign-up look each row up by its keys, whatever the planner thinks of the sizes: a plan made while a
-- table is small is kept while it grows.

-- A run as its holder may see it. Of a run that was proved under another session, an earlier one of this browser say, only
-- that it is there. Ended ones too, so that a reload shows how it ended.
create or replace function sign_up_shown(p_run sign_up_runs, p_session bytea)
returns jsonb language sql immutable as $$
  select case when p_run.proof is null or p_run.session_hash is not distinct from p_session then jsonb_build_object(
    'id', p_run.id, 'revision', p_run.revision, 'proof', p_run.proof, 'prefill', p_run.prefill,
    'answers', p_run.answers, 'overrides', p_run.overrides, 'notice', p_run.notice,
    'ending', p_run.ending) end
$$;

-- Everything that the pages of a flow show in one browser: how far it has come, who is signed in, which code is on its way.
-- `p_subject`: what codes of the flow open; `p_isheld`: whether the flow holds its visitors for approval, so that an
-- earlier request of the same person is told. Writes nothing.
drop function if exists sign_up_view(uuid, timestamptz, text, bytea, bytea, text);
create or replace function sign_up_view(
  p_tenant uuid, p_now timestamptz, p_flow text, p_browser bytea, p_session bytea, p_subject text, p_isheld boolean)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select sign_up_shown(r, p_session) into v_run from sign_up_runs r
  where r.tenant_id = p_tenant and r.flow_id = p_flow and r.browser_hash = p_browser and r.expires_date_time > p_now;
  return jsonb_build_object(
    'run', v_run,
    'request', case
      when p_isheld and v_run->'ending' = 'null' and v_run->'proof'->>'address' is not null
        then sign_up_request_in_the_way(p_tenant, p_now, p_flow, v_run->'proof'->'identity', p_browser)
      when v_run->'ending'->>'kind' = 'held' then sign_up_request_shown(p_tenant, p_now, p_flow, p_browser) end,
    'session', (select s || jsonb_build_object('state', d->'state', 'userType', d->'userType', 'invitation',
        case d->>'state' when 'PendingAcceptance' then invitations_open_of(p_tenant, p_now, (s->>'userId')::uuid) end)
      from sign_in_live_session(p_tenant, p_now, p_session) s,
        lateral directory_subject(p_tenant, (s->>'userId')::uuid) d),
    'passcode', (select c from sign_in_newest_passcode(p_tenant, p_now, p_browser, p_subject) c));
end
$$;

-- Begins a run of a browser, or finds the one under way, and has a code sent where `p_passcode` asks for one. Outcomes:
-- begun; sent or limited, as `sign_in_passcodes_send` has it; signUpsLimited, when this network or flow has begun as many
-- in the last hour as it may; proved, when another step is due. With `p_leaving`, where somebody is sent to their home,
-- what is to be known when they come back is written, too, within the limits of `sign_in_flow_start`.
drop function if exists sign_up_begin(uuid, timestamptz, uuid, text, bytea, bytea, text, timestamptz, int, int, jsonb);
create or replace function sign_up_begin(
  p_tenant uuid, p_now timestamptz, p_id uuid, p_flow text, p_browser bytea, p_session bytea, p_client text,
  p_expires timestamptz, p_most_of_client int, p_most_of_flow int, p_passcode jsonb, p_leaving jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run sign_up_runs;
  v_isholder boolean;
  v_full timestamptz;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  if exists (select from sign_in_live_session(p_tenant, p_now, p_session)) then
    return '{"outcome": "proved"}';
  end if;
  select * into v_run from sign_up_runs
  where tenant_id = p_tenant and flow_id = p_flow and browser_hash = p_browser for update;
  v_isholder := v_run.session_hash = p_session and v_run.proof is not null;
  if v_run.expires_date_time > p_now and (v_run.ending is null or v_isholder) then
    if v_isholder and (v_run.ending is not null or v_run.proof->>'address' is not null or p_passcode is null) then
      return '{"outcome": "proved"}';
    end if;
  else
    perform pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'vestibule sign-up from', p_tenant, p_client), 0));
    v_full := coalesce(
      (select created_date_time from sign_up_runs where tenant_id = p_tenant and client_address = p_client
        and created_date_time > p_now - interval '1 hour' order by created_date_time desc offset p_most_of_client - 1 limit 1),
      sign_up_flow_full(p_tenant, p_now, p_flow, p_most_of_flow));
    if v_full is not null then
      return jsonb_build_object('outcome', 'signUpsLimited', 'retryAt', v_full + interval '1 hour');
    end if;
    if v_run.id is not null then
      perform sign_up_forget(p_tenant, v_run.id);
    end if;
    -- Two tabs that begin at once begin one run.
    insert into sign_up_runs (tenant_id, id, flow_id, browser_hash, client_address, created_date_time, expires_date_time)
    values (p_tenant, p_id, p_flow, p_browser, p_client, p_now, p_expires)
    on conflict (tenant_id, flow_id, browser_hash) do nothing;
  end if;
  if p_leaving is not null then
    v_full := sign_in_flow_start(p_tenant, p_now, p_leaving);
    if v_full is not null then
      return jsonb_build_object('outcome', 'signUpsLimited', 'retryAt', v_full);
    end if;
  end if;
  return case when p_passcode is null then '{"outcome": "begun"}'::jsonb
    else sign_in_passcodes_send(p_tenant, jsonb_build_array(p_passcode))->0 end;
end
$$;

-- When the sign-up began that fills a flow's hour; null: there is room for one more, until the transaction ends. One lock
-- for all of its visitors would be a queue, so it is taken alone only where the flow is nearly full. Further away they
-- share it: no more can be under way at once than the server has connections, and whoever wants it alone waits until
-- those are counted.
create or replace function sign_up_flow_full(p_tenant uuid, p_now timestamptz, p_flow text, p_most int)
returns timestamptz language plpgsql as $$
declare
  v_lock constant bigint := hashtextextended(concat_ws(' ', 'vestibule sign-up in', p_tenant, p_flow), 0);
  v_near constant int := p_most - current_setting('max_connections')::int;
begin
  if p_most is null then
    return null;
  end if;
  begin
    perform pg_advisory_xact_lock_shared(v_lock);
    if v_near < 1 or sign_up_nth_of_flow(p_tenant, p_now, p_flow, v_near) is not null then
      raise exception sqlstate 'VS001';
    end if;
    return null;
  exception when sqlstate 'VS001' then
    -- The shared lock is given back with the block: two that hold it could not both have it alone.
    perform pg_advisory_xact_lock(v_lock);
    return sign_up_nth_of_flow(p_tenant, p_now, p_flow, p_most);
  end;
end
$$;

-- When the nth sign-up of a flow's last hour began, counted from now; null when there are fewer.
create or replace function sign_up_nth_of_flow(p_tenant uuid, p_now timestamptz, p_flow text, p_n int)
returns timestamptz language sql as $$
  select created_date_time from sign_up_runs
  where tenant_id = p_tenant and flow_id = p_flow and created_date_time > p_now - interval '1 hour'
  order by created_date_time desc offset p_n - 1 limit 1
$$;

-- Checks the code of somebody who signs up. Right, it says whose address that is: `who` is `known`, whose account it opens,
-- signed in by this; `barred`, who may not sign in; `taken`, whose account is bound to another identity than a mailbox;
-- `new`, nobody's yet, kept in the run under the session `p_new_session`. Where a home has said who it is and only the
-- address was open, the code proves that, unless it opens an account by itself.
create or replace function sign_up_prove(
  p_tenant uuid, p_now timestamptz, p_flow text, p_browser bytea, p_subject text, p_code_hash bytea, p_session bytea,
  p_new_session bytea, p_ends timestamptz, p_log jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run sign_up_runs;
  v_try jsonb;
  v_user uuid;
  v_isconfirming boolean;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select * into v_run from sign_up_runs where tenant_id = p_tenant and flow_id = p_flow and browser_hash = p_browser
    and expires_date_time > p_now for update;
  if not found then
    return '{"outcome": "none"}';
  end if;
  v_isconfirming := v_run.proof is not null and v_run.session_hash is not distinct from p_session;
  if v_run.ending is not null or v_isconfirming and v_run.proof->>'address' is not null then
    return '{"outcome": "notDue"}';
  end if;
  v_try := sign_in_passcode_try(p_tenant, p_now, p_browser, p_subject, p_code_hash);
  if v_try->>'outcome' <> 'ok' then
    if (v_try->'isSpent') is distinct from 'true' then
      perform sign_in_log_as(p_tenant, p_now, directory_account_of_mail(p_tenant, lower(v_try->>'address')),
        'emailOneTimePasscode', v_try->>'outcome', p_log || jsonb_build_object('identifier', v_try->'address'));
    end if;
    return v_try;
  end if;
  v_user := directory_account_of_mail(p_tenant, v_try->>'folded');
  return v_try || case when v_isconfirming and v_user is null
    then sign_up_confirm(p_tenant, v_run, v_try)
    else sign_up_know(p_tenant, p_now, v_run, v_user,
      jsonb_build_object('identity', jsonb_build_object('signInType', 'federated', 'issuer', 'mail',
          'issuerAssignedId', v_try->'folded'),
        'address', v_try->'address', 'folded', v_try->'folded', 'toldAddress', null, 'method', 'emailOneTimePasscode',
        'homeClaims', '[]'::jsonb, 'provider', 'mail', 'claims', '{}'::jsonb),
      p_session, p_new_session, p_ends, p_log || jsonb_build_object('identifier', v_try->'address')) end;
end
$$;

-- The address of somebody whom their home has named without answering for one: `confirmed`, or `taken` by somebody whom
-- this code does not prove. Whose account the code opens is that person, whatever home they came by.
create or replace function sign_up_confirm(p_tenant uuid, p_run sign_up_runs, p_try jsonb)
returns jsonb language plpgsql as $$
declare
  v_holder uuid := directory_address_holder(p_tenant, p_try->>'folded');
begin
  if v_holder is not null then
    return jsonb_build_object('who', 'taken', 'identities', sign_up_identities(p_tenant, v_holder));
  end if;
  update sign_up_runs r set revision = r.revision + 1, proof = r.proof
    || jsonb_build_object('address', p_try->'address', 'folded', p_try->'folded', 'isConfirmed', true)
  where r.tenant_id = p_tenant and r.id = p_run.id
  returning * into p_run;
  return jsonb_build_object('who', 'confirmed', 'run', sign_up_shown(p_run, p_run.session_hash));
end
$$;

-- Takes somebody back whom a home has named. Outcomes as of a code, or `none` when no such run is under way.
create or replace function sign_up_arrive(
  p_tenant uuid, p_now timestamptz, p_flow text, p_browser bytea, p_proof jsonb, p_session bytea, p_new_session bytea,
  p_ends timestamptz, p_log jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run sign_up_runs;
  v_user uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_home_must_stand(p_tenant, p_proof->>'method', p_proof->'identity'->>'issuer');
  select * into v_run from sign_up_runs where tenant_id = p_tenant and flow_id = p_flow and browser_hash = p_browser
    and expires_date_time > p_now for update;
  if not found or v_run.ending is not null then
    return '{"who": "none"}';
  end if;
  select u into v_user from directory_known_by(p_tenant, p_proof->'identity'->>'issuer',
    p_proof->'identity'->>'issuerAssignedId', p_proof->>'folded') u;
  return sign_up_know(p_tenant, p_now, v_run, v_user, p_proof, p_session, p_new_session, p_ends, p_log);
end
$$;

-- Somebody has proved who they are: `p_user`, if that is anybody here. What an earlier session of the same person had
-- answered in this run is theirs still; of anybody else it goes.
create or replace function sign_up_know(
  p_tenant uuid, p_now timestamptz, p_run sign_up_runs, p_user uuid, p_proof jsonb, p_session bytea,
  p_new_session bytea, p_ends timestamptz, p_log jsonb)
returns jsonb language plpgsql as $$
declare
  v_method constant text := p_proof->>'method';
  v_logged constant text := case v_method when 'emailOneTimePasscode' then v_method else 'federated' end;
  v_holder uuid;
  v_bar text;
begin
  if p_user is not null then
    v_bar := sign_in_bar(p_tenant, p_now, p_user);
    perform sign_in_log_as(p_tenant, p_now, p_user, v_logged, coalesce(v_bar, 'ok'), p_log);
    if v_bar is not null then
      return '{"who": "barred"}';
    end if;
    perform sign_up_sign_in(p_tenant, p_now, p_user, p_proof, p_session, p_new_session, p_ends);
    update sign_up_runs set revision = revision + 1, session_hash = p_new_session, proof = null, prefill = null,
      answers = null, overrides = null, notice = null,
      ending = jsonb_build_object('kind', 'known', 'userId', p_user)
    where tenant_id = p_tenant and id = p_run.id;
    return jsonb_build_object('who', 'known', 'userId', p_user, 'state', directory_subject(p_tenant, p_user)->'state',
      'invitation', invitations_open_of(p_tenant, p_now, p_user));
  end if;
  v_holder := directory_address_holder(p_tenant, p_proof->>'folded');
  if v_holder is not null then
    perform sign_in_log_as(p_tenant, p_now, v_holder, v_logged, 'wrongAccount', p_log);
    return jsonb_build_object('who', 'taken', 'identities', sign_up_identities(p_tenant, v_holder));
  end if;
  if p_session is not null then
    perform sign_in_browser_end(p_tenant, p_session);
  end if;
  update sign_up_runs r set revision = r.revision + 1, session_hash = p_new_session, proof = p_proof,
    prefill = case when r.proof->'identity' = p_proof->'identity' then r.prefill end,
    answers = case when r.proof->'identity' = p_proof->'identity' then r.answers end,
    overrides = null, notice = null
  where r.tenant_id = p_tenant and r.id = p_run.id
  returning * into p_run;
  return jsonb_build_object('who', 'new', 'run', sign_up_shown(p_run, p_new_session));
end
$$;

-- Signs a browser in as whoever was proved.
create or replace function sign_up_sign_in(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_proof jsonb, p_session bytea, p_new_session bytea, p_ends timestamptz)
returns void language plpgsql as $$
declare
  v_subject jsonb := directory_subject(p_tenant, p_user);
  v_address text := coalesce(p_proof->>'address', v_subject->>'mail', '');
begin
  perform sign_in_session_start(p_tenant, p_now, p_new_session, p_session, p_user, v_address,
    coalesce(p_proof->>'folded', lower(v_address)), p_proof->>'method', p_ends,
    case p_proof->>'method' when 'emailOneTimePasscode' then '{otp}'::text[] else '{}' end,
    array(select jsonb_array_elements_text(p_proof->'homeClaims')));
  if p_proof->>'method' <> 'emailOneTimePasscode' then
    perform sign_in_session_identify(p_tenant, p_new_session, p_proof->'identity'->>'issuer',
      p_proof->'identity'->>'issuerAssignedId');
  end if;
end
$$;

-- By what somebody is known, for the page that tells where they sign in.
create or replace function sign_up_identities(p_tenant uuid, p_user uuid)
returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('issuer', n.issuer, 'subject', n.issuer_assigned_id)), '[]')
  from user_identities n where n.tenant_id = p_tenant and n.user_id = p_user
$$;

-- Keeps answers of whoever holds the run, whatever step they are at, as long as no guest was made of them; what came behind
-- them is to be done again. `p_asks`: whether the first connector has to have been asked before. Null: not now.
create or replace function sign_up_answer(
  p_tenant uuid, p_now timestamptz, p_flow text, p_browser bytea, p_session bytea, p_asks boolean, p_answers jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run sign_up_runs;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  update sign_up_runs r set revision = r.revision + 1, answers = p_answers, overrides = null, notice = null
  where r.tenant_id = p_tenant and r.flow_id = p_flow and r.browser_hash = p_browser and r.expires_date_time > p_now
    and r.session_hash = p_session and r.ending is null and r.proof->>'address' is not null
    and (not p_asks or r.prefill is not null)
  returning * into v_run;
  return case when found then sign_up_shown(v_run, p_session) end;
end
$$;

-- Keeps what a step came to, unless the run has moved on since it was read: null then, and whoever called looks again.
-- What was told goes with an ending; who it was stays, since only they read how it ended.
create or replace function sign_up_keep(
  p_tenant uuid, p_now timestamptz, p_id uuid, p_session bytea, p_revision int, p_changes jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run sign_up_runs;
  v_isopen constant boolean := p_changes->'ending' is null;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  update sign_up_runs r set revision = r.revision + 1,
    prefill = case when v_isopen then coalesce(p_changes->'prefill', r.prefill) end,
    answers = case when v_isopen then r.answers end,
    overrides = case when v_isopen then coalesce(p_changes->'overrides', r.overrides) end,
    notice = case when v_isopen then coalesce(p_changes->>'notice', r.notice) end,
    ending = p_changes->'ending'
  where r.tenant_id = p_tenant and r.id = p_id and r.session_hash = p_session and r.revision = p_revision
    and r.ending is null and r.expires_date_time > p_now
  returning * into v_run;
  return case when found then sign_up_shown(v_run, p_session) end;
end
$$;

-- Has the home that named whoever holds a run stay one of the organization's until the transaction ends. Of one that is gone,
-- the run knows it by now.
create or replace function sign_up_hold_home(p_tenant uuid, p_id uuid)
returns void language sql as $$
  select sign_in_home_stands(r.tenant_id, r.proof->>'method', r.proof->'identity'->>'issuer') from sign_up_runs r
  where r.tenant_id = p_tenant and r.id = p_id and r.proof is not null
$$;

-- A provider that goes, or has another issuer, has named nobody: whoever it named in a run that is under way starts over.
create or replace function sign_up_forget_home()
returns trigger language plpgsql as $$
begin
  update sign_up_runs set revision = revision + 1, session_hash = null, proof = null, prefill = null, answers = null,
    overrides = null, notice = null
  where tenant_id = old.tenant_id and proof->>'provider' = old.id and ending is null;
  return null;
end
$$;
create or replace trigger identity_providers_end_runs after delete on identity_providers
for each row execute function sign_up_forget_home();
create or replace trigger identity_providers_move_runs after update of issuer on identity_providers
for each row when (old.issuer is distinct from new.issuer) execute function sign_up_forget_home();

-- Makes the guest of a run, once: user, identity, answers, audit, session and the run's end commit together. Outcomes:
-- done (also when it was done before: the holder of the run is signed in); known, when what they proved opens an account
-- by now, somebody invited them meanwhile say, and they are signed in to that; stale, when policies changed since it was
-- decided; moved, when the run did; addressTaken; barred, when the account is theirs and may not sign in; lost, when no
-- such run is there.
create or replace function sign_up_finish(
  p_tenant uuid, p_now timestamptz, p_version int, p_id uuid, p_session bytea, p_revision int, p_agreed_to text,
  p_initial_domain text, p_guest jsonb, p_ends timestamptz, p_audit_id uuid, p_log jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run sign_up_runs;
  v_made jsonb;
  v_user uuid;
  v_ismade boolean;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  if tenants_version(p_tenant) is distinct from p_version then
    return '{"outcome": "stale"}';
  end if;
  perform sign_up_hold_home(p_tenant, p_id);
  select * into v_run from sign_up_runs where tenant_id = p_tenant and id = p_id and session_hash = p_session
    and expires_date_time > p_now for update;
  if not found then
    return '{"outcome": "lost"}';
  elsif v_run.ending->>'kind' in ('guest', 'known') then
    return jsonb_build_object('outcome', case v_run.ending->>'kind' when 'guest' then 'done' else 'known' end,
      'userId', v_run.ending->'userId');
  elsif v_run.revision <> p_revision or v_run.ending is not null then
    return '{"outcome": "moved"}';
  end if;
  v_made := directory_add_self_service_guest(p_tenant, p_now, p_initial_domain, p_guest);
  v_ismade := v_made->>'outcome' = 'created';
  v_user := coalesce((v_made->>'userId')::uuid, sign_up_opened_by(p_tenant, v_run.proof));
  if v_user is null then
    return v_made;
  elsif v_ismade then
    perform audit_add(p_tenant, p_now, array[p_audit_id], array['Add user'], 'Core Directory',
      jsonb_build_object('kind', 'user', 'id', v_user, 'displayName', v_run.proof->'address'), array[v_user],
      array[jsonb_build_object('userFlow', v_run.flow_id, 'creationType', 'SelfServiceSignUp')
        || case when p_agreed_to is null then '{}' else jsonb_build_object('termsOfUse', p_agreed_to) end]);
  end if;
  return sign_up_enter(p_tenant, p_now, v_run, v_user, v_ismade, p_session, p_ends, p_log);
end
$$;

-- Ends a run by signing its browser in: to the account that was made of it (done), or to one that was there (known; barred,
-- and nothing is done, when that may not sign in).
create or replace function sign_up_enter(
  p_tenant uuid, p_now timestamptz, p_run sign_up_runs, p_user uuid, p_ismade boolean, p_session bytea, p_ends timestamptz,
  p_log jsonb)
returns jsonb language plpgsql as $$
begin
  if not p_ismade and sign_in_bar(p_tenant, p_now, p_user) is not null then
    return '{"outcome": "barred"}';
  end if;
  if (p_run.proof->>'isConfirmed')::boolean and not exists (
    select from user_identities n where n.tenant_id = p_tenant and n.issuer = p_run.proof->'identity'->>'issuer'
      and n.issuer_assigned_id = p_run.proof->'identity'->>'issuerAssignedId' and n.user_id = p_user) then
    -- What opened it is the code, not the home.
    p_run.proof := p_run.proof || '{"method": "emailOneTimePasscode", "homeClaims": []}';
  end if;
  -- The handle was given out when they proved who they are; from now on it is a session.
  perform sign_up_sign_in(p_tenant, p_now, p_user, p_run.proof, p_session, p_session, p_ends);
  perform sign_in_log_as(p_tenant, p_now, p_user,
    case p_run.proof->>'method' when 'emailOneTimePasscode' then 'emailOneTimePasscode' else 'federated' end, 'ok', p_log);
  update sign_up_runs set revision = revision + 1, proof = null, prefill = null, answers = null, overrides = null,
    notice = null,
    ending = jsonb_build_object('kind', case when p_ismade then 'guest' else 'known' end, 'userId', p_user)
  where tenant_id = p_tenant and id = p_run.id;
  return jsonb_build_object('outcome', case when p_ismade then 'done' else 'known' end, 'userId', p_user);
end
$$;

-- Whose account a proof opens that has its address: by the home that named them, or by the code to their mailbox. Null:
-- nobody's.
create or replace function sign_up_opened_by(p_tenant uuid, p_proof jsonb)
returns uuid language plpgsql stable as $$
declare
  v_iscode constant boolean := p_proof->>'method' = 'emailOneTimePasscode' or p_proof ? 'isConfirmed';
begin
  return coalesce(
    (select u from directory_known_by(p_tenant, p_proof->'identity'->>'issuer',
      p_proof->'identity'->>'issuerAssignedId', case when not v_iscode then p_proof->>'folded' end) u),
    case when v_iscode then directory_account_of_mail(p_tenant, p_proof->>'folded') end);
end
$$;

-- Forgets a run that its visitor wants to begin anew, as whoever. One in which nobody was proved is gone on with.
create or replace function sign_up_restart(p_tenant uuid, p_flow text, p_browser bytea)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_up_forget(p_tenant, r.id) from sign_up_runs r
  where r.tenant_id = p_tenant and r.flow_id = p_flow and r.browser_hash = p_browser
    and (r.proof is not null or r.ending is not null);
end
$$;

-- Takes everything out of a run that its browser is done with, and the browser too: what is left is that it was begun,
-- which the limits count. However often one browser begins, each time counts.
create or replace function sign_up_forget(p_tenant uuid, p_id uuid)
returns void language plpgsql as $$
begin
  update sign_up_runs set revision = revision + 1, browser_hash = sha256(uuid_send(p_id)), session_hash = null, proof = null,
    prefill = null, answers = null, overrides = null, notice = null, ending = null
  where tenant_id = p_tenant and id = p_id;
end
$$;

-- Ends a run whose visitor waits for approval, and holds them. Outcomes: held; moved, when the run has moved on; known, when
-- what they proved opens an account by now, so that nobody has to approve them, and they are signed in to that; barred, when
-- that may not sign in.
drop function if exists sign_up_hold(uuid, timestamptz, uuid, bytea, int, jsonb, bytea);
create or replace function sign_up_hold(
  p_tenant uuid, p_now timestamptz, p_id uuid, p_session bytea, p_revision int, p_request jsonb, p_browser bytea,
  p_ends timestamptz, p_log jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_run sign_up_runs;
  v_user uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_up_hold_home(p_tenant, p_id);
  select * into v_run from sign_up_runs where tenant_id = p_tenant and id = p_id and session_hash = p_session
    and revision = p_revision and ending is null and expires_date_time > p_now for update;
  if not found then
    return '{"outcome": "moved"}';
  end if;
  v_user := sign_up_opened_by(p_tenant, v_run.proof);
  if v_user is not null then
    return sign_up_enter(p_tenant, p_now, v_run, v_user, false, p_session, p_ends, p_log);
  end if;
  update sign_up_runs set revision = revision + 1, proof = null, prefill = null, answers = null, overrides = null,
    notice = null, ending = '{"kind": "held"}'
  where tenant_id = p_tenant and id = p_id;
  return sign_up_request_hold(p_tenant, p_now, p_request, p_browser) || '{"outcome": "held"}';
end
$$;

-- Forgets runs whose time is over, an hour after, since limits look back that long.
create or replace function sign_up_purge(p_tenant uuid, p_now timestamptz, p_most int)
returns int language plpgsql as $$
declare
  v_count int;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  delete from sign_up_runs where tenant_id = p_tenant and id in (
    select id from sign_up_runs where tenant_id = p_tenant and expires_date_time < p_now - interval '1 hour' limit p_most);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
