-- The words of a text: it is cut at spaces, and inside at symbols, digits and changes of case (Graph: search-query-
-- parameter). Of `hello.world` these are `helloworld` and `world`: each part with what follows it up to the next space,
-- so that the start of a word finds parts and parts written together. Letters beyond ASCII never end a part. `wordsOf` in
-- words.ts cuts what is searched for in the same way.
create or replace function search_words_of(p_text text)
returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct left(lower(array_to_string(parts[first:], '') collate "default"), 64)), '{}')
  from (
    select array_remove(string_to_array(chunk, chr(1)), '') as parts
    from regexp_split_to_table(
      regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        translate(left(p_text, 1024), search_spaces(), '          ') collate "C",
        '[\x01-\x08\x0e-\x1f!-/:-@\[-`{-\x7f]', chr(1), 'g'),
        '([a-z])(?=[A-Z])', '\1' || chr(1), 'g'),
        '([A-Z])(?=[A-Z][a-z])', '\1' || chr(1), 'g'),
        '([0-9])(?=[^0-9])|([^0-9])(?=[0-9])', '\1\2' || chr(1), 'g'),
      '[ \t\n\v\f\r]+') as chunk
  ) as chunks, generate_subscripts(parts, 1) as first
$$;

-- Spaces and punctuation beyond ASCII that people put into names: no-break and ideographic space, dashes, quotes, dots.
create or replace function search_spaces()
returns text language sql immutable parallel safe as $$
  select U&'\00a0\3000\2013\2014\2018\2019\201c\201d\00b7\2026'
$$;

-- Held by a sweep of a table's words, and shared by whoever deletes rows of it for good.
create or replace function search_lock(p_tenant uuid, p_source text)
returns bigint language sql immutable parallel safe as $$
  select hashtextextended('vestibule search ' || p_tenant::text || ' ' || p_source, 0)
$$;

-- AFTER DELETE, each row, of a table that can be searched. A sweep that read the row before has committed its words when
-- the lock is there.
create or replace function search_forget()
returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(search_lock(old.tenant_id, tg_table_name));
  delete from search_words where tenant_id = old.tenant_id and object_id = old.id;
  return null;
end
$$;

-- How many entries of the index start with each of some words, as the planner estimates: that takes no longer for a word
-- of everybody than for one of nobody, and statistics of tables under row security can be read in no other way. Volatile
-- because EXPLAIN is not allowed in anything else.
create or replace function search_sizes(p_tenant uuid, p_fields text[], p_words text[])
returns float8[] language plpgsql volatile as $$
declare
  v_sizes float8[] := '{}';
  v_plan json;
begin
  for i in 1 .. cardinality(p_words) loop
    execute $sql$
      explain (format json) select from search_words
      where tenant_id = $1 and field = $2 and word >= lower($3) and word < lower($3) || chr(1114111)
      $sql$ into v_plan using p_tenant, p_fields[i], p_words[i];
    v_sizes := v_sizes || (v_plan->0->'Plan'->>'Plan Rows')::float8;
  end loop;
  return v_sizes;
end
$$;

-- The objects of a table that changed after the index last looked. Always by their tracking: how few they are is what the
-- planner cannot know, and what it guesses is a third of the table.
create or replace function search_pending(p_tenant uuid, p_source text)
returns uuid[] language plpgsql stable set enable_seqscan = off as $$
declare
  v_xid xid8;
  v_id uuid;
  v_pending uuid[];
begin
  select changed_xid, object_id into v_xid, v_id from search_positions
  where tenant_id = p_tenant and source = p_source and changed_xid < pg_snapshot_xmax(pg_current_snapshot());
  execute format($sql$
    select coalesce(array_agg(id), '{}') from %I where tenant_id = $1 and (changed_xid, id) > ($2, $3)
    $sql$, p_source) into v_pending
  using p_tenant, coalesce(v_xid, '0'::xid8), coalesce(v_id, '00000000-0000-0000-0000-000000000000'::uuid);
  return v_pending;
end
$$;

-- What marked objects for the index before their own tracking did.
drop function if exists search_mark_inserted() cascade;
drop function if exists search_mark_changed() cascade;
drop function if exists search_mark_older(text);
