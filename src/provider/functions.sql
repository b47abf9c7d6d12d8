-- Everything a token says of people at one application, and whether they may have it; of each in order, null when there
-- is no such person. The statements of a sign-in look each row up by its keys, whatever the planner thinks of the sizes: a
-- plan made while a table is small is kept while it grows.
create or replace function provider_accounts(p_tenant uuid, p_users uuid[], p_principal uuid, p_groups text)
returns jsonb[] language plpgsql stable set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  return array(
    -- A question in `select` is asked for each row by its key; in `from` it would be the planner's to turn around.
    select (select d from directory_subjects(p_tenant, a.user_id) d) || jsonb_build_object(
      'roleIds', array(select r from applications_roles_of(p_tenant, a.user_id, p_principal) r order by r),
      'groups', case p_groups
        when 'all' then array(select group_id from directory_groups_of(p_tenant, a.user_id) order by group_id)
        when 'assigned' then array(
          select g.group_id from directory_groups_of(p_tenant, a.user_id) g
          where exists (select 1 from app_role_assignments r where r.tenant_id = p_tenant
            and r.resource_id = p_principal and r.principal_id = g.group_id) order by g.group_id)
        else '{}' end,
      'consented', array(select distinct unnest(g.scopes) from permission_grants g
        where g.tenant_id = p_tenant and g.client_id = p_principal
          and (g.principal_id is null or g.principal_id = a.user_id)))
    from unnest(p_users) with ordinality a (user_id, n) order by a.n);
end
$$;

-- The same of one.
create or replace function provider_account(p_tenant uuid, p_user uuid, p_principal uuid, p_groups text)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (provider_accounts(p_tenant, array[p_user], p_principal, p_groups))[1];
end
$$;

-- The live session of a browser, and how far its person has come; null without one.
drop function if exists provider_session(uuid, timestamptz, bytea);
create or replace function provider_session(p_tenant uuid, p_now timestamptz, p_handle bytea, p_family text)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_touch(p_tenant, p_now, p_handle, p_family);
  return (
    select s || jsonb_build_object('state', d->'state', 'userType', d->'userType')
    from sign_in_live_session(p_tenant, p_now, p_handle) s,
      lateral directory_subject(p_tenant, (s->>'userId')::uuid) d);
end
$$;

-- Checks the code of somebody on their way to an application and, where it is right and the mailbox is an account's,
-- signs the browser in.
drop function if exists provider_prove(uuid, timestamptz, bytea, text, bytea, bytea, bytea, timestamptz);
create or replace function provider_prove(
  p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text, p_code_hash bytea, p_session bytea,
  p_old_session bytea, p_ends timestamptz, p_log jsonb)
returns jsonb language plpgsql as $$
declare
  v_try jsonb;
  v_user uuid;
  v_outcome text;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_try := sign_in_passcode_try(p_tenant, p_now, p_browser, p_subject, p_code_hash);
  if v_try->>'outcome' = 'none' then
    return v_try;
  end if;
  v_user := directory_account_of_mail(p_tenant, coalesce(v_try->>'folded', lower(v_try->>'address')));
  v_outcome := case when v_try->>'outcome' <> 'ok' then v_try->>'outcome' when v_user is null then 'noAccount'
    else coalesce(sign_in_bar(p_tenant, p_now, v_user), 'ok') end;
  if (v_try->'isSpent') is distinct from 'true' then
    perform sign_in_log_as(p_tenant, p_now, v_user, 'emailOneTimePasscode', v_outcome,
      p_log || jsonb_build_object('identifier', v_try->'address'));
  end if;
  if v_try->>'outcome' <> 'ok' then
    return v_try;
  elsif v_outcome <> 'ok' then
    return v_try || '{"outcome": "noAccount"}';
  end if;
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, v_user, v_try->>'address', v_try->>'folded',
    'emailOneTimePasscode', p_ends, '{otp}', '{}');
  return v_try;
end
$$;

-- Somebody is not let in to an application, or a device of theirs is.
drop function if exists provider_log_refused(uuid, timestamptz, uuid, text, text, jsonb);
create or replace function provider_log(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_method text, p_outcome text, p_log jsonb)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_log_as(p_tenant, p_now, p_user, p_method, p_outcome, p_log);
end
$$;

-- A token was shown that was used before: it goes, and is a line of the sign-in log. Once, whoever shows it how often: of
-- two at once one finds it. Beyond thirty an hour from a network nothing is written, as of all that strangers can cause.
create or replace function provider_end_reused(
  p_tenant uuid, p_now timestamptz, p_model text, p_id text, p_count uuid, p_network text, p_line jsonb)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  delete from provider_state where tenant_id = p_tenant and model = p_model and id = p_id;
  if found and p_line is not null and sign_in_log_has_room(p_tenant, p_now, p_count, p_network) then
    perform sign_in_log_lines(p_tenant, array[p_line || jsonb_build_object('now', p_now)]);
  end if;
end
$$;

-- Keeps what anybody may begin, an interaction or a device's code, or what became of it. Nobody has answered for it yet, so
-- what is kept has bounds; of what goes beyond, the oldest goes, and whoever began it is told to begin again. Without
-- `p_network` it is only what became of something that is kept already.
--   A network: a thousand of them.
--   The organization: fifty thousand, of which the oldest of the networks that have most go; looked at once in a hundred times
--   or so, since it counts them.
create or replace function provider_keep_begun(p_tenant uuid, p_network text, p_row jsonb)
returns void language plpgsql as $$
begin
  if p_network is not null then
    perform pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'vestibule begun', p_tenant, p_network), 0));
  end if;
  insert into provider_state (tenant_id, model, id, payload, expires_at, grant_id, user_code, uid, network)
  select p_tenant, r.model, r.id, r.payload, r."expiresAt", r."grantId", r."userCode", r.uid, p_network
  from jsonb_to_record(p_row) as r (
    model text, id text, payload jsonb, "expiresAt" timestamptz, "grantId" text, "userCode" text, uid text)
  on conflict (tenant_id, model, id) do update set payload = excluded.payload, expires_at = excluded.expires_at,
    grant_id = excluded.grant_id, user_code = excluded.user_code, uid = excluded.uid;
  -- What somebody is just answering is passed over.
  delete from provider_state where ctid = any (array(
    select s.ctid from provider_state s where s.tenant_id = p_tenant and s.network = p_network
      and (s.expires_at, s.id) <= (
        select o.expires_at, o.id from provider_state o where o.tenant_id = p_tenant and o.network = p_network
        order by o.expires_at desc, o.id desc offset 1000 limit 1)
    for update skip locked));
  if hashtext(p_row->>'id') % 100 = 0 then
    perform provider_bound_begun(p_tenant, 50000);
  end if;
end
$$;

-- Has no more begun at an organization than it may.
create or replace function provider_bound_begun(p_tenant uuid, p_most int)
returns void language plpgsql as $$
declare
  v_beyond int := (select count(*) from provider_state where tenant_id = p_tenant and network is not null) - p_most;
begin
  if v_beyond <= 0 then
    return;
  end if;
  delete from provider_state where ctid = any (array(
    select l.ctid from provider_state l where l.ctid = any (array(
      select r.ctid from (
        select s.ctid, s.expires_at, row_number() over (partition by s.network order by s.expires_at desc, s.id) as nth
        from provider_state s where s.tenant_id = p_tenant and s.network is not null) r
      order by r.nth desc, r.expires_at limit v_beyond))
    for update skip locked));
end
$$;

-- The invitation that somebody on their way to an application has still to accept; null when there is none.
create or replace function provider_open_invitation(p_tenant uuid, p_now timestamptz, p_user uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return invitations_open_of(p_tenant, p_now, p_user);
end
$$;

-- What was agreed to for somebody who is gone for good.
create or replace function provider_forget_gone()
returns trigger language plpgsql as $$
begin
  delete from permission_grants g using gone where g.tenant_id = gone.tenant_id and g.principal_id = gone.id;
  return null;
end
$$;
create or replace trigger users_forget_permission_grants after delete on users referencing old table as gone
for each statement execute function provider_forget_gone();

-- Notes that somebody is signed in to an application that wants to hear of the end. What ended by itself goes.
create or replace function provider_note_sign_in(
  p_tenant uuid, p_now timestamptz, p_id uuid, p_user uuid, p_client uuid, p_sid text, p_session text, p_issuer text,
  p_expires timestamptz)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  delete from relying_party_sessions
  where tenant_id = p_tenant and user_id = p_user and expires_date_time < p_now and ended_date_time is null;
  insert into relying_party_sessions (tenant_id, id, user_id, client_id, sid, session_uid, issuer, expires_date_time)
  values (p_tenant, p_id, p_user, p_client, p_sid, p_session, p_issuer, p_expires)
  on conflict (tenant_id, client_id, sid) do update
    set expires_date_time = excluded.expires_date_time, ended_date_time = null;
end
$$;

-- Has the end of sign-ins told: those of people, or of one browser session. In the transaction that ends them.
drop function if exists provider_log_out(uuid, timestamptz, uuid, text);
create or replace function provider_log_out(p_tenant uuid, p_now timestamptz, p_users uuid[], p_session text)
returns int language plpgsql as $$
declare
  v_ids uuid[];
begin
  with ended as (
    update relying_party_sessions set ended_date_time = p_now
    where tenant_id = p_tenant and ended_date_time is null and (user_id = any (p_users) or session_uid = p_session)
    returning id)
  select coalesce(array_agg(id), '{}') into v_ids from ended;
  perform outbox_add(p_tenant, 'backchannel.logout', array(select gen_random_uuid() from unnest(v_ids)), v_ids);
  if v_ids <> '{}' then
    perform pg_notify('vestibule_outbox', 'backchannel.logout');
  end if;
  return cardinality(v_ids);
end
$$;

-- What a browser session is called in `relying_party_sessions`.
create or replace function provider_session_uid(p_handle bytea)
returns text language sql immutable parallel safe as $$
  select translate(encode(sign_in_session_uid(p_handle), 'base64'), '+/=', '-_')
$$;

-- A session that goes on under another handle is still the one that applications were signed in with.
create or replace function provider_follow_session()
returns trigger language plpgsql as $$
begin
  update relying_party_sessions set session_uid = provider_session_uid(new.handle_hash)
  where tenant_id = new.tenant_id and session_uid = provider_session_uid(old.handle_hash);
  return null;
end
$$;
create or replace trigger sessions_followed_by_applications after update of handle_hash on sessions for each row
when (old.handle_hash is distinct from new.handle_hash) execute function provider_follow_session();

-- A session that ends before its time, whatever ends it, has ended for the applications it signed in to: they are told by
-- what ends it. One that ran out is nothing to tell: applications were told when it would. Whoever deletes what ran out
-- leaves the instant it ran out by in `vestibule.now`, since the database's own clock may not have come there yet.
create or replace function provider_session_ended()
returns trigger language plpgsql as $$
declare
  v_session record;
  v_now timestamptz := coalesce(nullif(current_setting('vestibule.now', true), '')::timestamptz, now());
begin
  for v_session in
    select tenant_id, provider_session_uid(handle_hash) as uid from gone where expires_date_time >= v_now order by handle_hash
  loop
    perform provider_log_out(v_session.tenant_id, v_now, null, v_session.uid);
  end loop;
  return null;
end
$$;
create or replace trigger sessions_end_at_applications after delete on sessions referencing old table as gone
for each statement execute function provider_session_ended();

-- What telling an end needs; null when it was told or taken back.
create or replace function provider_logout_to_tell(p_tenant uuid, p_id uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select jsonb_build_object('userId', s.user_id, 'clientId', s.client_id, 'sid', s.sid, 'issuer', s.issuer)
    from relying_party_sessions s where s.tenant_id = p_tenant and s.id = p_id and s.ended_date_time is not null);
end
$$;

create or replace function provider_logout_told(p_tenant uuid, p_id uuid)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  delete from relying_party_sessions where tenant_id = p_tenant and id = p_id and ended_date_time is not null;
end
$$;

-- Everything that requests to sign in ask for, in one round trip: the applications by their ids; of each row whose browser
-- it is, and what tokens would say of them. What is the same for many is told once. Answers in JSON, which is put together
-- as text; JSONB would be built a second time around what is in it.
drop function if exists provider_authorizing(uuid, jsonb);
create or replace function provider_authorizing(p_tenant uuid, p_rows jsonb)
returns json language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_tenant constant text := set_config('vestibule.tenant', p_tenant::text, true);
  v_known jsonb := provider_applications(p_tenant, p_rows);
  v_now timestamptz[];
  v_handles bytea[];
  v_families text[];
  v_applications uuid[];
  v_sessions jsonb[];
  v_accounts jsonb[];
begin
  -- Of no use where the application is none.
  select array_agg(r.now order by r.n), array_agg(r.family order by r.n), array_agg(r.client order by r.n),
    array_agg(case when v_known->r.client::text->'client' <> 'null' then decode(r.handle, 'hex') end order by r.n)
  into v_now, v_families, v_applications, v_handles
  from rows from (jsonb_to_recordset(p_rows) as (now timestamptz, client uuid, handle text, family text))
    with ordinality r (now, client, handle, family, n);
  v_sessions := array(
    select (select s from sign_in_live_session(p_tenant, r.now, r.handle) s)
    from unnest(v_now, v_handles) with ordinality r (now, handle, n) order by r.n);
  perform sign_in_touch_seen(p_tenant, v_sessions, v_now, v_handles, v_families);
  v_accounts := provider_accounts_at(p_tenant, v_known, v_applications,
    array(select (s->>'userId')::uuid from unnest(v_sessions) with ordinality r (s, n) order by n));
  return json_build_object('known', v_known, 'rows', (
    select json_agg(json_build_object('account', r.account, 'session', r.session) order by r.n)
    from unnest(v_sessions, v_accounts) with ordinality r (session, account, n)));
end
$$;

-- The same for exchanges of a code or a refresh token: the applications; of each row what was shown, and who it is about.
drop function if exists provider_exchanging(uuid, jsonb);
create or replace function provider_exchanging(p_tenant uuid, p_rows jsonb)
returns json language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_tenant constant text := set_config('vestibule.tenant', p_tenant::text, true);
  v_known jsonb := provider_applications(p_tenant, p_rows);
  v_applications uuid[];
  v_shown jsonb[];
  v_accounts jsonb[];
begin
  select array_agg(r.client order by r.n), array_agg((
    select s.payload from provider_state s where s.tenant_id = p_tenant and s.model = r.model and s.id = r.id) order by r.n)
  into v_applications, v_shown
  from rows from (jsonb_to_recordset(p_rows) as (client uuid, model text, id text)) with ordinality r (client, model, id, n);
  v_accounts := provider_accounts_at(p_tenant, v_known, v_applications,
    array(select (s->>'accountId')::uuid from unnest(v_shown) with ordinality r (s, n) order by n));
  return json_build_object('known', v_known, 'rows', (
    select json_agg(json_build_object('shown', r.shown, 'account', r.account) order by r.n)
    from unnest(v_shown, v_accounts) with ordinality r (shown, account, n)));
end
$$;

-- The applications that rows speak of, by `appId`.
create or replace function provider_applications(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql as $$
declare
  v_id text;
  v_known jsonb := '{}';
begin
  for v_id in select distinct r->>'client' from jsonb_array_elements(p_rows) r loop
    v_known := v_known || jsonb_build_object(v_id, jsonb_build_object(
      'client', applications_client(p_tenant, v_id::uuid), 'party', applications_relying_party(p_tenant, v_id::uuid)));
  end loop;
  return v_known;
end
$$;

-- People, each at the application of the same place; null where either is nobody's.
drop function if exists provider_account_at(uuid, uuid, jsonb, jsonb);
create or replace function provider_accounts_at(p_tenant uuid, p_known jsonb, p_applications uuid[], p_users uuid[])
returns jsonb[] language plpgsql as $$
declare
  v_application text;
  v_found jsonb[];
  v_accounts jsonb[] := array_fill(null::jsonb, array[cardinality(p_users)]);
begin
  for v_application in select jsonb_object_keys(p_known) loop
    continue when jsonb_typeof(p_known->v_application->'client') = 'null';
    v_found := provider_accounts(p_tenant,
      array(select case when r.application = v_application::uuid then r.user_id end
        from unnest(p_applications, p_users) with ordinality r (application, user_id, n) order by r.n),
      (p_known->v_application->'client'->>'servicePrincipalId')::uuid, p_known->v_application->'party'->>'toldGroups');
    v_accounts := array(
      select coalesce(r.found, r.account) from unnest(v_accounts, v_found) with ordinality r (account, found, n) order by r.n);
  end loop;
  return v_accounts;
end
$$;

-- Everything that requests leave behind: what each used up, then what it gave. For each row whether it was kept: not,
-- and nothing of it written, when what it uses was used up before: of two that come at once one is first. `p_light`: not
-- worth the wait for the disk.
create or replace function provider_keep(p_tenant uuid, p_rows jsonb, p_light boolean)
returns boolean[] language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_tenant constant text := set_config('vestibule.tenant', p_tenant::text, true);
  v_kept boolean[];
  v_lines jsonb[];
begin
  if p_light then
    perform set_config('synchronous_commit', 'off', true);
  end if;
  with asked as materialized (
    select * from rows from (jsonb_to_recordset(p_rows) as (used jsonb, given jsonb, now timestamptz, line jsonb))
      with ordinality r (used, given, now, line, n)),
  shown as materialized (
    select a.n, a.used->'seconds' as seconds, (
      select s.ctid from provider_state s
      where s.tenant_id = p_tenant and s.model = a.used->>'model' and s.id = a.used->>'id') as place
    from asked a where jsonb_typeof(a.used) = 'object'),
  used as (
    update provider_state s set payload = jsonb_set(s.payload, '{consumed}', h.seconds) from shown h
    where s.ctid = h.place and s.payload->'consumed' is null returning h.n),
  kept as materialized (
    select a.*, jsonb_typeof(a.used) is distinct from 'object' or a.n in (select u.n from used u) as is_kept from asked a),
  given as (
    insert into provider_state (tenant_id, model, id, payload, expires_at, grant_id)
    select p_tenant, g.model, g.id, g.payload, g."expiresAt", g."grantId"
    from kept, jsonb_to_recordset(kept.given) as g (
      model text, id text, payload jsonb, "expiresAt" timestamptz, "grantId" text)
    where kept.is_kept)
  select array_agg(k.is_kept order by k.n),
    array_agg(k.line || jsonb_build_object('now', k.now)) filter (where k.is_kept and jsonb_typeof(k.line) = 'object')
  into v_kept, v_lines from kept k;
  if v_lines is not null then
    perform sign_in_log_lines(p_tenant, v_lines);
  end if;
  return v_kept;
end
$$;

-- Tokens from before only their hashes were kept. Devices that wait for a yes ask for another code.
do $$
begin
  update provider_state
  set id = rtrim(translate(encode(sha256(convert_to(id, 'utf8')), 'base64'), '+/', '-_'), '='), payload = payload - 'jti'
  where model in ('AccessToken', 'AuthorizationCode', 'RefreshToken') and payload ? 'jti';
  delete from provider_state where model = 'DeviceCode' and payload ? 'jti';
end
$$;
