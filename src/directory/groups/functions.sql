-- Everything a member belongs to, directly or by way of another group: upwards from the member, so that the size of no
-- group matters. Deleted groups lead nowhere. Level by level and not as one recursive statement: each level is read by
-- its ids whatever the planner believes about tables that have just grown.
create or replace function directory_groups_of(p_tenant uuid, p_member uuid)
returns table (group_id uuid) language plpgsql stable rows 50 as $$
#variable_conflict use_column
declare
  v_level uuid[] := array[p_member];
  v_found uuid[] := '{}';
begin
  loop
    v_level := array(
      select g.id from groups g
      where g.tenant_id = p_tenant and g.deleted_date_time is null
        and g.id = any (array(
          select m.group_id from group_members m where m.tenant_id = p_tenant and m.member_id = any (v_level)))
        and not g.id = any (v_found));
    exit when v_level = '{}';
    v_found := v_found || v_level;
  end loop;
  return query select unnest(v_found);
end
$$;

-- The group itself and every group inside it: what may hold its transitive members.
create or replace function directory_groups_within(p_tenant uuid, p_group uuid)
returns table (group_id uuid) language plpgsql stable rows 50 as $$
#variable_conflict use_column
declare
  v_level uuid[] := array[p_group];
  v_found uuid[] := array[p_group];
begin
  loop
    v_level := array(
      select g.id from groups g
      where g.tenant_id = p_tenant and g.deleted_date_time is null
        and g.id = any (array(
          select m.member_id from group_members m
          where m.tenant_id = p_tenant and m.group_id = any (v_level) and m.member_type = 'group'))
        and not g.id = any (v_found));
    exit when v_level = '{}';
    v_found := v_found || v_level;
  end loop;
  return query select unnest(v_found);
end
$$;

-- Which of `p_groups` would close a circle by becoming members of `p_group`. Deleted groups count: they can come back.
create or replace function directory_closing_circle(p_tenant uuid, p_group uuid, p_groups uuid[])
returns uuid language plpgsql stable as $$
declare
  v_level uuid[] := array[p_group];
  v_found uuid[] := '{}';
  v_closing uuid;
begin
  while v_level <> '{}' loop
    select id into v_closing from unnest(v_level) as id where id = any (p_groups) limit 1;
    exit when found;
    v_found := v_found || v_level;
    v_level := array(
      select distinct m.group_id from group_members m
      where m.tenant_id = p_tenant and m.member_id = any (v_level) and not m.group_id = any (v_found));
  end loop;
  return v_closing;
end
$$;

-- Present users and groups among `p_ids`, held against change until the transaction ends. Shared, so that adds do not wait
-- for each other, and not key shared: a deletion, a restoration, a new name or a change to dynamic membership waits, and
-- then tells what was made here, too.
create or replace function directory_hold_users(p_tenant uuid, p_ids uuid[])
returns uuid[] language sql as $$
  select coalesce(array_agg(held.id), '{}') from (
    select id from users where tenant_id = p_tenant and id = any (p_ids) and deleted_date_time is null
    order by id
    for share) held
$$;

create or replace function directory_hold_groups(p_tenant uuid, p_ids uuid[])
returns uuid[] language sql as $$
  select coalesce(array_agg(held.id), '{}') from (
    select id from groups where tenant_id = p_tenant and id = any (p_ids) and deleted_date_time is null
    order by id
    for share) held
$$;

-- The outcome `notFound` for the first of `p_wanted` that is not in `p_there`; null when all are.
create or replace function directory_missing(p_wanted uuid[], p_there uuid[])
returns jsonb language sql immutable as $$
  select jsonb_build_object('outcome', 'notFound', 'id', wanted.id)
  from unnest(p_wanted) with ordinality as wanted (id, n)
  where not wanted.id = any (p_there)
  order by wanted.n limit 1
$$;

-- Adds members of any kind in one statement, all or none. Returns null, or why nothing was added:
-- {"outcome": "groupGone" | "dynamic" | "notFound" | "alreadyThere" | "notNestable" | "circle", "id": ...}.
create or replace function directory_add_members(p_tenant uuid, p_group uuid, p_members uuid[])
returns jsonb language plpgsql as $$
declare
  v_group groups;
  v_users uuid[];
  v_groups uuid[] := '{}';
  v_id uuid;
  v_missing jsonb;
begin
  if directory_hold_groups(p_tenant, array[p_group]) = '{}' then
    return jsonb_build_object('outcome', 'groupGone');
  end if;
  select * into v_group from groups where tenant_id = p_tenant and id = p_group;
  if v_group.is_dynamic then
    return jsonb_build_object('outcome', 'dynamic');
  end if;
  v_users := directory_hold_users(p_tenant, p_members);
  if cardinality(p_members) > cardinality(v_users) then
    -- One at a time: two that nest groups at once could close a circle that neither sees.
    perform pg_advisory_xact_lock(hashtextextended('vestibule group nesting ' || p_tenant, 0));
    v_groups := directory_hold_groups(p_tenant, p_members);
  end if;
  v_missing := directory_missing(p_members, v_users || v_groups);
  if v_missing is not null then
    return v_missing;
  end if;
  if v_groups <> '{}' then
    select g.id into v_id from groups g
    where g.tenant_id = p_tenant and g.id = any (v_groups)
      and (g.is_unified or v_group.is_unified or v_group.is_assignable_to_role) limit 1;
    if found then
      return jsonb_build_object('outcome', 'notNestable', 'id', v_id);
    end if;
    v_id := directory_closing_circle(p_tenant, p_group, v_groups);
    if v_id is not null then
      return jsonb_build_object('outcome', 'circle', 'id', v_id);
    end if;
  end if;
  with added as (
    insert into group_members (tenant_id, group_id, member_type, member_id)
    select p_tenant, p_group, 'user', id from unnest(v_users) as id
    union all
    select p_tenant, p_group, 'group', id from unnest(v_groups) as id
    order by 4
    on conflict do nothing
    returning member_id
  )
  select m.id into v_id from unnest(p_members) as m (id) where not m.id in (select member_id from added) limit 1;
  if found then
    return jsonb_build_object('outcome', 'alreadyThere', 'id', v_id);
  end if;
  return null;
end
$$;

-- Makes one user a member of several groups; memberships there already are left as they are. Outcomes: dynamic, notFound
-- (a group that is not there, or the user).
create or replace function directory_join_groups(p_tenant uuid, p_user uuid, p_groups uuid[])
returns jsonb language plpgsql as $$
declare
  v_users constant uuid[] := directory_hold_users(p_tenant, array[p_user]);
  v_groups constant uuid[] := directory_hold_groups(p_tenant, p_groups);
  v_missing constant jsonb := directory_missing(p_user || p_groups, v_users || v_groups);
  v_dynamic uuid;
begin
  if v_missing is not null then
    return v_missing;
  end if;
  select id into v_dynamic from groups where tenant_id = p_tenant and id = any (v_groups) and is_dynamic
  order by id limit 1;
  if found then
    return jsonb_build_object('outcome', 'dynamic', 'id', v_dynamic);
  end if;
  insert into group_members (tenant_id, group_id, member_type, member_id)
  select p_tenant, id, 'user', p_user from unnest(v_groups) as id
  on conflict do nothing;
  return null;
end
$$;

-- Outcomes: groupGone, dynamic, notFound.
create or replace function directory_remove_member(p_tenant uuid, p_group uuid, p_member uuid)
returns jsonb language plpgsql as $$
declare
  v_dynamic boolean;
begin
  select is_dynamic into v_dynamic from groups
  where tenant_id = p_tenant and id = p_group and deleted_date_time is null
  for share;
  if not found then
    return jsonb_build_object('outcome', 'groupGone');
  end if;
  if v_dynamic then
    return jsonb_build_object('outcome', 'dynamic');
  end if;
  delete from group_members m where m.tenant_id = p_tenant and m.group_id = p_group and m.member_id = p_member
    and exists (
      select 1 from users u where u.tenant_id = p_tenant and u.id = p_member and u.deleted_date_time is null
      union all
      select 1 from groups g where g.tenant_id = p_tenant and g.id = p_member and g.deleted_date_time is null);
  return case when not found then jsonb_build_object('outcome', 'notFound', 'id', p_member) end;
end
$$;

-- Adds owners, all or none. Outcomes: groupGone, notFound, alreadyThere, and tooMany with how many there would be.
create or replace function directory_add_owners(p_tenant uuid, p_group uuid, p_owners uuid[], p_most int)
returns jsonb language plpgsql as $$
declare
  v_missing jsonb;
  v_id uuid;
  v_count int;
begin
  -- One at a time: owners are counted.
  perform 1 from groups where tenant_id = p_tenant and id = p_group and deleted_date_time is null for no key update;
  if not found then
    return jsonb_build_object('outcome', 'groupGone');
  end if;
  v_missing := directory_missing(p_owners, directory_hold_users(p_tenant, p_owners));
  if v_missing is not null then
    return v_missing;
  end if;
  select owner_id into v_id from group_owners
  where tenant_id = p_tenant and group_id = p_group and owner_id = any (p_owners) limit 1;
  if found then
    return jsonb_build_object('outcome', 'alreadyThere', 'id', v_id);
  end if;
  select count(*) into v_count from group_owners where tenant_id = p_tenant and group_id = p_group;
  v_count := v_count + cardinality(p_owners);
  if v_count > p_most then
    return jsonb_build_object('outcome', 'tooMany', 'count', v_count);
  end if;
  insert into group_owners (tenant_id, group_id, owner_id) select p_tenant, p_group, id from unnest(p_owners) as id;
  return null;
end
$$;

-- Outcomes: groupGone, notFound, lastOwner. A deleted owner does not count as one.
create or replace function directory_remove_owner(p_tenant uuid, p_group uuid, p_owner uuid)
returns jsonb language plpgsql as $$
begin
  perform 1 from groups where tenant_id = p_tenant and id = p_group and deleted_date_time is null for no key update;
  if not found then
    return jsonb_build_object('outcome', 'groupGone');
  end if;
  perform 1 from group_owners o join users u on u.tenant_id = p_tenant and u.id = o.owner_id
  where o.tenant_id = p_tenant and o.group_id = p_group and o.owner_id = p_owner and u.deleted_date_time is null;
  if not found then
    return jsonb_build_object('outcome', 'notFound', 'id', p_owner);
  end if;
  perform 1 from group_owners o join users u on u.tenant_id = p_tenant and u.id = o.owner_id
  where o.tenant_id = p_tenant and o.group_id = p_group and o.owner_id <> p_owner and u.deleted_date_time is null
  limit 1;
  if not found then
    return jsonb_build_object('outcome', 'lastOwner');
  end if;
  delete from group_owners where tenant_id = p_tenant and group_id = p_group and owner_id = p_owner;
  return null;
end
$$;

create or replace trigger groups_search_forget after delete on groups
for each row execute function search_forget();

-- Change tracking for delta and notifications.
create or replace trigger groups_track before update on groups for each row
execute function changes_track('active_rule', 'rule_applied_up_to');
create or replace trigger groups_bury after delete on groups referencing old table as gone
for each statement execute function changes_bury('group');
create or replace trigger group_members_bury after delete on group_members referencing old table as gone
for each statement execute function changes_bury_links('members', 'group_id', 'member_type', 'member_id');

-- A deleted member leaves its groups, a restored one is back, and a restored group has its members again: its links say
-- so, although their rows stayed all the time.
create or replace function directory_touch_memberships()
returns trigger language plpgsql as $$
begin
  update group_members set changed_xid = pg_current_xact_id()
  where tenant_id = new.tenant_id and member_id = new.id;
  if tg_table_name = 'groups' and new.deleted_date_time is null then
    update group_members set changed_xid = pg_current_xact_id()
    where tenant_id = new.tenant_id and group_id = new.id;
  end if;
  return null;
end
$$;
create or replace trigger users_touch_memberships after update of deleted_date_time on users for each row
when ((old.deleted_date_time is null) <> (new.deleted_date_time is null))
execute function directory_touch_memberships();
create or replace trigger groups_touch_memberships after update of deleted_date_time on groups for each row
when ((old.deleted_date_time is null) <> (new.deleted_date_time is null))
execute function directory_touch_memberships();

-- A membership holds its member's name as it is compared, so that the list of a group is read in the order of names,
-- however long it is.
create or replace function directory_name_of(p_tenant uuid, p_type text, p_id uuid)
returns text language sql stable as $$
  select coalesce(
    case p_type
      when 'user' then (select display_name_folded from users where tenant_id = p_tenant and id = p_id)
      else (select display_name_folded from groups where tenant_id = p_tenant and id = p_id)
    end, '')
$$;

create or replace function directory_name_membership()
returns trigger language plpgsql as $$
begin
  new.member_name_folded := directory_name_of(new.tenant_id, new.member_type, new.member_id);
  return new;
end
$$;
create or replace trigger group_members_name before insert on group_members for each row
execute function directory_name_membership();

-- Whoever adds a member by hand holds the member; a rule that is being applied is waited for.
create or replace function directory_rename_memberships()
returns trigger language plpgsql as $$
begin
  if tg_table_name = 'users' then
    perform pg_advisory_xact_lock_shared(directory_rules_lock(new.tenant_id));
  end if;
  update group_members set member_name_folded = new.display_name_folded
  where tenant_id = new.tenant_id and member_id = new.id;
  return null;
end
$$;
create or replace trigger users_rename_memberships after update of display_name on users for each row
when (old.display_name is distinct from new.display_name)
execute function directory_rename_memberships();
create or replace trigger groups_rename_memberships after update of display_name on groups for each row
when (old.display_name is distinct from new.display_name)
execute function directory_rename_memberships();

-- Memberships that are older than the column.
do $$
declare
  v_tenant uuid;
begin
  for v_tenant in select id from tenants loop
    perform set_config('vestibule.tenant', v_tenant::text, true);
    update group_members set member_name_folded = directory_name_of(tenant_id, member_type, member_id)
    where tenant_id = v_tenant and member_name_folded = '';
  end loop;
  perform set_config('vestibule.tenant', '', true);
end
$$;

-- Groups that somebody owns.
create or replace function directory_groups_owned_by(p_tenant uuid, p_user uuid)
returns table (id uuid, name text, name_folded text) language sql stable as $$
  select g.id, g.display_name, g.display_name_folded
  from group_owners o join groups g on g.tenant_id = o.tenant_id and g.id = o.group_id
  where o.tenant_id = p_tenant and o.owner_id = p_user and g.deleted_date_time is null
$$;

-- Whoever is in a group directly, deleted ones too.
create or replace function directory_members_of(p_tenant uuid, p_group uuid)
returns setof uuid language sql stable as $$
  select m.member_id from group_members m where m.tenant_id = p_tenant and m.group_id = p_group
$$;
