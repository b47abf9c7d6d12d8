-- Change tracking (docs/decisions/0006). Tables with `trackedColumns` take these as triggers; an INSERT needs none.

-- BEFORE UPDATE, each row: which columns this transaction changed. An UPDATE that changes nothing is no change. Columns
-- that PostgreSQL computes are not computed yet here, and look changed. Arguments: columns that are nobody's business.
-- Values that an organization has added are in one column, `extension_values`, and are told apart:
-- `extension_values/<id of the definition>`.
-- It looks at every column, so the hottest UPDATEs set `changed_xid` and `property_xids` themselves; a trigger `when
-- (new.changed_xid = old.changed_xid)` leaves them alone.
create or replace function changes_track()
returns trigger language plpgsql as $$
declare
  v_old constant jsonb := to_jsonb(old);
  v_xid constant xid8 := pg_current_xact_id();
  v_changed jsonb;
begin
  select jsonb_object_agg(n.key, v_xid::text::bigint) into v_changed
  from jsonb_each(to_jsonb(new)) n
  where n.value is distinct from v_old->n.key
    and n.key <> all ('{changed_xid,property_xids}'::text[] || coalesce(tg_argv, '{}'))
    and not exists (
      select 1 from pg_attribute a where a.attrelid = tg_relid and a.attname = n.key and a.attgenerated <> '');
  if v_changed ? 'extension_values' then
    select v_changed || jsonb_object_agg('extension_values/' || k.key, v_xid::text::bigint) into v_changed
    from (
      select key, value from jsonb_each(nullif(to_jsonb(new)->'extension_values', 'null'))
      full join jsonb_each(nullif(v_old->'extension_values', 'null')) as before (key, was) using (key)
      where value is distinct from was) k;
  end if;
  if v_changed is not null then
    new.changed_xid := v_xid;
    new.property_xids :=
      coalesce(old.property_xids, jsonb_build_object('', old.changed_xid::text::bigint)) || v_changed;
  end if;
  return new;
end
$$;

-- AFTER DELETE, each statement, with its rows as `gone`. Argument: the kind of object.
create or replace function changes_bury()
returns trigger language plpgsql as $$
begin
  insert into removed_objects (tenant_id, kind, id)
  select g.tenant_id, tg_argv[0], g.id from gone g
  on conflict (tenant_id, kind, id) do update
    set changed_xid = excluded.changed_xid, removed_date_time = excluded.removed_date_time;
  return null;
end
$$;

-- The same for links. Arguments: the kind of link, and the columns of the owner, of the type of the target, of the target.
create or replace function changes_bury_links()
returns trigger language plpgsql as $$
begin
  execute format(
    'insert into removed_links (tenant_id, kind, owner_id, target_type, target_id)
     select distinct g.tenant_id, $1, g.%1$I, g.%2$I, g.%3$I from gone g
     on conflict (tenant_id, kind, owner_id, target_id) do update
       set changed_xid = excluded.changed_xid, removed_date_time = excluded.removed_date_time',
    tg_argv[1], tg_argv[2], tg_argv[3]) using tg_argv[0];
  return null;
end
$$;

-- Where the changes of this database stand: which transactions are over, and which cluster's transaction ids these are.
-- A restored copy or a promoted replica counts on from an earlier point, so what was seen there means nothing here.
create or replace function changes_now()
returns table (snapshot text, cluster text) language sql volatile as $$
  select pg_current_snapshot()::text,
    (select system_identifier::text from pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8);
$$;
