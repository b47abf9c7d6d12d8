-- Creates up to 64 invitations of one tenant in one round trip: guests, invitations, mails, outbox and audit commit
-- together. Every row gets its own outcome: created, replayed, stale, internal, internalBlocked, gone. The rows are
-- described by `InvitationRow` in create-store.ts.
create or replace function invitations_create(p_tenant uuid, p_now timestamptz, p_version int, p_rows jsonb)
returns jsonb language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
  v_rows jsonb := p_rows;
  v_replayed jsonb;
  v_added uuid[];
  v_found jsonb;
  v_made jsonb;
  v_mails uuid[];
  v_mailed uuid[];
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  if not tenants_is_current(p_tenant, p_version) then
    return (select jsonb_agg(jsonb_build_object('ord', r->'ord', 'outcome', 'stale')) from jsonb_array_elements(p_rows) r);
  end if;

  if p_rows @? '$[*].keyHash' then
    select coalesce(jsonb_agg(jsonb_build_object('ord', c.ord, 'outcome', 'replayed', 'invitationId', c.resource_id,
        'requestHash', encode(c.request_hash, 'hex'))), '[]')
    into v_replayed from idempotency_claim(p_tenant, p_now, p_rows) c;
    select coalesce(jsonb_agg(r), '[]') into v_rows from jsonb_array_elements(p_rows) r
    where not exists (select 1 from jsonb_array_elements(v_replayed) x where x->'ord' = r->'ord');
    if jsonb_array_length(v_rows) = 0 then
      return v_replayed;
    end if;
  end if;
  if v_rows @? '$[*].inviterCap' then
    -- Caps per inviter are counted one inviter at a time.
    perform pg_advisory_xact_lock(hashtextextended('vestibule mail cap ' || i.inviter, 0))
    from (select distinct r->>'inviterId' as inviter from jsonb_array_elements(v_rows) r where r ? 'inviterCap' order by 1) i;
  end if;

  v_added := directory_add_guests(p_tenant, p_now, v_rows);
  if cardinality(v_added) < jsonb_array_length(v_rows) then
    v_found := directory_find_guests(p_tenant, p_now, v_rows, v_added);
  end if;

  with input as materialized (
    select r.*, coalesce(g.outcome, 'new') as outcome, coalesce(g.user_id, r."userId") as guest_id,
      coalesce(g.state, 'PendingAcceptance') as state, g.state_since, coalesce(g.sponsored, false) as sponsored
    from jsonb_to_recordset(v_rows) as r (
      ord int, id uuid, "userId" uuid, "mailId" uuid, address text, folded text, "givenDisplayName" text,
      "userType" text, "redirectUrl" text, send boolean, language text, message text, "ccName" text, "ccAddress" text,
      "contactUrl" text, "isReset" boolean, "expiresAt" timestamptz, "inviterKind" text, "inviterId" uuid,
      "inviterName" text, "inviterMail" text, "recipientCap" int, "inviterCap" int, "knownUser" boolean)
    left join jsonb_to_recordset(v_found) as g (
      ord int, outcome text, user_id uuid, state text, state_since timestamptz, sponsored boolean) using (ord)
  ), judged as materialized (
    select i.*, i.outcome in ('new', 'existing') as fits,
      case
        when not i.send or i.outcome not in ('new', 'existing') then null
        when (select true from mail_blocks b where b.tenant_id = p_tenant and b.address_folded = i.folded limit 1)
          then 'recipientBlocked'
        when i."recipientCap" <= (
          select count(*) from invitation_mails m where m.tenant_id = p_tenant and m.recipient_folded = i.folded
            and m.created_date_time > p_now - interval '24 hours') then 'recipientLimit'
        when i."inviterCap" is not null and i."inviterCap" < (
          select count(*) from invitation_mails m where m.tenant_id = p_tenant and m.inviter_id = i."inviterId"
            and m.created_date_time > p_now - interval '24 hours')
          + (count(*) filter (where i.send) over (partition by i."inviterId" order by i.ord)) then 'inviterLimit'
      end as suppressed
    from input i
  ), created as (
    insert into invitations (tenant_id, id, user_id, invited_user_email_address, address_folded,
      invited_user_display_name, invited_user_type, invite_redirect_url, send_invitation_message, message_language,
      customized_message_body, cc_name, cc_address, contact_url, reset_redemption, status, created_date_time,
      expires_date_time, redeemed_date_time, inviter_kind, inviter_id, inviter_name, inviter_mail,
      delivery_state, delivery_reason, delivery_date_time, history)
    select p_tenant, j.id, j.guest_id, j.address, j.folded, j."givenDisplayName", j."userType", j."redirectUrl", j.send,
      j.language, j.message, j."ccName", j."ccAddress", j."contactUrl", j."isReset",
      case when j.state = 'Accepted' then 'completed' else 'pending' end, p_now, j."expiresAt",
      case when j.state = 'Accepted' then coalesce(j.state_since, p_now) end,
      j."inviterKind", j."inviterId", j."inviterName", j."inviterMail",
      case when j.send then case when j.suppressed is null then 'queued' else 'suppressed' end end, j.suppressed,
      case when j.send then p_now end,
      jsonb_build_array(jsonb_build_object('event', 'invited', 'dateTime', p_now, 'actor',
        jsonb_build_object('kind', j."inviterKind", 'id', j."inviterId", 'displayName', j."inviterName")))
    from judged j where j.fits
  ), mailed as (
    insert into invitation_mails (tenant_id, id, invitation_id, recipient_folded, inviter_id, inviter_kind, state,
      state_date_time, created_date_time)
    select p_tenant, j."mailId", j.id, j.folded, j."inviterId", j."inviterKind", 'queued', p_now, p_now
    from judged j where j.fits and j.send and j.suppressed is null
  )
  select
    jsonb_agg(jsonb_build_object('ord', j.ord, 'outcome', case when j.fits then 'created' else j.outcome end,
      'isNew', j.outcome = 'new', 'invitationId', j.id, 'userId', j.guest_id, 'state', j.state,
      'sponsored', j.sponsored, 'mailed', j.send and j.suppressed is null, 'suppressed', j.suppressed)
      || case when j."knownUser" then jsonb_build_object('userType', j."userType") else '{}' end),
    array_agg(j."mailId") filter (where j.fits and j.send and j.suppressed is null),
    array_agg(j.id) filter (where j.fits and j.send and j.suppressed is null)
  into v_made, v_mails, v_mailed
  from judged j;

  if v_mails is not null then
    perform outbox_add(p_tenant, 'invitation.mail', v_mails, v_mailed);
  end if;
  if v_rows @? '$[*].sponsors[*]' then
    perform directory_set_sponsors(p_tenant, m."userId", r.sponsors)
    from jsonb_to_recordset(v_rows) as r (ord int, sponsors uuid[], "sponsorsGiven" boolean)
    join jsonb_to_recordset(v_made) as m (ord int, outcome text, "userId" uuid, sponsored boolean) using (ord)
    where m.outcome = 'created' and cardinality(r.sponsors) > 0 and (r."sponsorsGiven" or not m.sponsored);
  end if;
  perform invitations_audit_created(p_tenant, p_now, v_rows, v_made);

  if v_replayed is not null then
    perform idempotency_release(p_tenant, array_agg(r.id))
    from jsonb_to_recordset(v_rows) as r (ord int, id uuid, "keyHash" text)
    join jsonb_to_recordset(v_made) as m (ord int, outcome text) using (ord)
    where r."keyHash" is not null and m.outcome <> 'created'
    having count(*) > 0;
    return v_made || v_replayed;
  end if;
  return v_made;
end
$$;

-- Graph: directoryAudit, the sequence that one invitation leaves.
create or replace function invitations_audit_created(p_tenant uuid, p_now timestamptz, p_rows jsonb, p_made jsonb)
returns void language plpgsql as $$
begin
  perform audit_add(p_tenant, p_now, array_agg(e.id), array_agg(e.activity), 'Invited Users', array_agg(e.actor),
    array_agg(e.target), array_agg(e.details))
  from (
    select case a.n when 1 then r.audit1 when 2 then r.audit2 when 3 then r.audit3 else r.audit4 end as id, a.activity,
      jsonb_build_object('kind', r."inviterKind", 'id', r."inviterId", 'displayName', r."inviterName") as actor,
      m."userId" as target, case when a.n = 2 then jsonb_build_object('invitationId', r.id) end as details
    from jsonb_to_recordset(p_rows) as r (ord int, id uuid, audit1 uuid, audit2 uuid, audit3 uuid, audit4 uuid,
      "inviterKind" text, "inviterId" uuid, "inviterName" text, "isReset" boolean, conversion boolean, sponsors jsonb,
      "sponsorsGiven" boolean)
    join jsonb_to_recordset(p_made) as m (ord int, outcome text, "isNew" boolean, "userId" uuid, suppressed text,
      sponsored boolean) using (ord)
    cross join lateral (values
      (1, 'Add user', m."isNew"),
      (2, case when r."isReset" then 'Invite external user with reset invitation status'
               when r.conversion then 'Invite internal user to B2B collaboration' else 'Invite external user' end, true),
      (3, 'Add user sponsor', jsonb_array_length(r.sponsors) > 0 and (r."sponsorsGiven" or not m.sponsored)),
      (4, 'Email not sent, user unsubscribed', m.suppressed = 'recipientBlocked')
    ) as a (n, activity, applies)
    where m.outcome = 'created' and a.applies
  ) e
  having count(*) > 0;
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
  user_gone boolean, unsubscribed boolean)
language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return query
    select r."mailId", i.id, i.user_id, i.invited_user_email_address, i.invited_user_display_name,
      i.invite_redirect_url, i.message_language, i.customized_message_body, i.cc_name, i.cc_address,
      i.contact_url, i.status, i.ticket_version, i.created_date_time, i.expires_date_time,
      i.redeemed_date_time, i.inviter_kind, i.inviter_name, i.inviter_mail, u.preferred_language,
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

-- Ends up to `p_most` pending invitations whose time is over. Rows that somebody is working on are left for the next turn.
create or replace function invitations_expire(p_tenant uuid, p_now timestamptz, p_most int)
returns int language plpgsql as $$
declare
  v_count int;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  update invitations set status = 'expired', ended_date_time = expires_date_time,
    history = history || jsonb_build_object('event', 'expired', 'dateTime', p_now, 'actor', jsonb_build_object('kind', 'service'))
  where tenant_id = p_tenant and status = 'pending' and id in (
    select id from invitations
    where tenant_id = p_tenant and status = 'pending' and expires_date_time <= p_now
    order by expires_date_time
    limit p_most
    for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- An invitation with what its guest's account says, for the redemption pages. Null: no such invitation.
create or replace function invitations_for_redemption(p_tenant uuid, p_invitation uuid)
returns jsonb language plpgsql stable as $$
begin
  return (
  select jsonb_build_object('id', i.id, 'userId', i.user_id, 'address', i.invited_user_email_address,
      'folded', i.address_folded, 'redirectUrl', i.invite_redirect_url, 'status', i.status,
      'ticketVersion', i.ticket_version, 'createdAt', i.created_date_time, 'expiresAt', i.expires_date_time,
      'redeemedAt', i.redeemed_date_time, 'endedAt', i.ended_date_time, 'inviterKind', i.inviter_kind,
      'inviterName', i.inviter_name, 'inviterMail', i.inviter_mail, 'contactUrl', i.contact_url,
      'language', i.message_language, 'mailed', i.sent_count > 0,
      'lastEvent', i.history->-1->>'event', 'guest', directory_subject(p_tenant, i.user_id))
    from invitations i where i.tenant_id = p_tenant and i.id = p_invitation);
end
$$;

-- Guest first, then what is pending in the order of ids: the order in which everybody locks them.
create or replace function invitations_lock_for_redemption(p_tenant uuid, p_invitation uuid)
returns jsonb language plpgsql as $$
begin
  perform directory_lock_user(p_tenant, i.user_id) from invitations i where i.tenant_id = p_tenant and i.id = p_invitation;
  perform 1 from invitations i
  where i.tenant_id = p_tenant and (i.status = 'pending' or i.id = p_invitation)
    and i.user_id = (select a.user_id from invitations a where a.tenant_id = p_tenant and a.id = p_invitation)
  order by i.id
  for no key update;
  return invitations_for_redemption(p_tenant, p_invitation);
end
$$;

-- Completes every pending, unexpired invitation of a guest; the one that was accepted gets the word in its history.
create or replace function invitations_complete(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_accepted uuid, p_actor jsonb)
returns void language plpgsql as $$
begin
  update invitations set status = 'completed', redeemed_date_time = p_now, ended_date_time = p_now,
    history = history || jsonb_build_object('event', 'redeemed', 'dateTime', p_now, 'actor', p_actor)
  where tenant_id = p_tenant and user_id = p_user and status = 'pending'
    and (id = p_accepted or expires_date_time is null or expires_date_time > p_now);
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
