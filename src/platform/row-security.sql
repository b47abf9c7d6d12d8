-- The second lock of tenancy: every table with a tenant_id shows only the rows of `vestibule.tenant`, to its owner too.
-- A new table is locked by default; the few that serve all tenants are named here.
do $$
declare
  name text;
begin
  for name in
    select c.table_name
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE'
      and c.table_name not in ('domains', 'outbox', 'signing_keys', 'provider_state', 'mailbox_messages', 'notification_feeds',
        'known_identities')
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('drop policy if exists own_tenant on %I', name);
    execute format(
      'create policy own_tenant on %I using (tenant_id = nullif(current_setting(''vestibule.tenant'', true), '''')::uuid)',
      name);
  end loop;
end
$$;
