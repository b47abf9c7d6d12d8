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

-- Adds members of any kind in one statement, all or none. Returns null, or why nothing was added:
-- {"outcome": "groupGone" | "dynamic" | "notFound" | "alreadyThere" | "notNestable" | "circle", "id": ...}.
create or replace function directory_add_members(p_tenant uuid, p_group uuid, p_members uuid[])
returns jsonb language plpgsql as $$
declare
  v_group groups;
  v_users uuid[];
  v_groups uuid[];
  v_id uuid;
begin
  -- Shared, so that adds do not wait for each other; a deletion, or the change to dynamic membership, waits for them.
  select * into v_group from groups
  where tenant_id = p_tenant and id = p_group and deleted_date_time is null
  for share;
  if not found then
    return jsonb_build_object('outcome', 'groupGone');
  end if;
  if v_group.is_dynamic then
    return jsonb_build_object('outcome', 'dynamic');
  end if;
  -- Shared, not key shared: a deletion or restoration of the member waits, and then tells this membership, too.
  select array_agg(u.id) into v_users from (
    select id from users where tenant_id = p_tenant and id = any (p_members) and deleted_date_time is null
    order by id
    for share) u;
  if cardinality(p_members) > coalesce(cardinality(v_users), 0) then
    -- One at a time: two that nest groups at once could close a circle that neither sees.
    perform pg_advisory_xact_lock(hashtextextended('vestibule group nesting ' || p_tenant, 0));
    select array_agg(g.id) into v_groups from (
      select id from groups where tenant_id = p_tenant and id = any (p_members) and deleted_date_time is null
      order by id
      for share) g;
  end if;
  select m.id into v_id from unnest(p_members) with ordinality as m (id, n)
  where not m.id = any (coalesce(v_users, '{}') || coalesce(v_groups, '{}'))
  order by m.n limit 1;
  if found then
    return jsonb_build_object('outcome', 'notFound', 'id', v_id);
  end if;
  if v_groups is not null then
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
  v_found uuid[];
  v_dynamic uuid;
  v_id uuid;
begin
  perform 1 from users where tenant_id = p_tenant and id = p_user and deleted_date_time is null for share;
  if not found then
    return jsonb_build_object('outcome', 'notFound', 'id', p_user);
  end if;
  select array_agg(g.id), (array_agg(g.id) filter (where g.is_dynamic))[1] into v_found, v_dynamic from (
    select id, is_dynamic from groups where tenant_id = p_tenant and id = any (p_groups) and deleted_date_time is null
    order by id
    for share) g;
  select m.id into v_id from unnest(p_groups) with ordinality as m (id, n)
  where not m.id = any (coalesce(v_found, '{}'))
  order by m.n limit 1;
  if found then
    return jsonb_build_object('outcome', 'notFound', 'id', v_id);
  end if;
  if v_dynamic is not null then
    return jsonb_build_object('outcome', 'dynamic', 'id', v_dynamic);
  end if;
  insert into group_members (tenant_id, group_id, member_type, member_id)
  select p_tenant, id, 'user', p_user from unnest(v_found) as id
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
  v_id uuid;
  v_count int;
begin
  -- One at a time: owners are counted.
  perform 1 from groups where tenant_id = p_tenant and id = p_group and deleted_date_time is null for no key update;
  if not found then
    return jsonb_build_object('outcome', 'groupGone');
  end if;
  with present as (
    select id from users where tenant_id = p_tenant and id = any (p_owners) and deleted_date_time is null
    order by id
    for share
  )
  select o.id into v_id from unnest(p_owners) with ordinality as o (id, n)
  where not o.id in (select id from present)
  order by o.n limit 1;
  if found then
    return jsonb_build_object('outcome', 'notFound', 'id', v_id);
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

-- `$search` finds groups by the words of their names and descriptions.
create or replace trigger groups_search_inserted after insert on groups
  referencing new table as inserted for each statement execute function search_mark_inserted();
create or replace trigger groups_search_changed after update of display_name, description on groups
  for each row when (old.display_name is distinct from new.display_name or old.description is distinct from new.description)
  execute function search_mark_changed();
create or replace trigger groups_search_deleted after delete on groups
  for each row execute function search_mark_changed();
select search_mark_older('groups');

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
