-- Adds a guest for each row whose address, and name, nobody has; returns the ids of those that were added. No look-up:
-- the unique indexes decide, so no plan can read a tenant. Rows come sorted by address, each address once, so that two
-- batches never wait for each other in a circle.
create or replace function directory_add_guests(p_tenant uuid, p_now timestamptz, p_rows jsonb)
returns uuid[] language plpgsql as $$
declare
  v_added uuid[];
begin
  with added as (
    insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
      creation_type, external_user_state, external_user_state_change_date_time, created_date_time)
    select p_tenant, r."userId", r.upn, r."displayName", r.address, r.folded, r.nickname, r."userType", 'Invitation',
      'PendingAcceptance', p_now, p_now
    from jsonb_to_recordset(p_rows) as r (
      "userId" uuid, address text, folded text, "displayName" text, "userType" text, upn text, nickname text,
      "knownUser" boolean)
    where r."knownUser" is not true
      and (select true from user_other_mails o where o.tenant_id = p_tenant and o.address_folded = r.folded limit 1) is null
    on conflict do nothing
    returning id
  )
  select array_agg(id) into v_added from added;
  return coalesce(v_added, '{}');
end
$$;

-- Looks at the rows that `directory_add_guests` did not add, one by one: whose is the address? Outcomes: new (the name
-- was taken, or only a deleted user had the address), existing, internal, internalBlocked, gone.
create or replace function directory_find_guests(p_tenant uuid, p_now timestamptz, p_rows jsonb, p_added uuid[])
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_user users;
  v_outcome text;
  v_found jsonb := '[]';
begin
  for v_row in
    select * from jsonb_to_recordset(p_rows) as r (
      ord int, "userId" uuid, address text, folded text, "displayName" text, "userType" text, upn text, nickname text,
      "knownUser" boolean)
    where not r."userId" = any (p_added)
    order by r.folded
  loop
    v_user := null;
    -- The lock lets one invitation at a time at a guest who exists: caps count exactly, and a deletion is seen.
    if v_row."knownUser" then
      select * into v_user from users u
      where u.tenant_id = p_tenant and u.id = v_row."userId" and u.deleted_date_time is null
      for no key update;
    else
      select * into v_user from users u
      where u.tenant_id = p_tenant and u.mail_folded = v_row.folded and u.deleted_date_time is null
      for no key update;
      if v_user.id is null then
        select u.* into v_user from user_other_mails o join users u on u.tenant_id = p_tenant and u.id = o.user_id
        where o.tenant_id = p_tenant and o.address_folded = v_row.folded and u.deleted_date_time is null
        limit 1
        for no key update of u;
      end if;
    end if;
    v_outcome := case
      when v_user.id is null and v_row."knownUser" then 'gone'
      when v_user.id is null then 'new'
      when v_row."knownUser" or v_user.external_user_state is not null
        or v_user.creation_type in ('Invitation', 'SelfServiceSignUp') then 'existing'
      when v_user.account_enabled then 'internal'
      else 'internalBlocked'
    end;
    if v_outcome = 'new' then
      -- The plain name stays with the first guest, even when that guest's mail has changed since.
      insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
        creation_type, external_user_state, external_user_state_change_date_time, created_date_time)
      values (p_tenant, v_row."userId", replace(v_row.upn, '#EXT#', '_' || right(v_row."userId"::text, 6) || '#EXT#'),
        v_row."displayName", v_row.address, v_row.folded, v_row.nickname, v_row."userType", 'Invitation',
        'PendingAcceptance', p_now, p_now)
      returning * into v_user;
    end if;
    v_found := v_found || jsonb_build_object('ord', v_row.ord, 'outcome', v_outcome, 'user_id', v_user.id,
      'state', v_user.external_user_state, 'state_since', v_user.external_user_state_change_date_time,
      'sponsored', v_outcome = 'existing' and exists (
        select 1 from user_sponsors s where s.tenant_id = p_tenant and s.user_id = v_user.id));
  end loop;
  return v_found;
end
$$;

create or replace function directory_set_sponsors(p_tenant uuid, p_user uuid, p_sponsors uuid[])
returns void language plpgsql as $$
begin
  delete from user_sponsors where tenant_id = p_tenant and user_id = p_user and not sponsor_id = any (p_sponsors);
  insert into user_sponsors (tenant_id, user_id, sponsor_id, ordinal)
  select p_tenant, p_user, s.id, s.n from unnest(p_sponsors) with ordinality as s (id, n)
  on conflict do nothing;
end
$$;

-- Makes a pending guest an accepted one, known from now on by issuer and subject. False when there is no such guest.
create or replace function directory_accept_guest(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_sign_in_type text, p_issuer text, p_subject text)
returns boolean language plpgsql as $$
begin
  update users set external_user_state = 'Accepted', external_user_state_change_date_time = p_now
  where tenant_id = p_tenant and id = p_user and deleted_date_time is null and account_enabled;
  if not found then
    return false;
  end if;
  delete from user_identities where tenant_id = p_tenant and user_id = p_user;
  insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
  values (p_tenant, p_issuer, p_subject, p_user, p_sign_in_type)
  on conflict (tenant_id, issuer, issuer_assigned_id) do update set user_id = excluded.user_id;
  return true;
end
$$;

-- Who is behind a session or a delegated token: null when deleted.
create or replace function directory_subject(p_tenant uuid, p_user uuid)
returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('id', u.id, 'displayName', u.display_name, 'mail', u.mail, 'userType', u.user_type,
      'accountEnabled', u.account_enabled, 'state', u.external_user_state,
      'preferredLanguage', u.preferred_language, 'userPrincipalName', u.user_principal_name,
      'tokensValidFrom', u.sign_in_sessions_valid_from_date_time,
      'addresses', array_remove(u.mail_folded || array(select o.address_folded from user_other_mails o
        where o.tenant_id = p_tenant and o.user_id = u.id), null),
      'mailIdentities', array(select n.issuer_assigned_id from user_identities n
        where n.tenant_id = p_tenant and n.user_id = u.id and n.issuer = 'mail'),
      'directoryRoles', coalesce((select jsonb_agg(a.role_template_id) from directory_role_assignments a
        where a.tenant_id = p_tenant and a.principal_id = u.id), '[]'))
    from users u where u.tenant_id = p_tenant and u.id = p_user and u.deleted_date_time is null);
end
$$;

create or replace function directory_lock_user(p_tenant uuid, p_user uuid)
returns void language plpgsql as $$
begin
  perform 1 from users where tenant_id = p_tenant and id = p_user for no key update;
end
$$;

-- Change tracking for delta and notifications.
create or replace trigger users_track before update on users for each row execute function changes_track();
create or replace trigger users_bury after delete on users referencing old table as gone
for each statement execute function changes_bury('user');

-- Who was somebody's manager: the row tells only who is.
create or replace function directory_bury_manager()
returns trigger language plpgsql as $$
begin
  insert into removed_links (tenant_id, kind, owner_id, target_type, target_id)
  values (old.tenant_id, 'manager', old.id, 'user', old.manager_id)
  on conflict (tenant_id, kind, owner_id, target_id) do update
    set changed_xid = excluded.changed_xid, removed_date_time = excluded.removed_date_time;
  return null;
end
$$;
create or replace trigger users_bury_manager after update of manager_id on users for each row
when (old.manager_id is not null and old.manager_id is distinct from new.manager_id)
execute function directory_bury_manager();
-- `$search` finds users by the words of their names.
create or replace trigger users_search_inserted after insert on users
  referencing new table as inserted for each statement execute function search_mark_inserted();
create or replace trigger users_search_changed after update of display_name on users
  for each row when (old.display_name is distinct from new.display_name) execute function search_mark_changed();
create or replace trigger users_search_deleted after delete on users
  for each row execute function search_mark_changed();
select search_mark_older('users');
