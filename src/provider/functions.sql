-- Everything a token says of somebody at one application, and whether they may have it: null when there is no such
-- person. `p_groups` is which of their groups are told: `all`, `assigned`, or none.
create or replace function provider_account(p_tenant uuid, p_user uuid, p_principal uuid, p_groups text)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return directory_subject(p_tenant, p_user) || directory_claims(p_tenant, p_user) || jsonb_build_object(
    'roleIds', array(select r from applications_roles_of(p_tenant, p_user, p_principal) r order by r),
    'groups', case p_groups
      when 'all' then array(select group_id from directory_groups_of(p_tenant, p_user) order by group_id)
      when 'assigned' then array(
        select g.group_id from directory_groups_of(p_tenant, p_user) g
        where exists (select 1 from app_role_assignments r where r.tenant_id = p_tenant
          and r.resource_id = p_principal and r.principal_id = g.group_id) order by g.group_id)
      else '{}' end,
    'consented', array(select distinct unnest(g.scopes) from permission_grants g
      where g.tenant_id = p_tenant and g.client_id = p_principal
        and (g.principal_id is null or g.principal_id = p_user)));
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
  perform sign_in_log_as(p_tenant, p_now, v_user, 'emailOneTimePasscode', v_outcome,
    p_log || jsonb_build_object('identifier', v_try->'address'));
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

-- Somebody is not let in to an application.
create or replace function provider_log_refused(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_method text, p_outcome text, p_log jsonb)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_log_as(p_tenant, p_now, p_user, p_method, p_outcome, p_log);
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

-- Has the end of sign-ins told: those of a person, or of one browser session. In the transaction that ends them.
create or replace function provider_log_out(p_tenant uuid, p_now timestamptz, p_user uuid, p_session text)
returns int language plpgsql as $$
declare
  v_ids uuid[];
begin
  with ended as (
    update relying_party_sessions set ended_date_time = p_now
    where tenant_id = p_tenant and ended_date_time is null and (user_id = p_user or session_uid = p_session)
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

-- Everything that requests to sign in ask for, in one round trip: the application, whose browser it is, and what tokens
-- would say of them. For each row its answer, in order.
create or replace function provider_authorizing(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_application uuid;
  v_client jsonb;
  v_party jsonb;
  v_session jsonb;
  v_account jsonb;
  v_answers jsonb[] := '{}';
begin
  for v_row in select * from jsonb_to_recordset(p_rows) as r (now timestamptz, client uuid, handle text, family text) loop
    if v_application is distinct from v_row.client then
      v_application := v_row.client;
      v_client := applications_client(p_tenant, v_application);
      v_party := applications_relying_party(p_tenant, v_application);
    end if;
    v_session := null;
    v_account := null;
    if v_row.handle is not null and v_client is not null then
      perform sign_in_touch(p_tenant, v_row.now, decode(v_row.handle, 'hex'), v_row.family, false);
      v_session := (select s from sign_in_live_session(p_tenant, v_row.now, decode(v_row.handle, 'hex')) s);
      v_account := provider_account_at(p_tenant, (v_session->>'userId')::uuid, v_client, v_party);
      v_session := v_session
        || jsonb_build_object('state', v_account->'state', 'userType', v_account->'userType');
    end if;
    v_answers := v_answers
      || jsonb_build_object('client', v_client, 'party', v_party, 'session', v_session, 'account', v_account);
  end loop;
  return to_jsonb(v_answers);
end
$$;

-- The same for exchanges of a code or a refresh token: the application, what was shown, and who it is about.
create or replace function provider_exchanging(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_application uuid;
  v_client jsonb;
  v_party jsonb;
  v_shown jsonb;
  v_answers jsonb[] := '{}';
begin
  for v_row in select * from jsonb_to_recordset(p_rows) as r (client uuid, model text, id text) loop
    if v_application is distinct from v_row.client then
      v_application := v_row.client;
      v_client := applications_client(p_tenant, v_application);
      v_party := applications_relying_party(p_tenant, v_application);
    end if;
    v_shown := (
      select s.payload from provider_state s
      where s.tenant_id = p_tenant and s.model = v_row.model and s.id = v_row.id);
    v_answers := v_answers || jsonb_build_object('client', v_client, 'party', v_party, 'shown', v_shown,
      'account', provider_account_at(p_tenant, (v_shown->>'accountId')::uuid, v_client, v_party));
  end loop;
  return to_jsonb(v_answers);
end
$$;

create or replace function provider_account_at(p_tenant uuid, p_user uuid, p_client jsonb, p_party jsonb)
returns jsonb language plpgsql as $$
begin
  if p_user is null or p_client is null then
    return null;
  end if;
  return provider_account(p_tenant, p_user, (p_client->>'servicePrincipalId')::uuid, p_party->>'toldGroups');
end
$$;

-- Everything that requests leave behind: what each used up, then what it gave. For each row whether it was kept: not,
-- and nothing of it written, when what it uses was used up before: of two that come at once one is first. `p_light`: not
-- worth the wait for the disk.
create or replace function provider_keep(p_tenant uuid, p_rows jsonb, p_light boolean)
returns boolean[] language plpgsql as $$
declare
  v_tenant constant text := set_config('vestibule.tenant', p_tenant::text, true);
  v_row record;
  v_kept boolean[] := '{}';
begin
  if p_light then
    set local synchronous_commit = off;
  end if;
  for v_row in
    select * from jsonb_to_recordset(p_rows) as r (used jsonb, given jsonb, now timestamptz, line jsonb)
  loop
    if jsonb_typeof(v_row.used) = 'object' then
      update provider_state set payload = jsonb_set(payload, '{consumed}', v_row.used->'seconds')
      where tenant_id = p_tenant and model = v_row.used->>'model' and id = v_row.used->>'id'
        and payload->'consumed' is null;
      if not found then
        v_kept := v_kept || false;
        continue;
      end if;
    end if;
    insert into provider_state (tenant_id, model, id, payload, expires_at, grant_id)
    select p_tenant, g.model, g.id, g.payload, g."expiresAt", g."grantId"
    from jsonb_to_recordset(v_row.given) as g (
      model text, id text, payload jsonb, "expiresAt" timestamptz, "grantId" text);
    if v_row.line is not null then
      perform sign_in_log_as(p_tenant, v_row.now, (v_row.line->>'userId')::uuid, v_row.line->>'method', 'ok',
        v_row.line->'log');
    end if;
    v_kept := v_kept || true;
  end loop;
  return v_kept;
end
$$;
