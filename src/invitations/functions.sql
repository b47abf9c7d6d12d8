-- Creates up to 64 invitations by one inviter in one round trip: guests, invitations, mails, outbox and audit commit
-- together. Arrays hold one element a row, sorted by address; one that is null holds nothing for any row. Answers only
-- what the caller cannot know: that the policies it decided with are stale (nothing was written), which keys were used
-- before, which rows met somebody who exists (`guests`, by number of the row), which mails are not sent.
-- `p_known`: the one row is for that user, who exists, whatever their addresses.
create or replace function invitations_create(
  p_tenant uuid, p_now timestamptz, p_version int, p_activity text, p_known boolean, p_is_reset boolean,
  p_inviter_kind text, p_inviter_id uuid, p_inviter_name text, p_inviter_mail text,
  p_recipient_cap int, p_inviter_cap int, p_initial_domain text,
  p_ids uuid[], p_users uuid[], p_mails uuid[], p_add_audits uuid[], p_invite_audits uuid[], p_sponsor_audits uuid[],
  p_addresses text[], p_folded text[], p_names text[], p_given_names text[], p_types text[], p_nicknames text[],
  p_urls text[], p_languages text[], p_messages text[], p_cc_names text[], p_cc_addresses text[], p_contacts text[],
  p_expires timestamptz[], p_sponsors jsonb, p_sponsors_given boolean[], p_key_hashes text[], p_request_hashes text[],
  out stale boolean, out replayed jsonb, out guests jsonb, out suppressed jsonb)
language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
  v_actor constant jsonb := jsonb_build_object('kind', p_inviter_kind, 'id', p_inviter_id, 'displayName', p_inviter_name);
  v_history constant jsonb := jsonb_build_array(jsonb_build_object('event', 'invited', 'dateTime', p_now, 'actor', v_actor));
  v_assigned text;
  v_unruled text;
  v_unwatched text;
  v_added uuid[] := '{}';
  v_users uuid[] := p_users;
  -- Of rows that meet somebody: whether that was so, whether the row is left out, since when the guest is in.
  v_met boolean[];
  v_out boolean[];
  v_accepted timestamptz[];
  v_sponsored boolean[];
  v_none constant boolean[] := array_fill(null::boolean, array[cardinality(p_ids)]);
  v_suppressed text[];
  v_guest record;
  v_sent int;
begin
  -- By assignment, which is no query of its own.
  v_assigned := set_config('vestibule.tenant', p_tenant::text, true);
  v_assigned := pg_advisory_xact_lock_shared(tenants_version_lock(p_tenant));
  v_assigned := pg_advisory_xact_lock_shared(directory_rules_lock(p_tenant));
  -- One look for all three; triggers that find what they look for answered do not look.
  select (select v from tenants_version_in_force(p_tenant) v) is distinct from p_version,
    set_config('vestibule.unruled', (not exists (select from directory_ruled_groups(p_tenant)))::text, true),
    set_config('vestibule.unwatched', (not exists (select from notifications_watching(p_tenant, 'invitations')))::text, true)
  into stale, v_unruled, v_unwatched;
  if stale then
    return;
  end if;

  if p_key_hashes is not null then
    v_out := v_none;
    for v_guest in select * from idempotency_claim(p_tenant, p_now, p_ids, p_key_hashes, p_request_hashes) loop
      v_out[v_guest.row] := true;
      replayed := coalesce(replayed, '[]') || jsonb_build_object('row', v_guest.row,
        'invitationId', v_guest.resource_id, 'requestHash', encode(v_guest.request_hash, 'hex'));
    end loop;
  end if;
  if p_inviter_cap is not null and p_mails is not null then
    -- Caps per inviter are counted one inviter at a time.
    perform pg_advisory_xact_lock(hashtextextended('vestibule mail cap ' || p_inviter_id, 0));
    v_sent := (select count(*) from invitation_mails m where m.tenant_id = p_tenant and m.inviter_id = p_inviter_id
      and m.created_date_time > p_now - interval '24 hours');
  end if;

  if not p_known then
    v_added := directory_add_guests(p_tenant, p_now, p_initial_domain, p_users, p_addresses, p_folded, p_names, p_types,
      p_nicknames, v_out);
  end if;
  if cardinality(v_added) < cardinality(p_users) then
    v_out := coalesce(v_out, v_none);
    v_met := v_none;
    v_sponsored := v_none;
    v_accepted := array_fill(null::timestamptz, array[cardinality(p_ids)]);
    for v_guest in
      select * from directory_find_guests(p_tenant, p_now, p_initial_domain, p_known, p_users, p_addresses, p_folded,
        p_names, p_types, p_nicknames, v_out, v_added)
    loop
      v_users[v_guest.row] := v_guest.user_id;
      v_met[v_guest.row] := v_guest.outcome <> 'new';
      v_out[v_guest.row] := v_guest.outcome not in ('new', 'existing');
      v_sponsored[v_guest.row] := v_guest.sponsored;
      if v_guest.state = 'Accepted' then
        v_accepted[v_guest.row] := coalesce(v_guest.state_since, p_now);
      end if;
      guests := coalesce(guests, '[]') || jsonb_build_object('row', v_guest.row, 'outcome', v_guest.outcome,
        'userId', v_guest.user_id, 'state', v_guest.state);
    end loop;
  end if;

  if p_mails is not null then
    v_suppressed := invitations_queue_mails(p_tenant, p_now, p_inviter_kind, p_inviter_id, p_ids, p_folded, p_mails,
      v_out, p_recipient_cap, p_inviter_cap, v_sent);
    suppressed := to_jsonb(v_suppressed);
  end if;

  insert into invitations (tenant_id, id, user_id, invited_user_email_address, address_folded,
    invited_user_display_name, invited_user_type, invite_redirect_url, send_invitation_message, message_language,
    customized_message_body, cc_name, cc_address, contact_url, reset_redemption, status, created_date_time,
    expires_date_time, redeemed_date_time, inviter_kind, inviter_id, inviter_name, inviter_mail,
    delivery_state, delivery_reason, delivery_date_time, history)
  select p_tenant, r.id, r.user_id, r.address, r.folded, r.given_name, r.type, r.url, r.mail is not null,
    r.language, r.message, r.cc_name, r.cc_address, r.contact, p_is_reset,
    case when r.accepted is null then 'pending' else 'completed' end, p_now, r.expires, r.accepted,
    p_inviter_kind, p_inviter_id, p_inviter_name, p_inviter_mail,
    case when r.mail is null then null when r.suppressed is null then 'queued' else 'suppressed' end, r.suppressed,
    case when r.mail is not null then p_now end, v_history
  from unnest(p_ids, v_users, p_addresses, p_folded, p_given_names, p_types, p_urls, p_mails, p_languages, p_messages,
      p_cc_names, p_cc_addresses, p_contacts, p_expires, v_accepted, v_suppressed, v_out)
    as r (id, user_id, address, folded, given_name, type, url, mail, language, message, cc_name, cc_address, contact,
      expires, accepted, suppressed, is_out)
  where r.is_out is not true;
  if p_sponsors is not null then
    perform directory_set_sponsors(p_tenant, r.user_id, array(select jsonb_array_elements_text(p_sponsors->(r.row::int - 1)))::uuid[])
    from unnest(v_users, p_sponsors_given, v_sponsored, v_out) with ordinality as r (user_id, given, sponsored, is_out, row)
    where r.is_out is not true and jsonb_array_length(p_sponsors->(r.row::int - 1)) > 0
      and (r.given or r.sponsored is not true);
  end if;

  -- Graph: directoryAudit, the sequence that one invitation leaves. A mail that is not sent needs no id of its own.
  if v_met is null and v_suppressed is null and p_sponsors is null and v_out is null then
    perform audit_add(p_tenant, p_now, p_add_audits || p_invite_audits,
      array_fill('Add user'::text, array[cardinality(p_ids)]) || array_fill(p_activity, array[cardinality(p_ids)]),
      'Invited Users', v_actor, p_users || p_users,
      array_fill(null::jsonb, array[cardinality(p_ids)])
        || array(select jsonb_build_object('invitationId', id) from unnest(p_ids) as id));
    return;
  end if;
  perform audit_add(p_tenant, p_now, array_agg(e.id), array_agg(e.activity), 'Invited Users', v_actor,
    array_agg(r.user_id), array_agg(e.details))
  from unnest(p_ids, v_users, p_mails, p_add_audits, p_invite_audits, p_sponsor_audits, p_sponsors_given, v_met,
      v_sponsored, v_suppressed, v_out)
    as r (id, user_id, mail, add_audit, invite_audit, sponsor_audit, given, met, sponsored, suppressed, is_out)
  cross join lateral (values
    (r.add_audit, 'Add user', null::jsonb, not p_known and r.met is not true),
    (r.invite_audit, p_activity, jsonb_build_object('invitationId', r.id), true),
    (r.sponsor_audit, 'Add user sponsor', null, r.sponsor_audit is not null and (r.given or r.sponsored is not true)),
    (r.mail, 'Email not sent, user unsubscribed', null, r.suppressed = 'recipientBlocked')
  ) as e (id, activity, details, applies)
  where e.applies and r.is_out is not true
  having count(*) > 0;

  if p_key_hashes is not null and guests is not null then
    -- The key of a row that made nothing is free again.
    perform idempotency_release(p_tenant, array_agg(p_ids[(g->>'row')::int])) from jsonb_array_elements(guests) g
    where g->>'outcome' not in ('new', 'existing')
    having count(*) > 0;
  end if;
end
$$;

-- A mail for each row that asks for one and may have it: what caps count, and the work. Answers why each of the others is
-- not sent, in the order of the rows; null when all are. `p_sent`: what the inviter has sent of late, when that counts.
create or replace function invitations_queue_mails(
  p_tenant uuid, p_now timestamptz, p_inviter_kind text, p_inviter_id uuid, p_ids uuid[], p_folded text[],
  p_mails uuid[], p_out boolean[], p_recipient_cap int, p_inviter_cap int, p_sent int)
returns text[] language plpgsql as $$
declare
  v_reasons text[];
  v_ids uuid[] := p_ids;
  v_mails uuid[] := p_mails;
  v_count int;
  -- What is assigned is no query of its own.
  v_void text;
begin
  insert into invitation_mails (tenant_id, id, invitation_id, recipient_folded, inviter_id, inviter_kind, state,
    state_date_time, created_date_time)
  select p_tenant, r.mail, r.id, r.folded, p_inviter_id, p_inviter_kind, 'queued', p_now, p_now
  from unnest(p_mails, p_ids, p_folded, p_out) with ordinality as r (mail, id, folded, is_out, row)
  where r.mail is not null and r.is_out is not true
    and (select true from mail_blocks b where b.tenant_id = p_tenant and b.address_folded = r.folded limit 1) is null
    and p_recipient_cap > (
      select count(*) from invitation_mails m where m.tenant_id = p_tenant and m.recipient_folded = r.folded
        and m.created_date_time > p_now - interval '24 hours')
    and (p_inviter_cap is null or p_sent + (
      select count(*) from unnest(p_mails, p_out) with ordinality as before (mail, is_out, row)
      where before.row <= r.row and before.mail is not null and before.is_out is not true) <= p_inviter_cap);
  get diagnostics v_count = row_count;
  if v_count < cardinality(p_mails) then
    select array_agg(r.id) filter (where m.id is not null), array_agg(r.mail) filter (where m.id is not null),
      array_agg(case
        when r.mail is null or r.is_out or m.id is not null then null
        when exists (select from mail_blocks b where b.tenant_id = p_tenant and b.address_folded = r.folded)
          then 'recipientBlocked'
        when p_recipient_cap <= (
          select count(*) from invitation_mails m where m.tenant_id = p_tenant and m.recipient_folded = r.folded
            and m.created_date_time > p_now - interval '24 hours') then 'recipientLimit'
        else 'inviterLimit'
      end order by r.row)
    into v_ids, v_mails, v_reasons
    from unnest(p_mails, p_ids, p_folded, p_out) with ordinality as r (mail, id, folded, is_out, row)
    left join invitation_mails m on m.tenant_id = p_tenant and m.id = r.mail;
  end if;
  if v_mails is not null then
    v_void := outbox_add(p_tenant, 'invitation.mail', v_mails, v_ids);
  end if;
  return case when array_remove(v_reasons, null) <> '{}' then v_reasons end;
end
$$;

-- What the mail worker needs to know, for several mails of one tenant. A mail whose outbox row is gone was dealt with.
-- Columns, because building the same as one JSON document costs several times what reading the rows does.
-- The planner takes p_rows for a hundred rows and would rather read a table whole than look up that many.
drop function if exists invitations_load_mails(uuid, jsonb);
create or replace function invitations_load_mails(p_tenant uuid, p_rows jsonb)
returns table (mail_id uuid, id uuid, user_id uuid, invited_user_email_address text, invited_user_display_name text,
  invite_redirect_url text, message_language text, customized_message_body text, cc_name text, cc_address text,
  contact_url text, status text, ticket_version int, created_date_time timestamptz, expires_date_time timestamptz,
  redeemed_date_time timestamptz, inviter_kind text, inviter_name text, inviter_mail text, preferred_language text,
  home_language text, user_gone boolean, unsubscribed boolean)
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return query
    select r."mailId", i.id, i.user_id, i.invited_user_email_address, i.invited_user_display_name,
      i.invite_redirect_url, i.message_language, i.customized_message_body, i.cc_name, i.cc_address,
      i.contact_url, i.status, i.ticket_version, i.created_date_time, i.expires_date_time,
      i.redeemed_date_time, i.inviter_kind, i.inviter_name, i.inviter_mail, u.preferred_language,
      (select l from tenants_language_at(split_part(i.address_folded, '@', 2)) l),
      u.id is null,
      exists (select 1 from mail_blocks b where b.tenant_id = p_tenant and b.address_folded = i.address_folded)
    from jsonb_to_recordset(p_rows) as r ("mailId" uuid, "invitationId" uuid)
    join outbox o on o.id = r."mailId"
    join invitations i on i.tenant_id = p_tenant and i.id = r."invitationId"
    left join users u on u.tenant_id = p_tenant and u.id = i.user_id and u.deleted_date_time is null;
end
$$;

-- Records what became of several mails of one tenant and ends their outbox rows; a mail to be tried again gets a later
-- turn instead. `sent` counts once however often it is recorded, since only the row's own end counts. No two results
-- are about one invitation.
drop function if exists invitations_finish_mails(uuid, timestamptz, jsonb);
create or replace function invitations_finish_mails(p_tenant uuid, p_now timestamptz, p_rows jsonb)
returns void language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_mails uuid[];
  v_invitations uuid[];
  v_states text[];
  v_reasons text[];
  v_provider_ids text[];
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);

  with result as materialized (
    select * from jsonb_to_recordset(p_rows) as r ("mailId" uuid, "invitationId" uuid, state text, reason text,
      "providerMessageId" text, "retryInMs" double precision)
  ), postponed as (
    update outbox o set failures = o.failures + 1, available_at = now() + r."retryInMs" * interval '1 millisecond'
    from result r where o.id = r."mailId" and r."retryInMs" is not null
    returning r.*
  ), ended as (
    delete from outbox o using result r where o.id = r."mailId" and r."retryInMs" is null
    returning r.*
  )
  select array_agg("mailId"), array_agg("invitationId"), array_agg(state), array_agg(reason),
    array_agg("providerMessageId")
  into v_mails, v_invitations, v_states, v_reasons, v_provider_ids
  from (select * from postponed union all select * from ended) done;
  if v_mails is null then
    return;
  end if;

  -- In the order of ids, as everybody does who locks several: their guest may be accepting.
  perform 1 from invitations i
  where i.tenant_id = p_tenant and i.id = any (v_invitations)
  order by i.id
  for no key update;

  -- A report of the provider may be faster than this: what the mail has come to since stays.
  with moved as (
    update invitation_mails m set state = r.state, state_date_time = p_now, provider_message_id = r.provider_id
    from unnest(v_mails, v_states, v_provider_ids) as r (mail_id, state, provider_id)
    where m.tenant_id = p_tenant and m.id = r.mail_id and m.state in ('queued', 'deferred')
    returning m.id
  )
  update invitations i set
    delivery_state = case when moved.id is null then i.delivery_state else r.state end,
    delivery_reason = case when moved.id is null then i.delivery_reason else r.reason end,
    delivery_date_time = case when moved.id is null then i.delivery_date_time else p_now end,
    sent_count = i.sent_count + (r.state = 'sent')::int,
    last_sent_date_time = case when r.state = 'sent' then p_now else i.last_sent_date_time end,
    history = case when r.state = 'deferred' or jsonb_array_length(i.history) >= 200 then i.history
      else i.history || jsonb_build_object('event', r.state, 'dateTime', p_now, 'actor', jsonb_build_object('kind', 'service')) end
  from unnest(v_mails, v_invitations, v_states, v_reasons) as r (mail_id, invitation_id, state, reason)
  left join moved on moved.id = r.mail_id
  where i.tenant_id = p_tenant and i.id = r.invitation_id;
end
$$;

-- An invitation that is mailed is written a second time within seconds and once more when the mail is delivered or the
-- guest accepts. With room on its page such a version needs no entry in any of five indexes, which costs a quarter.
alter table invitations set (fillfactor = 50);
alter table invitation_mails set (fillfactor = 50);
-- Nothing is ever looked for by its history, and comparing documents is most of what ANALYZE would do here.
alter table invitations alter column history set statistics 0;

-- Ends up to `p_most` pending invitations whose time is over, the oldest first, and tells where it stopped: the next turn
-- goes on from there instead of walking over what the index still holds of those that are ended. Rows that somebody is
-- working on are left for the next sweep.
drop function if exists invitations_expire(uuid, timestamptz, int);
create or replace function invitations_expire(
  p_tenant uuid, p_now timestamptz, p_from timestamptz, p_most int, out ended int, out last timestamptz)
language plpgsql as $$
declare
  v_ids uuid[];
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select array_agg(id), max(expires_date_time) into v_ids, last from (
    select id, expires_date_time from invitations
    where tenant_id = p_tenant and status = 'pending' and expires_date_time between p_from and p_now
    order by expires_date_time
    limit p_most
    for no key update skip locked) lapsed;
  -- Spares the trigger both copies of every row while nobody follows invitations.
  perform set_config('vestibule.unwatched', (not notifications_is_watched('invitations'))::text, true);
  update invitations set status = 'expired', ended_date_time = expires_date_time,
    history = history || jsonb_build_object('event', 'expired', 'dateTime', p_now, 'actor', jsonb_build_object('kind', 'service'))
  where tenant_id = p_tenant and id = any (v_ids);
  get diagnostics ended = row_count;
end
$$;

-- An invitation with what its guest's account says, for the redemption pages; no row: no such invitation. In SQL, so
-- that the planner sees through it.
create or replace function invitations_redeemable(p_tenant uuid, p_invitation uuid)
returns setof jsonb language sql stable as $$
  select jsonb_build_object('id', i.id, 'userId', i.user_id, 'address', i.invited_user_email_address,
    'folded', i.address_folded, 'redirectUrl', i.invite_redirect_url, 'status', i.status,
    'ticketVersion', i.ticket_version, 'createdAt', i.created_date_time, 'expiresAt', i.expires_date_time,
    'redeemedAt', i.redeemed_date_time, 'endedAt', i.ended_date_time, 'inviterKind', i.inviter_kind,
    'inviterName', i.inviter_name, 'inviterMail', i.inviter_mail, 'contactUrl', i.contact_url,
    'language', i.message_language, 'mailed', i.sent_count > 0,
    'lastEvent', i.history->-1->>'event', 'guest', (select g from directory_guest(p_tenant, i.user_id) g))
  from invitations i where i.tenant_id = p_tenant and i.id = p_invitation
$$;

-- Guests first, then what is pending, each in the order of ids: the order in which everybody locks them.
create or replace function invitations_lock_for_redemption(p_tenant uuid, p_invitations uuid[])
returns void language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_users constant uuid[] := array(select i.user_id from invitations i where i.tenant_id = p_tenant and i.id = any (p_invitations));
begin
  perform directory_lock_users(p_tenant, v_users);
  -- Read by the guest, never by the status: many are pending.
  perform 1 from invitations i
  where i.tenant_id = p_tenant and i.id = any (p_invitations || array(
    select o.id from invitations o
    where o.tenant_id = p_tenant and o.user_id = any (v_users) and o.status is not distinct from 'pending'))
  order by i.id
  for no key update;
end
$$;

-- Completes every pending, unexpired invitation of some guests; the one that each accepted whatever its time.
drop function if exists invitations_complete(uuid, timestamptz, uuid, uuid, jsonb);
create or replace function invitations_complete(
  p_tenant uuid, p_now timestamptz, p_users uuid[], p_accepted uuid[], p_actors jsonb[])
returns void language plpgsql as $$
begin
  update invitations i set status = 'completed', redeemed_date_time = p_now, ended_date_time = p_now,
    history = history || jsonb_build_object('event', 'redeemed', 'dateTime', p_now, 'actor', r.actor)
  from unnest(p_users, p_accepted, p_actors) as r (user_id, accepted, actor)
  where i.tenant_id = p_tenant and i.user_id = r.user_id and i.status is not distinct from 'pending'
    and (i.id = r.accepted or i.expires_date_time is null or i.expires_date_time > p_now);
end
$$;

create or replace function invitations_record(
  p_tenant uuid, p_invitation uuid, p_event text, p_now timestamptz, p_actor jsonb)
returns void language plpgsql as $$
begin
  update invitations set history = history || jsonb_build_object('event', p_event, 'dateTime', p_now, 'actor', p_actor)
  where tenant_id = p_tenant and id = p_invitation and jsonb_array_length(history) < 200;
end
$$;

drop function if exists invitations_purge_mails(uuid, uuid, int);
-- The newest invitation that a guest can still accept; null when there is none.
create or replace function invitations_open_of(p_tenant uuid, p_now timestamptz, p_user uuid)
returns jsonb language sql stable as $$
  select jsonb_build_object('invitationId', i.id, 'version', i.ticket_version, 'userId', i.user_id)
  from invitations i
  where i.tenant_id = p_tenant and i.user_id = p_user and i.status = 'pending'
    and (i.expires_date_time is null or i.expires_date_time > p_now)
  order by i.id desc limit 1
$$;
