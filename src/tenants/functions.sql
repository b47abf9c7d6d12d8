-- Whether a process that decided with version `p_version` decided with what is in force now. To the end of the
-- transaction nobody raises the version: a change of policy that was answered has no write behind it that it forbids.
create or replace function tenants_is_current(p_tenant uuid, p_version int)
returns boolean language plpgsql as $$
begin
  return coalesce(tenants_version(p_tenant) = p_version, false);
end
$$;

-- Held by whoever writes what was decided with the version in force (shared) and whoever raises it (alone).
create or replace function tenants_version_lock(p_tenant uuid)
returns bigint language sql immutable as $$
  select hashtextextended('vestibule version ' || p_tenant::text, 0)
$$;

-- The version in force, no row when the organization is disabled. For a statement after the one that takes the lock: it
-- sees the change that was waited for. In SQL, so that the planner sees through it.
create or replace function tenants_version_in_force(p_tenant uuid)
returns setof int language sql stable as $$
  select version from tenants where id = p_tenant and enabled
$$;

-- The language of the organization that a domain belongs to, folded as addresses are; no row when it is nobody's here or
-- names none. In SQL, so that the planner sees through it.
create or replace function tenants_language_at(p_domain text)
returns setof text language sql stable as $$
  select t.notification_language from domains d join tenants t on t.id = d.tenant_id
  where lower(d.name) = p_domain and d.is_verified and t.enabled and t.notification_language is not null
$$;

-- Both: the version in force or null; to the end of the transaction it stays in force.
create or replace function tenants_version(p_tenant uuid)
returns int language plpgsql as $$
declare
  -- By assignment, which is no query of its own.
  v_lock constant text := pg_advisory_xact_lock_shared(tenants_version_lock(p_tenant));
begin
  return (select v from tenants_version_in_force(p_tenant) v);
end
$$;

-- Waits for the writes under way that were decided with the version in force, and lets none begin until the change
-- commits. An advisory lock, since thousands of writes a second sharing the tenant's row would rewrite it each time.
create or replace function tenants_raise_version(p_tenant uuid)
returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(tenants_version_lock(p_tenant));
  update tenants set version = version + 1 where id = p_tenant;
end
$$;
