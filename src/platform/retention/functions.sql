-- Deletes up to `p_most` of the oldest rows below an id made from a time, of a table whose key is tenant and id. By the
-- primary key and in small batches, so nobody waits for it; a row that somebody is working on is left for the next turn.
create or replace function retention_purge(p_table regclass, p_tenant uuid, p_before uuid, p_most int)
returns int language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_count int;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  execute format(
    'delete from %1$s where tenant_id = $1 and id in (
      select id from %1$s where tenant_id = $1 and id < $2 order by id limit $3 for update skip locked)', p_table)
    using p_tenant, p_before, p_most;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
