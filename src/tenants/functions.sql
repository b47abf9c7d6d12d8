-- Whether a process that decided with version `p_version` decided with what is in force now.
create or replace function tenants_is_current(p_tenant uuid, p_version int)
returns boolean language sql stable as $$
  select exists (select 1 from tenants where id = p_tenant and version = p_version and enabled);
$$;
