-- Who wants to be told of something. In SQL, so that the planner sees through it.
create or replace function notifications_watching(p_tenant uuid, p_collection text)
returns setof uuid language sql stable as $$
  select s.id from subscriptions s
  where s.tenant_id = p_tenant and s.collection = p_collection and s.removed_date_time is null
$$;

-- Writes down what happened to invitations, while somebody wants to be told. Once a statement, whatever its size; without
-- a subscription it is one look at an empty index. A transaction that has looked says so in `vestibule.unwatched`.
create or replace function notifications_note_invited()
returns trigger language plpgsql as $$
begin
  if notifications_is_watched('invitations') then
    insert into notification_events (tenant_id, object_id, event, event_date_time)
    select i.tenant_id, i.id, e->>'event', (e->>'dateTime')::timestamptz
    from written i cross join lateral jsonb_array_elements(i.history) e
    order by i.id;
  end if;
  return null;
end
$$;

create or replace function notifications_note_invitation_events()
returns trigger language plpgsql as $$
begin
  if notifications_is_watched('invitations') then
    insert into notification_events (tenant_id, object_id, event, event_date_time)
    select i.tenant_id, i.id, e.entry->>'event', (e.entry->>'dateTime')::timestamptz
    from written i
    join replaced o on o.tenant_id = i.tenant_id and o.id = i.id
    cross join lateral jsonb_array_elements(i.history) with ordinality as e (entry, n)
    where jsonb_array_length(i.history) > jsonb_array_length(o.history) and e.n > jsonb_array_length(o.history)
      and e.entry->>'event' in ('delivered', 'bounced', 'failed', 'redeemed', 'declined', 'expired', 'revoked', 'reset')
    order by i.id, e.n;
  end if;
  return null;
end
$$;

-- In plpgsql, since a function in SQL would be planned anew for each statement that writes invitations.
create or replace function notifications_is_watched(p_collection text)
returns boolean language plpgsql stable as $$
begin
  return exists (
    select from notifications_watching(nullif(current_setting('vestibule.tenant', true), '')::uuid, p_collection));
end
$$;

create or replace trigger notifications_invited after insert on invitations referencing new table as written
for each statement when (current_setting('vestibule.unwatched', true) is distinct from 'true') execute function notifications_note_invited();
create or replace trigger notifications_invitation_events after update on invitations
referencing old table as replaced new table as written
for each statement when (current_setting('vestibule.unwatched', true) is distinct from 'true') execute function notifications_note_invitation_events();

-- Hands feeds that are due to one process for `p_lease`.
create or replace function notifications_claim_feeds(p_most int, p_lease interval)
returns table (tenant_id uuid, collection text) language sql as $$
  update notification_feeds f set next_look_at = now() + p_lease
  from (
    select d.tenant_id, d.collection from notification_feeds d where d.next_look_at <= now()
    order by d.next_look_at limit p_most
    for update skip locked) due
  where f.tenant_id = due.tenant_id and f.collection = due.collection
  returning f.tenant_id, f.collection;
$$;
