-- Finds or makes the guest of each row. Rows come sorted by address, each address once, so that two batches never wait
-- for each other in a circle. Outcomes: new, existing, internal, internalBlocked, gone.
create or replace function directory_admit_guests(p_tenant uuid, p_now timestamptz, p_rows jsonb)
returns table (ord int, outcome text, user_id uuid, state text, state_since timestamptz, sponsored boolean)
language plpgsql as $$
#variable_conflict use_column
declare
  added uuid[];
  expected int;
begin
  with input as materialized (
    select r.*
    from jsonb_to_recordset(p_rows) as r (
      "userId" uuid, address text, folded text, "displayName" text, "userType" text, upn text, nickname text,
      "knownUser" boolean)
    where r."knownUser" is not true
  ), made as (
    insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
      creation_type, external_user_state, external_user_state_change_date_time, created_date_time)
    select p_tenant, i."userId",
      -- The name stays with the first guest even when that guest's mail has changed since.
      case when exists (select 1 from users u where u.tenant_id = p_tenant and lower(u.user_principal_name) = lower(i.upn))
        then replace(i.upn, '#EXT#', '_' || right(i."userId"::text, 6) || '#EXT#') else i.upn end,
      i."displayName", i.address, i.folded, i.nickname, i."userType", 'Invitation', 'PendingAcceptance', p_now, p_now
    from input i
    where not exists (
      select 1 from users u
      where u.tenant_id = p_tenant and u.deleted_date_time is null and u.other_mails_folded is not null
        and u.other_mails_folded @> array[i.folded])
    on conflict (tenant_id, mail_folded) where deleted_date_time is null do nothing
    returning id
  )
  select coalesce(array_agg(id), '{}') into added from made;

  expected := jsonb_array_length(p_rows);
  if cardinality(added) < expected then
    -- One invitation at a time for a guest who exists: the caps count exactly, and a deletion is seen.
    perform 1 from users u
    where u.tenant_id = p_tenant and u.deleted_date_time is null and not u.id = any (added)
      and (u.mail_folded in (select r.folded from jsonb_to_recordset(p_rows) as r (folded text, "knownUser" boolean) where r."knownUser" is not true)
        or u.id in (select r."userId" from jsonb_to_recordset(p_rows) as r ("userId" uuid, "knownUser" boolean) where r."knownUser"))
    order by u.id
    for no key update;
  end if;

  return query
  select r.ord,
    case
      when u.id is null then 'gone'
      when u.id = any (added) then 'new'
      when r."knownUser" or u.external_user_state is not null or u.creation_type in ('Invitation', 'SelfServiceSignUp') then 'existing'
      when u.account_enabled then 'internal'
      else 'internalBlocked'
    end,
    u.id, u.external_user_state, u.external_user_state_change_date_time,
    case when u.id = any (added) then false
      else exists (select 1 from user_sponsors s where s.tenant_id = p_tenant and s.user_id = u.id) end
  from jsonb_to_recordset(p_rows) as r (ord int, "userId" uuid, folded text, "knownUser" boolean)
  left join lateral (
    select * from users m
    where m.tenant_id = p_tenant and m.deleted_date_time is null and m.mail_folded = r.folded and r."knownUser" is not true
    union all
    select * from users k
    where k.tenant_id = p_tenant and k.deleted_date_time is null and k.id = r."userId" and r."knownUser"
    union all
    select * from users o
    where o.tenant_id = p_tenant and o.deleted_date_time is null and r."knownUser" is not true
      and o.other_mails_folded is not null and o.other_mails_folded @> array[r.folded]
    limit 1
  ) u on true;
end
$$;

create or replace function directory_set_sponsors(p_tenant uuid, p_user uuid, p_sponsors uuid[])
returns void language sql as $$
  delete from user_sponsors where tenant_id = p_tenant and user_id = p_user and not sponsor_id = any (p_sponsors);
  insert into user_sponsors (tenant_id, user_id, sponsor_id, ordinal)
  select p_tenant, p_user, s.id, s.n from unnest(p_sponsors) with ordinality as s (id, n)
  on conflict do nothing;
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
      'addresses', array_remove(u.mail_folded || coalesce(u.other_mails_folded, '{}'), null),
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
