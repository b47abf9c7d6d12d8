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
create or replace function provider_prove(
  p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text, p_code_hash bytea, p_session bytea,
  p_old_session bytea, p_ends timestamptz)
returns jsonb language plpgsql as $$
declare
  v_try jsonb;
  v_user uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_try := sign_in_passcode_try(p_tenant, p_now, p_browser, p_subject, p_code_hash);
  if v_try->>'outcome' <> 'ok' then
    return v_try;
  end if;
  v_user := directory_account_of_mail(p_tenant, v_try->>'folded');
  if v_user is null or not exists (select from directory_sessions_count_from(p_tenant, v_user, p_now)) then
    return v_try || '{"outcome": "noAccount"}';
  end if;
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, v_user, v_try->>'address', v_try->>'folded',
    'emailOneTimePasscode', p_ends, '{otp}', '{}');
  return v_try;
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
