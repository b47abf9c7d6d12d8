-- Everything a page shows of a signed-in person: session, account, and the other organizations that know them. Null when
-- nobody is signed in. Notes that the session is used.
create or replace function my_apps_person(p_tenant uuid, p_now timestamptz, p_handle bytea, p_family text)
returns jsonb language plpgsql as $$
declare
  v_session jsonb;
  v_person jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_touch(p_tenant, p_now, p_handle, p_family);
  select s into v_session from sign_in_live_session(p_tenant, p_now, p_handle) s;
  if v_session is null then
    return null;
  end if;
  v_person := directory_subject(p_tenant, (v_session->>'userId')::uuid);
  return jsonb_build_object('session', v_session, 'person', v_person,
    'organizations', my_apps_organizations(p_tenant, p_now, p_handle),
    'owns', exists (select 1 from application_owners o where o.tenant_id = p_tenant and o.owner_id = (v_person->>'id')::uuid)
      or exists (select 1 from group_owners o where o.tenant_id = p_tenant and o.owner_id = (v_person->>'id')::uuid));
end
$$;

-- The other organizations that know the person of this session by what they have proved to this deployment. Found by the
-- table for all, then looked at one by one under their own row security; never by an address that nobody proved.
create or replace function my_apps_organizations(p_tenant uuid, p_now timestamptz, p_handle bytea)
returns jsonb language plpgsql as $$
declare
  v_hashes bytea[];
  v_home uuid;
  v_row record;
  v_user jsonb;
  v_found jsonb := '[]';
begin
  select array(select directory_identity_hash(p.issuer, p.subject) from sign_in_proofs(p_tenant, s) p),
    case when s.authentication_method = 'organization' and s.identity_issuer = 'ExternalAzureAD'
      then split_part(s.identity_subject, '/', 1)::uuid end
  into v_hashes, v_home
  from sessions s where s.tenant_id = p_tenant and s.handle_hash = p_handle;
  for v_row in
    select t.id, t.display_name, t.default_domain, t.contact_address, t.privacy_statement_url, o.user_id
    from (
      select k.tenant_id, min(k.user_id::text)::uuid as user_id from known_identities k
      where k.identity_hash = any (v_hashes) and k.tenant_id is distinct from v_home group by k.tenant_id
      union all select v_home, null where v_home is not null) o
    join tenants t on t.id = o.tenant_id and t.enabled and t.id <> p_tenant
    order by lower(t.display_name), t.id limit 500
  loop
    if v_row.user_id is not null then
      perform set_config('vestibule.tenant', v_row.id::text, true);
      v_user := directory_subject(v_row.id, v_row.user_id);
      continue when v_user is null or v_user->>'state' is distinct from 'Accepted';
    else
      v_user := null;
    end if;
    v_found := v_found || jsonb_build_object('id', v_row.id, 'name', v_row.display_name, 'domain', v_row.default_domain,
      'contactAddress', v_row.contact_address, 'privacyStatementUrl', v_row.privacy_statement_url,
      'standing', case when v_user is null then 'home'
        when not (v_user->>'accountEnabled')::boolean then 'disabled'
        when not directory_may_act(true, (v_user->>'accessEndsAt')::timestamptz, p_now) then 'ended' else 'good' end);
  end loop;
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return v_found;
end
$$;

-- The page of apps in one round trip: `my_apps_person`, and the tiles from `p_offset` on whose names or descriptions hold
-- `p_query` (folded, empty: all). `apps` counts all that are shown, `found` those that match.
create or replace function my_apps_home(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_family text, p_query text, p_offset int, p_most int)
returns jsonb language plpgsql as $$
declare
  v_view jsonb := my_apps_person(p_tenant, p_now, p_handle, p_family);
begin
  if v_view is null then
    return null;
  end if;
  return v_view || (
    with launched as (
      select * from applications_launched_by(p_tenant, (v_view->'person'->>'id')::uuid) order by name_folded, id limit 950),
    matching as (
      select * from launched
      where p_query = '' or position(p_query in name_folded) > 0 or position(p_query in lower(description)) > 0),
    shown as (select * from matching order by name_folded, id offset p_offset limit p_most)
    select jsonb_build_object('apps', (select count(*) from launched), 'found', (select count(*) from matching),
      'tiles', coalesce((
        select jsonb_agg(jsonb_build_object('id', id, 'name', left(name, 80), 'description', left(description, 120),
          'logoUrl', applications_logo_path(p_tenant, application_id)) order by name_folded, id) from shown), '[]')));
end
$$;

-- What an app that the person of a session may open is opened at; null when it is none of theirs.
create or replace function my_apps_launch(p_tenant uuid, p_user uuid, p_app uuid)
returns text language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (select url from applications_launched_by(p_tenant, p_user) where id = p_app);
end
$$;

-- Signs browsers of the person out, in every organization that they are signed in to under the same handle, and has the
-- applications told. `p_which`: `this`, `others`, or `one` with its id. Answers with how many browsers; those of others
-- are not found.
create or replace function my_apps_end_sessions(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_which text, p_id bytea)
returns int language plpgsql as $$
declare
  v_handles bytea[];
  v_handle bytea;
  v_tenant uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_handles := sign_in_browsers_of(p_tenant, p_handle, p_which, p_id);
  foreach v_handle in array v_handles loop
    foreach v_tenant in array sign_in_reached_by(p_tenant, v_handle) loop
      perform sign_in_session_end(v_tenant, v_handle);
      perform provider_log_out(v_tenant, p_now, null, provider_session_uid(v_handle));
    end loop;
  end loop;
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return cardinality(v_handles);
end
$$;

-- By what the person of a session is known to the organization `p_to`: what its rules of signing in are asked about.
create or replace function my_apps_known_at(p_tenant uuid, p_now timestamptz, p_handle bytea, p_to uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select jsonb_build_object('issuer', p.issuer, 'subject', p.subject)
    from sessions s cross join lateral sign_in_proofs(p_tenant, s) p
    join known_identities k on k.tenant_id = p_to and k.identity_hash = directory_identity_hash(p.issuer, p.subject)
    where s.tenant_id = p_tenant and s.handle_hash = p_handle
      and exists (select from sign_in_live_session(p_tenant, p_now, p_handle))
    order by p.issuer limit 1);
end
$$;

-- Signs the browser of a session in to another organization by the same proof, under the same handle: whoever holds it
-- could do this themselves. The session there began when the proof was made and ends when that one ends, so that whatever
-- ended sessions there since has ended this one too; a second step counts where it was passed. False when it is none.
create or replace function my_apps_switch(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_to uuid, p_issuer text, p_subject text, p_family text,
  p_log jsonb)
returns boolean language plpgsql as $$
declare
  v_session sessions;
  v_user uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select s.* into v_session from sessions s
  where s.tenant_id = p_tenant and s.handle_hash = p_handle
    and exists (select from sign_in_live_session(p_tenant, p_now, p_handle))
    and exists (select from sign_in_proofs(p_tenant, s) p where p.issuer = p_issuer and p.subject = p_subject);
  if v_session.handle_hash is null then
    return false;
  end if;
  perform set_config('vestibule.tenant', p_to::text, true);
  select u into v_user from directory_known_by(p_to, p_issuer, p_subject, null) u;
  if v_user is null then
    return false;
  end if;
  if exists (select from sign_in_live_session(p_to, p_now, p_handle) s where (s->>'userId')::uuid = v_user) then
    return true;
  end if;
  delete from sessions where tenant_id = p_to and handle_hash = p_handle;
  if p_issuer = 'mail' then
    perform sign_in_session_start(p_to, v_session.created_date_time, p_handle, null, v_user, v_session.address,
      v_session.address_folded, 'emailOneTimePasscode', v_session.expires_date_time, '{otp}', '{}');
  else
    perform sign_in_session_start(p_to, v_session.created_date_time, p_handle, null, v_user, v_session.address,
      v_session.address_folded, 'organization', v_session.expires_date_time, '{}',
      -- A member here has proved a mailbox to us, which is what their home would say (`assertMember`).
      case when v_session.authentication_method = 'organization' then v_session.home_claims
        else array['otp', 'urn:vestibule:mailbox'] end);
    perform sign_in_session_identify(p_to, p_handle, p_issuer, p_subject);
  end if;
  if not exists (select from sign_in_live_session(p_to, p_now, p_handle)) then
    delete from sessions where tenant_id = p_to and handle_hash = p_handle;
    return false;
  end if;
  perform sign_in_touch(p_to, p_now, p_handle, p_family);
  perform sign_in_log_as(p_to, p_now, v_user,
    case when p_issuer = 'mail' then 'emailOneTimePasscode' else 'federated' end, 'ok', p_log);
  return true;
end
$$;

-- What somebody owns: applications, and groups where `p_groups` says so, each with how many people or groups have it.
create or replace function my_apps_owned(p_tenant uuid, p_user uuid, p_groups boolean)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select coalesce(jsonb_agg(jsonb_build_object('kind', owned.kind, 'id', owned.id, 'name', owned.name,
      'people', owned.people) order by owned.kind, owned.name_folded, owned.id), '[]')
    from (
      select * from (
        select distinct 'app' as kind, a.service_principal_id as id, a.display_name as name,
          a.display_name_folded as name_folded, (
            select count(distinct r.principal_id) from app_role_assignments r
            cross join lateral directory_principal(p_tenant, r.principal_id) present
            where r.tenant_id = p_tenant and r.resource_id = a.service_principal_id) as people
        from application_owners o join applications a
          on a.tenant_id = p_tenant and (a.id = o.object_id or a.service_principal_id = o.object_id)
        where o.tenant_id = p_tenant and o.owner_id = p_user and a.service_principal_id is not null
        union all
        select 'group', g.id, g.display_name, g.display_name_folded, (
          select count(*) from group_members m
          cross join lateral directory_principal(p_tenant, m.member_id) present
          where m.tenant_id = p_tenant and m.group_id = g.id)
        from group_owners o join groups g on g.tenant_id = p_tenant and g.id = o.group_id
        where p_groups and o.tenant_id = p_tenant and o.owner_id = p_user and g.deleted_date_time is null) found
      order by found.kind, found.name_folded, found.id limit 100) owned);
end
$$;

-- Who has one thing that somebody owns, by name; null when it is none of theirs.
create or replace function my_apps_people(p_tenant uuid, p_user uuid, p_groups boolean, p_id uuid, p_most int)
returns jsonb language plpgsql as $$
declare
  v_owned jsonb;
begin
  select o into v_owned from jsonb_array_elements(my_apps_owned(p_tenant, p_user, p_groups)) o
  where o->>'id' = p_id::text;
  return v_owned || (
    select jsonb_build_object('holders', coalesce(jsonb_agg(jsonb_build_object('kind', h.kind, 'name', h.display_name,
      'mail', h.mail) order by lower(h.display_name), h.id), '[]'))
    from (
      select held.id, present.kind, present.display_name, u.mail
      from (
        select distinct r.principal_id as id from app_role_assignments r
        where v_owned->>'kind' = 'app' and r.tenant_id = p_tenant and r.resource_id = p_id
        union
        select m.member_id from group_members m
        where v_owned->>'kind' = 'group' and m.tenant_id = p_tenant and m.group_id = p_id) held
      cross join lateral directory_principal(p_tenant, held.id) present
      left join users u on u.tenant_id = p_tenant and u.id = held.id
      order by lower(present.display_name), held.id limit p_most) h);
end
$$;
