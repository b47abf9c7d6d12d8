-- Adds a guest for each row whose address, and name, nobody has; returns the ids of those that were added. No look-up:
-- the unique indexes decide, so no plan can read a tenant. Rows come sorted by address, each address once, so that two
-- batches never wait for each other in a circle. `p_out`: rows to leave out.
create or replace function directory_add_guests(
  p_tenant uuid, p_now timestamptz, p_initial_domain text, p_users uuid[], p_addresses text[], p_folded text[],
  p_names text[], p_types text[], p_nicknames text[], p_out boolean[])
returns uuid[] language plpgsql as $$
declare
  v_count int;
begin
  insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
    creation_type, external_user_state, external_user_state_change_date_time, created_date_time)
  select p_tenant, r.id, r.nickname || '@' || p_initial_domain, r.name, r.address, r.folded, r.nickname, r.type,
    'Invitation', 'PendingAcceptance', p_now, p_now
  from unnest(p_users, p_addresses, p_folded, p_names, p_types, p_nicknames, p_out)
    as r (id, address, folded, name, type, nickname, is_out)
  where r.is_out is not true
    and (select true from user_other_mails o where o.tenant_id = p_tenant and o.address_folded = r.folded limit 1) is null
  on conflict do nothing;
  get diagnostics v_count = row_count;
  -- Ids are new, so whoever has one of them was added.
  return case when v_count = cardinality(p_users) then p_users
    else array(select u.id from users u where u.tenant_id = p_tenant and u.id = any (p_users)) end;
end
$$;

-- Looks at the rows that `directory_add_guests` did not add, one by one: whose is the address? Outcomes: new (the name
-- was taken, or only a deleted user had the address), existing, internal, internalBlocked, gone.
create or replace function directory_find_guests(
  p_tenant uuid, p_now timestamptz, p_initial_domain text, p_known boolean, p_users uuid[], p_addresses text[],
  p_folded text[], p_names text[], p_types text[], p_nicknames text[], p_out boolean[], p_added uuid[])
returns table ("row" int, outcome text, user_id uuid, state text, state_since timestamptz, sponsored boolean)
language plpgsql as $$
declare
  v_row record;
  v_user users;
begin
  for v_row in
    select r.* from unnest(p_users, p_addresses, p_folded, p_names, p_types, p_nicknames, p_out) with ordinality
      as r (id, address, folded, name, type, nickname, is_out, number)
    where r.is_out is not true and not r.id = any (p_added)
    order by r.folded
  loop
    v_user := null;
    -- The lock lets one invitation at a time at a guest who exists: caps count exactly, and a deletion is seen.
    if p_known then
      select * into v_user from users u
      where u.tenant_id = p_tenant and u.id = v_row.id and u.deleted_date_time is null
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
    outcome := case
      when v_user.id is null and p_known then 'gone'
      when v_user.id is null then 'new'
      when p_known or v_user.external_user_state is not null
        or v_user.creation_type in ('Invitation', 'SelfServiceSignUp')
        -- Made by a system that approves sign-ups (`isExternal`, change-user.ts).
        or strpos(v_user.user_principal_name, '#EXT#@') > 0 then 'existing'
      when v_user.account_enabled then 'internal'
      else 'internalBlocked'
    end;
    if outcome = 'new' then
      -- The plain name stays with the first guest, even when that guest's mail has changed since.
      insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
        creation_type, external_user_state, external_user_state_change_date_time, created_date_time)
      values (p_tenant, v_row.id,
        replace(v_row.nickname, '#EXT#', '_' || right(v_row.id::text, 6) || '#EXT#') || '@' || p_initial_domain,
        v_row.name, v_row.address, v_row.folded, v_row.nickname, v_row.type, 'Invitation', 'PendingAcceptance', p_now,
        p_now)
      returning * into v_user;
    end if;
    "row" := v_row.number;
    user_id := v_user.id;
    state := v_user.external_user_state;
    state_since := v_user.external_user_state_change_date_time;
    sponsored := outcome = 'existing' and exists (
      select 1 from user_sponsors s where s.tenant_id = p_tenant and s.user_id = v_user.id);
    return next;
  end loop;
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

-- Makes guests accepted ones, each known from now on by issuer and subject; no two by the same. Outcomes, in order:
-- accepted, blocked (no such guest), identityTaken. An identity is another's as long as that user is present and has
-- accepted or signed up, whatever address an administrator has given them since: who they are is reset, or they are
-- deleted, before somebody else is it. `p_vouched`: the mail that the home vouches for; null leaves what it vouched for before.
drop function if exists directory_accept(uuid, timestamptz, uuid, text, text, text);
drop function if exists directory_accept(uuid, timestamptz, uuid[], text[], text[], text[]);
create or replace function directory_accept(
  p_tenant uuid, p_now timestamptz, p_users uuid[], p_sign_in_types text[], p_issuers text[], p_subjects text[],
  p_vouched text[])
returns text[] language plpgsql as $$
declare
  v_xid constant xid8 := pg_current_xact_id();
  v_taken boolean[];
  v_accepted uuid[];
  v_vouched text[];
begin
  -- One at a time for an identity: what the other became is seen by the statement after this.
  perform pg_advisory_xact_lock(k.key) from (
    select distinct hashtextextended(concat_ws(' ', 'vestibule identity', p_tenant, n.issuer, n.subject), 0) as key
    from unnest(p_issuers, p_subjects) as n (issuer, subject) order by 1) k;
  v_taken := array(
    select exists (
      select 1 from user_identities n, lateral (
        select 1 from users u where u.tenant_id = p_tenant and u.id = n.user_id and u.deleted_date_time is null
          and u.external_user_state is distinct from 'PendingAcceptance' limit 1) holder
      where n.tenant_id = p_tenant and n.issuer = r.issuer and n.issuer_assigned_id = r.subject and n.user_id <> r.user_id)
    from unnest(p_users, p_issuers, p_subjects) with ordinality as r (user_id, issuer, subject, n) order by r.n);
  -- Notes by itself what it changes, for less than the trigger would.
  with moved as (
    update users u set external_user_state = 'Accepted', external_user_state_change_date_time = p_now,
      changed_xid = v_xid,
      property_xids = coalesce(u.property_xids, jsonb_build_object('', u.changed_xid::text::bigint))
        || jsonb_build_object('external_user_state_change_date_time', v_xid::text::bigint)
        || case when u.external_user_state is distinct from 'Accepted'
          then jsonb_build_object('external_user_state', v_xid::text::bigint) else '{}' end
    from unnest(p_users, v_taken) as r (user_id, is_taken)
    where not r.is_taken and u.tenant_id = p_tenant and u.id = r.user_id and u.deleted_date_time is null
      and directory_may_act(u.account_enabled, u.access_end_date_time, p_now)
    returning u.id)
  select array_agg(id) into v_accepted from moved;
  v_vouched := array(
    select coalesce(r.vouched, (
      select n.vouched_address from user_identities n
      where n.tenant_id = p_tenant and n.issuer = r.issuer and n.issuer_assigned_id = r.subject and n.user_id = r.user_id))
    from unnest(p_users, p_issuers, p_subjects, p_vouched) with ordinality as r (user_id, issuer, subject, vouched, n)
    order by r.n);
  delete from user_identities where tenant_id = p_tenant and user_id = any (v_accepted);
  insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type, vouched_address)
  select p_tenant, r.issuer, r.subject, r.user_id, r.type, r.vouched
  from unnest(p_users, p_sign_in_types, p_issuers, p_subjects, v_vouched) as r (user_id, type, issuer, subject, vouched)
  where r.user_id = any (v_accepted)
  on conflict (tenant_id, issuer, issuer_assigned_id) do update
    set user_id = excluded.user_id, vouched_address = excluded.vouched_address;
  return array(
    select case when r.is_taken then 'identityTaken' when r.user_id = any (v_accepted) then 'accepted' else 'blocked' end
    from unnest(p_users, v_taken) with ordinality as r (user_id, is_taken, n) order by r.n);
end
$$;

-- Who is behind a session or a token, what tokens say of them and who vouches for them; no row: deleted. In SQL, so that
-- the planner sees through it.
drop function if exists directory_claims(uuid, uuid);
create or replace function directory_subjects(p_tenant uuid, p_user uuid)
returns setof jsonb language sql stable as $$
  select jsonb_build_object('id', u.id, 'displayName', u.display_name, 'mail', u.mail, 'userType', u.user_type,
    'accountEnabled', u.account_enabled, 'state', u.external_user_state,
    'preferredLanguage', u.preferred_language, 'userPrincipalName', u.user_principal_name,
    'tokensValidFrom', u.sign_in_sessions_valid_from_date_time, 'accessEndsAt', u.access_end_date_time,
    'addresses', array_remove(u.mail_folded || array(select o.address_folded from user_other_mails o
      where o.tenant_id = p_tenant and o.user_id = u.id), null),
    -- By their home, or as a mailbox: nobody signs in to a local account before theirs is proved.
    'provedAddresses', array_remove(array(select case when n.issuer = 'mail' or n.sign_in_type = 'emailAddress'
        then n.issuer_assigned_id else n.vouched_address end
      from user_identities n where n.tenant_id = p_tenant and n.user_id = u.id), null),
    'directoryRoles', coalesce((select jsonb_agg(a.role_template_id) from directory_role_assignments a
      where a.tenant_id = p_tenant and a.principal_id = u.id), '[]'),
    'givenName', u.given_name, 'surname', u.surname,
    'issuers', array(select n.issuer from user_identities n where n.tenant_id = p_tenant and n.user_id = u.id))
  from users u where u.tenant_id = p_tenant and u.id = p_user and u.deleted_date_time is null
$$;

-- The same of one; null when deleted. Not in SQL, which would be planned anew in each transaction.
create or replace function directory_subject(p_tenant uuid, p_user uuid)
returns jsonb language plpgsql stable as $$
begin
  return (select d from directory_subjects(p_tenant, p_user) d);
end
$$;

-- A guest as far as redeeming asks; no row: deleted. In SQL, so that the planner sees through it.
create or replace function directory_guest(p_tenant uuid, p_user uuid)
returns setof jsonb language sql stable as $$
  select jsonb_build_object('accountEnabled', u.account_enabled, 'accessEndsAt', u.access_end_date_time,
    'state', u.external_user_state, 'preferredLanguage', u.preferred_language,
    'addresses', array_remove(u.mail_folded || array(select o.address_folded from user_other_mails o
      where o.tenant_id = p_tenant and o.user_id = u.id), null),
    'identities', array(select jsonb_build_object('issuer', n.issuer, 'subject', n.issuer_assigned_id)
      from user_identities n where n.tenant_id = p_tenant and n.user_id = u.id))
  from users u where u.tenant_id = p_tenant and u.id = p_user and u.deleted_date_time is null
$$;

-- Who a home speaks of: whoever has accepted or signed up with this identity, else the guest who has still to accept and whose address
-- it vouches for. No row: nobody. Whether they may sign in, the caller asks.
create or replace function directory_known_by(p_tenant uuid, p_issuer text, p_subject text, p_folded text)
returns setof uuid language sql stable as $$
  select found.id from (
    select u.id, u.deleted_date_time, 1 as rank from user_identities n join users u on u.tenant_id = p_tenant and u.id = n.user_id
    where n.tenant_id = p_tenant and n.issuer = p_issuer and n.issuer_assigned_id = p_subject
      and u.external_user_state is distinct from 'PendingAcceptance'
    union all
    select u.id, u.deleted_date_time, 2 from users u
    where u.tenant_id = p_tenant and u.mail_folded = p_folded
      and u.external_user_state is not distinct from 'PendingAcceptance') as found
  where found.deleted_date_time is null
  order by found.rank limit 1
$$;

-- A home that somebody is known by vouches for an address: noted if it is their mail. What it vouched for before is not taken
-- away when it tells another one, and no access hangs by either.
create or replace function directory_note_vouched(
  p_tenant uuid, p_user uuid, p_issuer text, p_subject text, p_folded text)
returns void language plpgsql as $$
begin
  if exists (
    select from user_identities n join users u on u.tenant_id = p_tenant and u.id = n.user_id
    where n.tenant_id = p_tenant and n.issuer = p_issuer and n.issuer_assigned_id = p_subject and n.user_id = p_user
      and u.mail_folded = p_folded and n.vouched_address is distinct from p_folded) then
    update user_identities set vouched_address = p_folded
    where tenant_id = p_tenant and issuer = p_issuer and issuer_assigned_id = p_subject and user_id = p_user;
  end if;
end
$$;

-- Makes a guest who signed up by themselves (Graph: creationType SelfServiceSignUp, no invitation and no state), known by
-- issuer and subject. `p_guest`: a `SelfServiceRow` (self-service-guest.ts). Outcomes: created; exists, when somebody is
-- known by the identity; addressTaken, when somebody else has the address. Two at once for one identity make one.
create or replace function directory_add_self_service_guest(
  p_tenant uuid, p_now timestamptz, p_initial_domain text, p_guest jsonb)
returns jsonb language plpgsql as $$
declare
  v_id constant uuid := p_guest->>'id';
  v_name text := p_guest->>'nickname';
  v_columns constant jsonb := p_guest->'columns';
  v_user uuid;
  v_values jsonb;
  v_count int;
begin
  -- As `directory_accept` takes it: what the other became is seen by the statement after this.
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws(' ', 'vestibule identity', p_tenant, p_guest->>'issuer', p_guest->>'subject'), 0));
  select u into v_user from directory_known_by(p_tenant, p_guest->>'issuer', p_guest->>'subject', null) u;
  if found then
    return jsonb_build_object('outcome', 'exists', 'userId', v_user);
  end if;
  if directory_address_holder(p_tenant, p_guest->>'folded') is not null then
    return '{"outcome": "addressTaken"}';
  end if;
  select jsonb_object_agg(e.id, case
      when e.is_multi_valued and jsonb_typeof(e.value) <> 'array' then jsonb_build_array(e.value)
      when not e.is_multi_valued and jsonb_typeof(e.value) = 'array'
        then to_jsonb((select string_agg(item, ',') from jsonb_array_elements_text(e.value) item))
      else e.value end) into v_values
  from directory_self_service_extensions(p_tenant, p_guest->'extensions') e;
  for i in 1 .. 2 loop
    insert into users (tenant_id, id, user_principal_name, mail_nickname, mail, mail_folded, user_type, creation_type,
      created_date_time, extension_values, display_name, given_name, surname, job_title, city, state, country, postal_code,
      street_address, company_name, department, employee_id, mobile_phone, office_location, preferred_language,
      usage_location)
    values (p_tenant, v_id, v_name || '@' || p_initial_domain, p_guest->>'nickname', p_guest->>'address',
      p_guest->>'folded', 'Guest', 'SelfServiceSignUp', p_now, v_values, v_columns->>'displayName',
      v_columns->>'givenName', v_columns->>'surname', v_columns->>'jobTitle', v_columns->>'city', v_columns->>'state',
      v_columns->>'country', v_columns->>'postalCode', v_columns->>'streetAddress', v_columns->>'companyName',
      v_columns->>'department', v_columns->>'employeeId', v_columns->>'mobilePhone', v_columns->>'officeLocation',
      v_columns->>'preferredLanguage', v_columns->>'usageLocation')
    on conflict do nothing;
    get diagnostics v_count = row_count;
    exit when v_count = 1;
    if directory_address_holder(p_tenant, p_guest->>'folded') is not null then
      return '{"outcome": "addressTaken"}';
    end if;
    -- The plain name stays with whoever had it first, also when they are deleted.
    v_name := replace(v_name, '#EXT#', '_' || right(v_id::text, 6) || '#EXT#');
  end loop;
  if v_count = 0 then
    raise exception 'no name is free for a guest who signed up';
  end if;
  insert into directory_values (tenant_id, property, value, object_id)
  select p_tenant, s.property, s.value, v_id from jsonb_to_recordset(p_guest->'searched') as s (property text, value text)
  union
  select p_tenant, e.id::text, form, v_id
  from directory_self_service_extensions(p_tenant, p_guest->'extensions') e, jsonb_array_elements_text(e.forms) form;
  -- Nobody signs up with an address that is not proved: by their home, or by a code beside it.
  insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type, vouched_address)
  values (p_tenant, p_guest->>'issuer', p_guest->>'subject', v_id, p_guest->>'signInType', p_guest->>'folded')
  on conflict (tenant_id, issuer, issuer_assigned_id) do update
    set user_id = excluded.user_id, sign_in_type = excluded.sign_in_type, vouched_address = excluded.vouched_address;
  return jsonb_build_object('outcome', 'created', 'userId', v_id);
end
$$;

-- Answers that are values of extensions, with the definitions that are in force. An answer that has waited may be of another
-- type than an extension of its name is by now: it is no value of that.
create or replace function directory_self_service_extensions(p_tenant uuid, p_extensions jsonb)
returns table (id uuid, is_multi_valued boolean, value jsonb, forms jsonb) language sql stable as $$
  select p.id, p.is_multi_valued, e.value,
    case when p.data_type = 'DateTime' and e.moment is not null then jsonb_build_array(e.moment) else e.forms end
  from jsonb_to_recordset(p_extensions) as e (name text, value jsonb, forms jsonb, moment text)
  join extension_properties p on p.tenant_id = p_tenant and p.name_folded = e.name
  where 'User' = any (p.target_objects) and jsonb_typeof(e.value) = any (case
    when p.data_type = 'Boolean' then array['boolean']
    when p.data_type in ('Integer', 'LargeInteger') then array['number']
    else array['string', 'array'] end)
$$;

-- Who has an address, as their own or as another one; null: nobody who is present.
create or replace function directory_address_holder(p_tenant uuid, p_folded text)
returns uuid language plpgsql stable as $$
begin
  return coalesce(
    (select u.id from users u where u.tenant_id = p_tenant and u.mail_folded = p_folded and u.deleted_date_time is null
      limit 1),
    (select u.id from user_other_mails o join users u on u.tenant_id = o.tenant_id and u.id = o.user_id
      where o.tenant_id = p_tenant and o.address_folded = p_folded and u.deleted_date_time is null limit 1));
end
$$;

-- Whether an account that says this may act now (`standingOf`, kernel/standing.ts).
create or replace function directory_may_act(p_enabled boolean, p_access_ends timestamptz, p_now timestamptz)
returns boolean language sql immutable as $$
  select p_enabled and coalesce(p_access_ends > p_now, true)
$$;

-- Since when sessions of somebody count; no row for who is deleted or disabled or whose access has ended: their sessions
-- count for nothing.
drop function if exists directory_sessions_count_from(uuid, uuid);
create or replace function directory_sessions_count_from(p_tenant uuid, p_user uuid, p_now timestamptz)
returns setof timestamptz language sql stable as $$
  select coalesce(u.sign_in_sessions_valid_from_date_time, '-infinity')
  from users u
  where u.tenant_id = p_tenant and u.id = p_user and u.deleted_date_time is null
    and directory_may_act(u.account_enabled, u.access_end_date_time, p_now)
$$;

-- Guests whose access ends after `p_after` and until `p_until`, each with whoever is to be told: themselves, and every
-- sponsor who is a person that can be reached.
create or replace function directory_ending_guests(p_tenant uuid, p_after timestamptz, p_until timestamptz)
returns table (user_id uuid, ends timestamptz, recipient_id uuid) language sql stable as $$
  select u.id, u.access_end_date_time, r.id
  from users u, lateral (
    select u.id union all
    select s.sponsor_id from user_sponsors s join users p on p.tenant_id = s.tenant_id and p.id = s.sponsor_id
    where s.tenant_id = p_tenant and s.user_id = u.id and s.sponsor_id <> u.id and p.deleted_date_time is null
      and p.account_enabled and p.mail is not null) r (id)
  where u.tenant_id = p_tenant and u.deleted_date_time is null and u.account_enabled
    and (u.external_user_state = 'Accepted' or u.creation_type = 'SelfServiceSignUp')
    and u.access_end_date_time > p_after and u.access_end_date_time <= p_until
$$;

-- In the order of ids, as everybody does who locks several.
create or replace function directory_lock_users(p_tenant uuid, p_users uuid[])
returns void language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  perform 1 from users where tenant_id = p_tenant and id = any (p_users) order by id for no key update;
end
$$;

-- Ends what people were signed in to until `p_at`, sessions and tokens (Graph: user-revokesigninsessions). They are locked.
-- Notes by itself what it changes, for less than the trigger would.
create or replace function directory_end_tokens(p_tenant uuid, p_at timestamptz, p_users uuid[])
returns void language plpgsql as $$
declare
  v_xid constant xid8 := pg_current_xact_id();
begin
  update users u set sign_in_sessions_valid_from_date_time = p_at, changed_xid = v_xid,
    property_xids = coalesce(u.property_xids, jsonb_build_object('', u.changed_xid::text::bigint))
      || jsonb_build_object('sign_in_sessions_valid_from_date_time', v_xid::text::bigint)
  where u.tenant_id = p_tenant and u.id = any (p_users);
end
$$;

-- Change tracking for delta and notifications.
create or replace trigger users_track before update on users for each row
when (new.changed_xid = old.changed_xid) execute function changes_track();
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
create or replace trigger users_search_forget after delete on users
for each row execute function search_forget();

-- Present users with the properties that Graph returns without `$select`, for requests that wait together: a line each,
-- its version and JSON as it is answered, in the order of `p_ids`, and an empty line for whoever is not there. By the key, whatever the
-- planner believes of the number of ids.
create or replace function directory_read_users(p_tenant uuid, p_ids text)
returns text language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select string_agg(coalesce((
      select u.changed_xid || ' ' || row_to_json(shown)::text
      from users u, lateral (
        select u.business_phones as "businessPhones", u.display_name as "displayName", u.given_name as "givenName",
          u.job_title as "jobTitle", u.mail, u.mobile_phone as "mobilePhone", u.office_location as "officeLocation",
          u.preferred_language as "preferredLanguage", u.surname, u.user_principal_name as "userPrincipalName", u.id) shown
      where u.tenant_id = p_tenant and u.id = wanted.id and u.deleted_date_time is null), ''),
      e'\n' order by wanted.n)
    from unnest(p_ids::uuid[]) with ordinality as wanted (id, n));
end
$$;

-- Whom applications can be assigned to: a present user or group, and what it is called. In SQL, so that the planner sees
-- through it.
drop function if exists directory_principal(uuid, uuid);
create or replace function directory_principal(p_tenant uuid, p_id uuid)
returns table (kind text, display_name text, mail text) language sql stable as $$
  select 'User', u.display_name, u.mail from users u
  where u.tenant_id = p_tenant and u.id = p_id and u.deleted_date_time is null
  union all
  select 'Group', g.display_name, null from groups g
  where g.tenant_id = p_tenant and g.id = p_id and g.deleted_date_time is null
$$;

-- The groups somebody is in directly, which is how far assignments to groups reach (Entra: no nesting).
create or replace function directory_direct_groups_of(p_tenant uuid, p_member uuid)
returns setof uuid language sql stable as $$
  select g.id from group_members m join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id
  where m.tenant_id = p_tenant and m.member_id = p_member and g.deleted_date_time is null
$$;

-- Whose account an address that was just proved opens: that of the guest it was redeemed with, or a present account that
-- has it as its mail and is bound to nobody else's word (design section 8.3).
create or replace function directory_account_of_mail(p_tenant uuid, p_folded text)
returns uuid language plpgsql stable as $$
declare
  v_user uuid;
begin
  select n.user_id into v_user from user_identities n
  join users u on u.tenant_id = n.tenant_id and u.id = n.user_id and u.deleted_date_time is null
  where n.tenant_id = p_tenant and n.issuer = 'mail' and n.issuer_assigned_id = p_folded;
  if found then
    return v_user;
  end if;
  select u.id into v_user from users u
  where u.tenant_id = p_tenant and u.mail_folded = p_folded and u.deleted_date_time is null
    and (u.external_user_state = 'PendingAcceptance' or u.external_user_state is null and u.user_type = 'Member')
    and not exists (select 1 from user_identities n where n.tenant_id = p_tenant and n.user_id = u.id);
  return v_user;
end
$$;

-- An identity as the table for all organizations has it.
create or replace function directory_identity_hash(p_issuer text, p_subject text)
returns bytea language sql immutable parallel safe as $$
  select sha256(convert_to(p_issuer || e'\n' || p_subject, 'utf8'))
$$;

-- Who is known by an identity, in every organization of the deployment. In SQL, so that the planner sees through it.
create or replace function directory_known_anywhere(p_issuer text, p_subject text)
returns table (tenant_id uuid, user_id uuid) language sql stable as $$
  select k.tenant_id, k.user_id from known_identities k where k.identity_hash = directory_identity_hash(p_issuer, p_subject)
$$;

-- Identities of people who can be known to several organizations of this deployment, and whose proof is the deployment's
-- own: a mailbox, or a member of one of them. What a provider says that an administrator set up is that organization's word.
create or replace function directory_note_identity()
returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from known_identities k using gone g where k.tenant_id = g.tenant_id
      and k.identity_hash = directory_identity_hash(g.issuer, g.issuer_assigned_id);
  end if;
  if tg_op <> 'DELETE' then
    insert into known_identities (tenant_id, identity_hash, user_id)
    select a.tenant_id, directory_identity_hash(a.issuer, a.issuer_assigned_id), a.user_id from added a
    where a.issuer in ('mail', 'ExternalAzureAD')
    on conflict (tenant_id, identity_hash) do update set user_id = excluded.user_id;
  end if;
  return null;
end
$$;
create or replace trigger user_identities_note_added after insert on user_identities
referencing new table as added for each statement execute function directory_note_identity();
create or replace trigger user_identities_note_changed after update on user_identities
referencing old table as gone new table as added for each statement execute function directory_note_identity();
create or replace trigger user_identities_note_gone after delete on user_identities
referencing old table as gone for each statement execute function directory_note_identity();

-- Identities from before they were noted.
do $$
declare
  v_tenant uuid;
begin
  for v_tenant in select id from tenants loop
    perform set_config('vestibule.tenant', v_tenant::text, true);
    insert into known_identities (tenant_id, identity_hash, user_id)
    select tenant_id, directory_identity_hash(issuer, issuer_assigned_id), user_id from user_identities
    where tenant_id = v_tenant and issuer in ('mail', 'ExternalAzureAD')
    on conflict do nothing;
  end loop;
  perform set_config('vestibule.tenant', '', true);
end
$$;

-- Whose account at the organization itself an address names: that of whoever is known by it (`p_issuers` are the
-- organization's domains), else that of whom a proof of the mailbox would open. Null: nobody's.
create or replace function directory_local_account(p_tenant uuid, p_issuers text[], p_folded text)
returns uuid language sql stable as $$
  select coalesce((
    select n.user_id from user_identities n
    join users u on u.tenant_id = n.tenant_id and u.id = n.user_id and u.deleted_date_time is null
    where n.tenant_id = p_tenant and n.issuer = any (p_issuers) and n.issuer_assigned_id = p_folded
    order by n.user_id limit 1), directory_account_of_mail(p_tenant, p_folded))
$$;
