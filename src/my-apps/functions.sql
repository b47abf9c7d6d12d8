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
    'owns', exists (select from applications_owned_by(p_tenant, (v_person->>'id')::uuid))
      or exists (select from directory_groups_owned_by(p_tenant, (v_person->>'id')::uuid)),
    'approves', user_flow_approves(p_tenant, (v_person->>'id')::uuid));
end
$$;

-- The other organizations that know the person of this session by what they have proved to this deployment. Found by the
-- table for all, then looked at one by one under their own row security; never by an address that nobody proved.
create or replace function my_apps_organizations(p_tenant uuid, p_now timestamptz, p_handle bytea)
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_user jsonb;
  v_found jsonb := '[]';
begin
  for v_row in
    select t.id, t.display_name, t.default_domain, t.contact_address, t.privacy_statement_url, o.user_id
    from sign_in_elsewhere(p_tenant, p_handle) o
    join tenants t on t.id = o.tenant_id and t.enabled
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

-- Signs browsers of the person out, in every organization that they are signed in to under the same handle. `p_which`:
-- `this`, `others`, or `one` with its id. Answers with how many browsers; those of others are not found.
drop function if exists my_apps_end_sessions(uuid, timestamptz, bytea, text, bytea);
create or replace function my_apps_end_sessions(p_tenant uuid, p_handle bytea, p_which text, p_id bytea)
returns int language plpgsql as $$
declare
  v_handles bytea[];
  v_handle bytea;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_handles := sign_in_browsers_of(p_tenant, p_handle, p_which, p_id);
  foreach v_handle in array v_handles loop
    perform sign_in_browser_end(p_tenant, v_handle);
  end loop;
  return cardinality(v_handles);
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
      select found.*, (
        select count(*) from my_apps_holders(p_tenant, found.kind, found.id) h
        cross join lateral directory_principal(p_tenant, h) present) as people
      from (
        select 'app' as kind, a.* from applications_owned_by(p_tenant, p_user) a
        union all
        select 'group', g.* from directory_groups_owned_by(p_tenant, p_user) g where p_groups) found
      order by found.kind, found.name_folded, found.id limit 100) owned);
end
$$;

-- Which people and groups have something.
create or replace function my_apps_holders(p_tenant uuid, p_kind text, p_id uuid)
returns setof uuid language sql stable as $$
  select h from applications_holders(p_tenant, p_id) h where p_kind = 'app'
  union all
  select h from directory_members_of(p_tenant, p_id) h where p_kind = 'group'
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
      select held as id, present.kind, present.display_name, present.mail
      from my_apps_holders(p_tenant, v_owned->>'kind', p_id) held
      cross join lateral directory_principal(p_tenant, held) present
      order by lower(present.display_name), held limit p_most) h);
end
$$;
