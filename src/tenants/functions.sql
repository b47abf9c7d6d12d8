-- Whether a process that decided with version `p_version` decided with what is in force now. To the end of the
-- transaction nobody raises the version: a change of policy that was answered has no write behind it that it forbids.
create or replace function tenants_is_current(p_tenant uuid, p_version int)
returns boolean language plpgsql as $$
begin
  return coalesce(tenants_version(p_tenant) = p_version, false);
end
$$;

-- The version in force, null when the organization is disabled; to the end of the transaction it stays in force.
create or replace function tenants_version(p_tenant uuid)
returns int language plpgsql as $$
declare
  -- By assignment, which is no query of its own.
  v_lock constant text := pg_advisory_xact_lock_shared(hashtextextended('vestibule version ' || p_tenant, 0));
begin
  -- A statement of its own: it sees the change it may have waited for.
  return (select version from tenants where id = p_tenant and enabled);
end
$$;

-- Waits for the writes under way that were decided with the version in force, and lets none begin until the change
-- commits. An advisory lock, since thousands of writes a second sharing the tenant's row would rewrite it each time.
create or replace function tenants_raise_version(p_tenant uuid)
returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('vestibule version ' || p_tenant, 0));
  update tenants set version = version + 1 where id = p_tenant;
end
$$;
