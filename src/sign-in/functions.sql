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

-- Tries a code against the newest one of this browser and subject. Each try counts, whoever makes it.
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
    return jsonb_build_object('outcome', 'none');
  elsif v_code.used_date_time is not null or v_code.expires_date_time <= p_now then
    return jsonb_build_object('outcome', 'expired', 'address', v_code.address);
  elsif v_code.tries_left = 0 then
    return jsonb_build_object('outcome', 'usedUp', 'address', v_code.address);
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

-- A first step was taken. What the home provider said of it stays its word.
drop function if exists sign_in_session_start(uuid, timestamptz, bytea, bytea, uuid, text, text, text, timestamptz);
create or replace function sign_in_session_start(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_replaces bytea, p_user uuid, p_address text, p_folded text,
  p_method text, p_expires timestamptz, p_amr text[], p_home_claims text[])
returns void language plpgsql as $$
begin
  if p_replaces is not null then
    delete from sessions where tenant_id = p_tenant and handle_hash = p_replaces;
  end if;
  insert into sessions (tenant_id, handle_hash, user_id, address, address_folded, authentication_method,
    created_date_time, expires_date_time, amr, home_claims)
  values (p_tenant, p_handle, p_user, p_address, p_folded, p_method, p_now, p_expires, p_amr, p_home_claims);
end
$$;

-- The same session under a new handle, because it may do more from now on: whoever knew the old handle has nothing.
-- It ends when it would have ended. False when the old one is no live session (any more).
drop function if exists sign_in_session_rotate(uuid, timestamptz, bytea, bytea, timestamptz, text[], uuid);
create or replace function sign_in_session_rotate(
  p_tenant uuid, p_now timestamptz, p_old bytea, p_new bytea, p_amr text[], p_codes_to_keep uuid)
returns boolean language plpgsql as $$
begin
  if not exists (select 1 from sign_in_live_session(p_tenant, p_now, p_old)) then
    return false;
  end if;
  update sessions set amr = amr || array(select a from unnest(p_amr) a where a <> all (amr)),
    codes_to_keep = coalesce(p_codes_to_keep, codes_to_keep)
  where tenant_id = p_tenant and handle_hash = p_old;
  if not found then
    return false;
  end if;
  perform sign_in_session_move(p_tenant, p_old, p_new);
  return true;
end
$$;

-- Gives a browser another handle, in every organization that it is signed in to under this one.
drop function if exists sign_in_session_follow(uuid, bytea, bytea);
create or replace function sign_in_session_move(p_tenant uuid, p_old bytea, p_new bytea)
returns void language plpgsql as $$
declare
  v_tenant uuid;
begin
  foreach v_tenant in array sign_in_reached_by(p_tenant, p_old) loop
    perform set_config('vestibule.tenant', v_tenant::text, true);
    update sessions set handle_hash = p_new where tenant_id = v_tenant and handle_hash = p_old;
  end loop;
  perform set_config('vestibule.tenant', p_tenant::text, true);
end
$$;

-- Where a browser that is signed in here may be signed in under the same handle, this organization first. What it went on
-- to from each of them counts, too: a member goes from home to one place by their mailbox and to another as a member.
create or replace function sign_in_reached_by(p_tenant uuid, p_handle bytea)
returns uuid[] language plpgsql as $$
declare
  v_found uuid[] := array[p_tenant];
  v_next int := 1;
begin
  while v_next <= cardinality(v_found) loop
    perform set_config('vestibule.tenant', v_found[v_next]::text, true);
    v_found := v_found || array(
      select t from sessions s cross join lateral unnest(sign_in_tenants_of(s.tenant_id, s)) t
      where s.tenant_id = v_found[v_next] and s.handle_hash = p_handle and t <> all (v_found));
    v_next := v_next + 1;
  end loop;
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return v_found;
end
$$;

-- By what the person of a session is known to other organizations of this deployment, as far as the deployment itself has
-- taken the proof: a code to the mailbox, or membership in one of its organizations. What a provider said that an
-- administrator of this organization set up proves nothing to any other.
create or replace function sign_in_proofs(p_tenant uuid, p_session sessions)
returns table (issuer text, subject text) language sql stable as $$
  select 'mail', p_session.address_folded
  where p_session.authentication_method = 'emailOneTimePasscode' and p_session.identity_issuer is null
  union all
  select 'ExternalAzureAD', p_tenant || '/' || u.id from users u
  where u.tenant_id = p_tenant and u.id = p_session.user_id and u.user_type = 'Member' and u.external_user_state is null
    and p_session.authentication_method = 'emailOneTimePasscode' and p_session.identity_issuer is null
    and exists (select 1 from domains d where d.tenant_id = p_tenant and d.is_verified
      and lower(d.name) = split_part(p_session.address_folded, '@', 2))
  union all
  select 'ExternalAzureAD', p_session.identity_subject
  where p_session.authentication_method = 'organization' and p_session.identity_issuer = 'ExternalAzureAD'
$$;

-- The other organizations that know the person of a session by one of these proofs, and those whose own the person is.
create or replace function sign_in_tenants_of(p_tenant uuid, p_session sessions)
returns uuid[] language sql stable as $$
  select array(
    select k.tenant_id from sign_in_proofs(p_tenant, p_session) p
    join known_identities k on k.identity_hash = directory_identity_hash(p.issuer, p.subject)
    where k.tenant_id <> p_tenant
    union
    select split_part(p.subject, '/', 1)::uuid from sign_in_proofs(p_tenant, p_session) p
    where p.issuer = 'ExternalAzureAD' and split_part(p.subject, '/', 1) <> p_tenant::text
    union
    select d.tenant_id from sign_in_proofs(p_tenant, p_session) p
    join domains d on lower(d.name) = split_part(p.subject, '@', 2) and d.is_verified
    where p.issuer = 'mail' and d.tenant_id <> p_tenant)
$$;

-- Notes that a session is used, and by what kind of browser: at most every five minutes, since it is asked for with every
-- page, and `p_at_once` when it is another kind than was noted. Waits for nobody: whoever has the row notes the same.
create or replace function sign_in_touch(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_family text, p_at_once boolean default true)
returns void language plpgsql as $$
begin
  update sessions set last_used_date_time = p_now, browser_family = coalesce(p_family, browser_family)
  where tenant_id = p_tenant and handle_hash = (
    select s.handle_hash from sessions s where s.tenant_id = p_tenant and s.handle_hash = p_handle
      and (coalesce(s.last_used_date_time, s.created_date_time) < p_now - interval '5 minutes'
        or p_at_once and s.browser_family is distinct from coalesce(p_family, s.browser_family))
    for update skip locked);
end
$$;

-- What a session is called outside: the same each time, and no way back to the cookie.
create or replace function sign_in_session_uid(p_handle bytea)
returns bytea language sql immutable parallel safe as $$
  select sha256('session'::bytea || p_handle)
$$;

-- New handles for many whose sessions were just seen to be live and reach no other organization. A null is nobody's.
create or replace function sign_in_sessions_rotate(p_tenant uuid, p_old bytea[], p_new bytea[])
returns void language plpgsql as $$
begin
  update sessions s set handle_hash = r.new from unnest(p_old, p_new) as r (old, new)
  where s.tenant_id = p_tenant and s.handle_hash = r.old;
end
$$;

-- `provesEnough` (policies) for statements that look for themselves. `p_demand` is what `secondStepDemand` gave; a process
-- of the release before gives none and knows no policy that asks.
create or replace function sign_in_proves_enough(p_session jsonb, p_demand jsonb)
returns boolean language plpgsql stable as $$
begin
  return p_demand is null or not (p_demand->>'isDemanded')::boolean or p_session->'amr' ? 'mfa'
    or exists (select 1 from jsonb_array_elements_text(p_session->'homeClaims') c where p_demand->'homeClaims' ? c);
end
$$;

-- Whom a home says a session is of; without one it is whoever reads the mailbox.
create or replace function sign_in_session_identify(p_tenant uuid, p_handle bytea, p_issuer text, p_subject text)
returns void language sql as $$
  update sessions set identity_issuer = p_issuer, identity_subject = p_subject
  where tenant_id = p_tenant and handle_hash = p_handle
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
  return true;
end
$$;

-- A live session, no row otherwise. Sessions from before `signInSessionsValidFromDateTime` and of people who were
-- disabled or deleted, or whose access has ended, are none. In SQL, so that the planner sees through it.
create or replace function sign_in_live_session(p_tenant uuid, p_now timestamptz, p_handle bytea)
returns setof jsonb language sql stable as $$
  select jsonb_build_object('userId', s.user_id, 'address', s.address, 'folded', s.address_folded,
    'createdAt', s.created_date_time, 'expiresAt', s.expires_date_time, 'method', s.authentication_method,
    'amr', to_jsonb(s.amr), 'homeClaims', to_jsonb(s.home_claims), 'codesToKeep', s.codes_to_keep,
    'issuer', s.identity_issuer, 'subject', s.identity_subject)
  from sessions s, lateral directory_sessions_count_from(p_tenant, s.user_id, p_now) valid_from
  where s.tenant_id = p_tenant and s.handle_hash = p_handle and s.expires_date_time > p_now
    and s.created_date_time >= valid_from
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

-- Browsers that the person of a session is signed in with, this one first, then the newest.
drop function if exists my_apps_sessions(uuid, timestamptz, bytea);
create or replace function sign_in_browsers(p_tenant uuid, p_now timestamptz, p_handle bytea)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', encode(sign_in_session_uid(s.handle_hash), 'hex'),
      'isCurrent', s.handle_hash = p_handle, 'family', s.browser_family, 'createdAt', s.created_date_time,
      'usedAt', coalesce(s.last_used_date_time, s.created_date_time))
      order by s.handle_hash = p_handle desc, coalesce(s.last_used_date_time, s.created_date_time) desc)
    from (
      select theirs.* from sessions mine join sessions theirs
        on theirs.tenant_id = p_tenant and theirs.user_id = mine.user_id
      where mine.tenant_id = p_tenant and mine.handle_hash = p_handle
        and exists (select from sign_in_live_session(p_tenant, p_now, theirs.handle_hash))
      order by theirs.handle_hash = p_handle desc, theirs.created_date_time desc limit 50) s), '[]');
end
$$;

-- Handles of the same browsers. `p_which`: `this`, `others`, or `one` with its id.
create or replace function sign_in_browsers_of(p_tenant uuid, p_handle bytea, p_which text, p_id bytea)
returns bytea[] language sql stable as $$
  select array(
    select theirs.handle_hash from sessions mine join sessions theirs
      on theirs.tenant_id = p_tenant and theirs.user_id = mine.user_id
    where mine.tenant_id = p_tenant and mine.handle_hash = p_handle and case p_which
      when 'this' then theirs.handle_hash = p_handle
      when 'others' then theirs.handle_hash <> p_handle
      else sign_in_session_uid(theirs.handle_hash) = p_id end)
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
  if p_log is not null and v_try->>'outcome' <> 'none' then
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

create or replace function sign_in_session_end(p_tenant uuid, p_handle bytea)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  delete from sessions where tenant_id = p_tenant and handle_hash = p_handle;
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

-- Keeps a session under the hash that the secret in force makes of its handle.
create or replace function sign_in_renew_session(p_tenant uuid, p_old bytea, p_new bytea)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_session_move(p_tenant, p_old, p_new);
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

-- A session that ends leaves behind when it began. Written when it goes and not when it comes, so that nobody waits for
-- it while signing in; in the order of ids, as everybody does who locks several.
create or replace function sign_in_remember()
returns trigger language plpgsql as $$
begin
  insert into past_sign_ins (tenant_id, user_id, last_date_time)
  select tenant_id, user_id, max(created_date_time) from gone group by tenant_id, user_id order by user_id
  on conflict (tenant_id, user_id) do update
    set last_date_time = greatest(past_sign_ins.last_date_time, excluded.last_date_time);
  return null;
end
$$;
create or replace trigger sessions_remember after delete on sessions referencing old table as gone
for each statement execute function sign_in_remember();

-- When everybody of the organization who ever signed in did so last, some of them more than once. For `$filter`: a range
-- of it reads the indexes by time, and of each time whether the person came again.
create or replace function sign_in_latest()
returns table (tenant_id uuid, user_id uuid, last_date_time timestamptz) language sql stable as $$
  select s.tenant_id, s.user_id, s.created_date_time from sessions s
  where not exists (select from sessions later where later.tenant_id = s.tenant_id and later.user_id = s.user_id
      and later.created_date_time > s.created_date_time)
    and not exists (select from past_sign_ins p where p.tenant_id = s.tenant_id and p.user_id = s.user_id
      and p.last_date_time > s.created_date_time)
  union all
  select p.tenant_id, p.user_id, p.last_date_time from past_sign_ins p
  where not exists (select from sessions later where later.tenant_id = p.tenant_id and later.user_id = p.user_id
    and later.created_date_time > p.last_date_time)
$$;

-- When each of these people signed in last, as far as they ever did.
create or replace function sign_in_last(p_tenant uuid, p_users uuid[])
returns table (user_id uuid, last_date_time timestamptz) language sql stable as $$
  select wanted.id, greatest(
    (select max(s.created_date_time) from sessions s where s.tenant_id = p_tenant and s.user_id = wanted.id),
    (select p.last_date_time from past_sign_ins p where p.tenant_id = p_tenant and p.user_id = wanted.id))
  from unnest(p_users) as wanted (id)
$$;
