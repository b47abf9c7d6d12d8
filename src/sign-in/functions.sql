-- Asks for passcodes within the limits, which stop sending only: for each row of `p_rows` its outcome, in order. One
-- statement at a time for one address and for one client network, so that the limits are exact under a burst.
create or replace function sign_in_passcodes_send(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_outcomes jsonb := '[]';
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  -- In one order for all of them, or two statements could wait for each other.
  perform pg_advisory_xact_lock(k.key) from (
    select distinct hashtextextended(name, 0) as key
    from jsonb_to_recordset(p_rows) as r (folded text, client text, channel text, "stepOf" uuid),
      unnest(array['vestibule passcode to ' || r.folded, 'vestibule passcode from ' || r.client,
        'vestibule passcode for ' || r."stepOf", case r.channel when 'sms' then 'vestibule texts of ' || p_tenant end]) as name
    where name is not null
    order by 1) k;
  for v_row in
    select * from jsonb_to_recordset(p_rows) as r (now timestamptz, id uuid, browser text, subject text, address text,
      folded text, language text, "codeHash" text, client text, channel text, digits int, minutes int, "stepOf" uuid,
      "mostTexts" int)
  loop
    v_outcomes := v_outcomes || coalesce(
      sign_in_second_step_limit(p_tenant, v_row.now, v_row."stepOf", v_row.channel, v_row."mostTexts"),
      sign_in_passcode_send(p_tenant, v_row.now, v_row.id, decode(v_row.browser, 'hex'),
        v_row.subject, v_row.address, v_row.folded, v_row.language, decode(v_row."codeHash", 'hex'), v_row.client,
        coalesce(v_row.channel, 'mail'), coalesce(v_row.digits, 8), coalesce(v_row.minutes, 30), v_row."stepOf"));
  end loop;
  return v_outcomes;
end
$$;

-- What holds for codes of second steps beside the limits of every code: ten a day for a person, whatever mailboxes and
-- numbers they name, and so many text messages a day for the organization. Null when none forbids one now.
create or replace function sign_in_second_step_limit(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_channel text, p_most_texts int)
returns jsonb language plpgsql as $$
declare
  v_at timestamptz;
begin
  if p_user is null then
    return null;
  end if;
  select created_date_time into v_at from passcodes
  where tenant_id = p_tenant and user_id = p_user and created_date_time > p_now - interval '24 hours'
  order by created_date_time desc offset 9 limit 1;
  if found then
    return jsonb_build_object('outcome', 'limited', 'limit', 'person', 'retryAt', v_at + interval '24 hours');
  end if;
  if p_channel = 'sms' and p_most_texts is not null then
    if p_most_texts = 0 then
      return jsonb_build_object('outcome', 'limited', 'limit', 'organization', 'retryAt', p_now + interval '24 hours');
    end if;
    select created_date_time into v_at from passcodes
    where tenant_id = p_tenant and channel = 'sms' and created_date_time > p_now - interval '24 hours'
    order by created_date_time desc offset p_most_texts - 1 limit 1;
    if found then
      return jsonb_build_object('outcome', 'limited', 'limit', 'organization', 'retryAt', v_at + interval '24 hours');
    end if;
  end if;
  return null;
end
$$;

-- One of them, with address and network locked. `p_channel`: `mail`, or `sms` for a number. `p_user`: whose second step
-- it is for.
drop function if exists sign_in_passcode_send(uuid, timestamptz, uuid, bytea, text, text, text, text, bytea, text);
drop function if exists sign_in_passcode_send(uuid, timestamptz, uuid, bytea, text, text, text, text, bytea, text, text);
create or replace function sign_in_passcode_send(
  p_tenant uuid, p_now timestamptz, p_id uuid, p_browser bytea, p_subject text, p_address text, p_folded text,
  p_language text, p_code_hash bytea, p_client text, p_channel text, p_digits int, p_minutes int, p_user uuid)
returns jsonb language plpgsql as $$
declare
  v_times timestamptz[];
  v_network timestamptz;
  -- What is assigned is no query of its own.
  v_void text;
begin
  select array_agg(t.created_date_time order by t.created_date_time desc) into v_times
  from (select created_date_time from passcodes
        where tenant_id = p_tenant and address_folded = p_folded and created_date_time > p_now - interval '24 hours'
        order by created_date_time desc limit 20) t;
  if v_times[1] > p_now - interval '30 seconds' then
    return jsonb_build_object('outcome', 'limited', 'limit', 'interval', 'retryAt', v_times[1] + interval '30 seconds');
  elsif v_times[20] is not null then
    return jsonb_build_object('outcome', 'limited', 'limit', 'day', 'retryAt', v_times[20] + interval '24 hours');
  elsif v_times[5] > p_now - interval '15 minutes' then
    return jsonb_build_object('outcome', 'limited', 'limit', 'window', 'retryAt', v_times[5] + interval '15 minutes');
  end if;

  select created_date_time into v_network from passcodes
  where tenant_id = p_tenant and client_address = p_client and created_date_time > p_now - interval '1 hour'
  order by created_date_time desc offset 59 limit 1;
  if found then
    return jsonb_build_object('outcome', 'limited', 'limit', 'client', 'retryAt', v_network + interval '1 hour');
  end if;

  insert into passcodes (tenant_id, id, browser_hash, subject, channel, address, address_folded, language, code_hash,
    client_address, tries_left, created_date_time, expires_date_time, digits, user_id)
  values (p_tenant, p_id, p_browser, p_subject, p_channel, p_address, p_folded, p_language, p_code_hash, p_client, 5, p_now,
    p_now + make_interval(mins => p_minutes), p_digits, p_user);
  v_void := outbox_add(p_tenant, 'passcode.' || p_channel, array[p_id], array[p_id]);
  return jsonb_build_object('outcome', 'sent');
end
$$;

-- Tries a code against the newest one of this browser and subject. Each try counts, whoever makes it, also of a code that
-- is over: `isSpent` says that there were as many as count before, so that nobody fills the log by trying on.
create or replace function sign_in_passcode_try(
  p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text, p_code_hash bytea)
returns jsonb language plpgsql as $$
declare
  v_code passcodes;
begin
  select * into v_code from passcodes
  where tenant_id = p_tenant and browser_hash = p_browser and subject = p_subject
  order by id desc limit 1
  for update;
  if not found then
    return jsonb_build_object('outcome', 'none', 'isSpent', true);
  elsif v_code.used_date_time is not null or v_code.expires_date_time <= p_now then
    update passcodes set tries_left = tries_left - 1 where tenant_id = p_tenant and id = v_code.id and tries_left > 0;
    return jsonb_build_object('outcome', 'expired', 'address', v_code.address, 'isSpent', v_code.tries_left = 0);
  elsif v_code.tries_left = 0 then
    return jsonb_build_object('outcome', 'usedUp', 'address', v_code.address, 'isSpent', true);
  elsif v_code.code_hash <> p_code_hash then
    update passcodes set tries_left = tries_left - 1 where tenant_id = p_tenant and id = v_code.id;
    return jsonb_build_object('outcome', case when v_code.tries_left = 1 then 'usedUp' else 'wrong' end,
      'triesLeft', v_code.tries_left - 1, 'address', v_code.address);
  end if;
  update passcodes set used_date_time = p_now where tenant_id = p_tenant and id = v_code.id;
  return jsonb_build_object('outcome', 'ok', 'address', v_code.address, 'folded', v_code.address_folded);
end
$$;

-- The newest passcode of a browser and subject, as far as a page may show it. In SQL, so that the planner sees through.
create or replace function sign_in_newest_passcode(p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text)
returns setof jsonb language sql stable as $$
  select jsonb_build_object('address', c.address, 'folded', c.address_folded, 'expiresAt', c.expires_date_time,
    'live', c.used_date_time is null and c.tries_left > 0 and c.expires_date_time > p_now,
    'usedAt', c.used_date_time, 'triesLeft', c.tries_left)
  from passcodes c
  where c.tenant_id = p_tenant and c.browser_hash = p_browser and c.subject = p_subject
  order by c.id desc limit 1
$$;

-- Why somebody may not sign in: `disabled`, `ended`; null when they may.
create or replace function sign_in_bar(p_tenant uuid, p_now timestamptz, p_user uuid)
returns text language sql stable as $$
  select case when exists (select from directory_sessions_count_from(p_tenant, p_user, p_now)) then null
    when (directory_subject(p_tenant, p_user)->>'accountEnabled')::boolean then 'ended' else 'disabled' end
$$;

-- Signs a browser in as whoever a home speaks of; false when that is nobody here, or somebody who may not sign in.
drop function if exists sign_in_arrive(uuid, timestamptz, text, text, text, text[], bytea, bytea, timestamptz);
drop function if exists sign_in_arrive(
  uuid, timestamptz, text, text, text, text[], bytea, bytea, timestamptz, jsonb);
create or replace function sign_in_arrive(
  p_tenant uuid, p_now timestamptz, p_issuer text, p_subject text, p_folded text, p_home_claims text[], p_session bytea,
  p_old_session bytea, p_session_ends timestamptz, p_method text, p_log jsonb)
returns boolean language plpgsql as $$
declare
  v_user uuid;
  v_mail text;
  v_outcome text;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_home_must_stand(p_tenant, p_method, p_issuer);
  select u into v_user from directory_known_by(p_tenant, p_issuer, p_subject, p_folded) u;
  v_outcome := case when v_user is null then 'wrongAccount' else coalesce(sign_in_bar(p_tenant, p_now, v_user), 'ok') end;
  perform sign_in_log_as(p_tenant, p_now, v_user, 'federated', v_outcome, p_log);
  if v_outcome <> 'ok' then
    return false;
  end if;
  v_mail := directory_subject(p_tenant, v_user)->>'mail';
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, v_user, coalesce(v_mail, ''),
    coalesce(lower(v_mail), ''), p_method, p_session_ends, '{}', p_home_claims);
  perform sign_in_session_identify(p_tenant, p_session, p_issuer, p_subject);
  perform directory_note_vouched(p_tenant, v_user, p_issuer, p_subject, p_folded);
  return true;
end
$$;

-- What the passcode mail needs; null when the mail was dealt with or the code is no longer wanted.
create or replace function sign_in_load_passcode(p_tenant uuid, p_now timestamptz, p_id uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select jsonb_build_object('address', c.address, 'language', c.language, 'createdAt', c.created_date_time,
      'expiresAt', c.expires_date_time, 'subject', c.subject, 'browser', encode(c.browser_hash, 'hex'),
      'codeHash', encode(c.code_hash, 'hex'), 'digits', c.digits,
      'wanted', c.used_date_time is null and c.tries_left > 0 and c.expires_date_time > p_now and not exists (
        select 1 from passcodes n where n.tenant_id = p_tenant and n.browser_hash = c.browser_hash
          and n.subject = c.subject and n.id > c.id))
    from passcodes c join outbox o on o.id = c.id
    where c.tenant_id = p_tenant and c.id = p_id);
end
$$;

-- The same for callers outside a tenant's transaction. `p_log`: for tries by which somebody signs in.
drop function if exists sign_in_try(uuid, timestamptz, bytea, text, bytea);
create or replace function sign_in_try(
  p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text, p_code_hash bytea, p_log jsonb)
returns jsonb language plpgsql as $$
declare
  v_try jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_try := sign_in_passcode_try(p_tenant, p_now, p_browser, p_subject, p_code_hash);
  if p_log is not null and (v_try->'isSpent') is distinct from 'true' then
    perform sign_in_log_as(p_tenant, p_now, directory_account_of_mail(p_tenant, lower(v_try->>'address')),
      'emailOneTimePasscode', v_try->>'outcome', p_log);
  end if;
  return v_try;
end
$$;

create or replace function sign_in_state(p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (select c from sign_in_newest_passcode(p_tenant, p_now, p_browser, p_subject) c);
end
$$;

-- Limits look back 24 hours, so passcodes, wrong second steps and wrong passwords stay that long and a day more.
create or replace function sign_in_purge(p_tenant uuid, p_now timestamptz, p_most int)
returns int language plpgsql as $$
declare
  v_sessions int;
  v_passcodes int;
  v_failures int;
  v_tries int;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform set_config('vestibule.now', p_now::text, true);
  delete from sessions where tenant_id = p_tenant and handle_hash in (
    select handle_hash from sessions where tenant_id = p_tenant and expires_date_time < p_now limit p_most);
  get diagnostics v_sessions = row_count;
  delete from passcodes where tenant_id = p_tenant and id in (
    select id from passcodes where tenant_id = p_tenant and created_date_time < p_now - interval '2 days' limit p_most);
  get diagnostics v_passcodes = row_count;
  delete from second_step_failures where tenant_id = p_tenant and (user_id, id) in (
    select user_id, id from second_step_failures
    where tenant_id = p_tenant and created_date_time < p_now - interval '2 days' limit p_most);
  get diagnostics v_failures = row_count;
  delete from password_tries where tenant_id = p_tenant and id in (
    select id from password_tries
    where tenant_id = p_tenant and created_date_time < p_now - interval '2 days' limit p_most);
  get diagnostics v_tries = row_count;
  return v_sessions + v_passcodes + v_failures + v_tries;
end
$$;

-- Passcodes of a browser, or of a session, under hashes that earlier secrets made of its handle.
drop function if exists sign_in_passcodes_of(uuid, bytea[]);
create or replace function sign_in_passcodes_of(p_tenant uuid, p_browsers bytea[])
returns table (id uuid, browser bytea, subject text, code_hash bytea, digits smallint) language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return query
  select c.id, c.browser_hash, c.subject, c.code_hash, c.digits from passcodes c
  where c.tenant_id = p_tenant and c.browser_hash = any (p_browsers);
end
$$;

-- Keeps a passcode under other hashes, unless somebody was faster.
create or replace function sign_in_renew_passcode(
  p_tenant uuid, p_id uuid, p_old_code_hash bytea, p_browser bytea, p_code_hash bytea)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  update passcodes set browser_hash = p_browser, code_hash = p_code_hash
  where tenant_id = p_tenant and id = p_id and code_hash = p_old_code_hash;
end
$$;

-- Remembers a browser that is sent to its home, beside what else the statement of whoever sends it writes. `p_flow`: a
-- `StartedFlow` (federation/flow-store.ts). Anybody can begin one, so there are bounds; those of a network and a browser are exact:
--   A network: a thousand begun within the hour that led to nobody's sign-in, so far. With more nothing is written, and the
--   answer is when the next may begin; else it is null.
--   The organization: fifty thousand, whatever networks they are of; looked at once in a hundred times or so, since it counts.
--   A browser: five that its home has not answered, of which the oldest goes. Whoever goes back and picks again, however
--   often, is one row in five, and no run of a user flow is more of them than that.
drop function if exists sign_in_flow_start(uuid, timestamptz, jsonb);
create or replace function sign_in_flow_start(p_tenant uuid, p_now timestamptz, p_flow jsonb)
returns timestamptz language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  v_network constant text := p_flow->>'network';
  v_browser constant bytea := decode(p_flow->>'browserHash', 'hex');
  v_full timestamptz;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  -- In one order for all of them, or two statements could wait for each other.
  perform pg_advisory_xact_lock(k.key) from (
    select hashtextextended(concat_ws(' ', 'vestibule homes from', p_tenant, whose), 0) as key
    from unnest(array[v_network, p_flow->>'browserHash']) as whose order by 1) k;
  select f.created_date_time into v_full from sign_in_flows f
  where f.tenant_id = p_tenant and f.network = v_network and f.created_date_time > p_now - interval '1 hour'
  order by f.created_date_time desc offset 999 limit 1;
  if found then
    return v_full + interval '1 hour';
  end if;
  delete from sign_in_flows where tenant_id = p_tenant and id in (
    select f.id from sign_in_flows f
    where f.tenant_id = p_tenant and f.browser_hash = v_browser and f.status = 'started'
    order by f.created_date_time desc, f.id offset 4);
  insert into sign_in_flows (tenant_id, id, browser_hash, network, purpose, home, secrets_sealed, status, created_date_time,
    expires_date_time)
  values (p_tenant, decode(p_flow->>'id', 'hex'), v_browser, v_network, p_flow->'purpose', p_flow->'home',
    decode(p_flow->>'secretsSealed', 'hex'), 'started', p_now, (p_flow->>'expiresDateTime')::timestamptz);
  if hashtext(p_flow->>'id') % 100 = 0 then
    perform sign_in_flows_bound(p_tenant, 50000);
  end if;
  return null;
end
$$;
