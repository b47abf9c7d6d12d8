-- The statements of a redemption look each row up by its keys, whatever the planner thinks of the sizes: a plan made while
-- a table is small is kept while it grows.

-- All that the pages of several redemptions of one tenant can show, in the order of `p_rows`. Writes nothing.
create or replace function redemption_views(p_tenant uuid, p_rows jsonb)
returns setof jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_tenant constant text := set_config('vestibule.tenant', p_tenant::text, true);
begin
  return query
  select jsonb_build_object(
    'invitation', (select i from invitations_redeemable(p_tenant, r.invitation) i),
    'session', (select s from sign_in_live_session(p_tenant, r.now, decode(r.session, 'hex')) s),
    'passcode', (select c from sign_in_newest_passcode(p_tenant, r.now, decode(r.browser, 'hex'), r.invitation::text) c))
  from jsonb_to_recordset(p_rows) as r (now timestamptz, invitation uuid, session text, browser text);
end
$$;

-- Whether a guest has accepted with this identity.
create or replace function redemption_is_known(p_invitation jsonb, p_issuer text, p_subject text)
returns boolean language sql immutable as $$
  select coalesce(p_invitation->'guest'->'identities'
    @> jsonb_build_array(jsonb_build_object('issuer', p_issuer, 'subject', p_subject)), false)
$$;

-- Whether somebody with this identity may sign in by this invitation now: the part of `nextStep` (rules.ts) that leads
-- to the pages `start` and `code`, for statements that look for themselves. In plpgsql: a function in SQL that cannot be
-- inlined is planned anew for every call.
create or replace function redemption_takes(
  p_invitation jsonb, p_now timestamptz, p_user uuid, p_ticket_version int, p_issuer text, p_subject text)
returns boolean language plpgsql stable as $$
begin
  return coalesce(p_invitation->>'userId' = p_user::text and (p_invitation->>'ticketVersion')::int = p_ticket_version
    and directory_may_act((p_invitation->'guest'->>'accountEnabled')::boolean,
      (p_invitation->'guest'->>'accessEndsAt')::timestamptz, p_now)
    and case p_invitation->>'status'
      when 'pending' then coalesce((p_invitation->>'expiresAt')::timestamptz > p_now, true)
        and p_invitation->'guest'->'addresses' ? (p_invitation->>'folded')
      when 'completed' then redemption_is_known(p_invitation, p_issuer, p_subject)
      else false end, false);
end
$$;

-- The same for a code to the invited mailbox.
create or replace function redemption_takes_code(
  p_invitation jsonb, p_now timestamptz, p_user uuid, p_ticket_version int)
returns boolean language plpgsql stable as $$
begin
  return redemption_takes(p_invitation, p_now, p_user, p_ticket_version, 'mail', p_invitation->>'folded');
end
$$;

-- Asks for passcodes as `sign_in_passcodes_send` does, for invitations that take one. An outcome a row, in order.
create or replace function redemption_send(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_row record;
  v_due jsonb := '[]';
  v_is_due boolean[] := '{}';
  v_sent jsonb;
  v_next int := 0;
  v_outcomes jsonb := '[]';
  v_tenant constant text := set_config('vestibule.tenant', p_tenant::text, true);
begin
  for v_row in
    select r, redemption_takes_code((select i from invitations_redeemable(p_tenant, (r->>'subject')::uuid) i),
      (r->>'now')::timestamptz, (r->>'user')::uuid, (r->>'ticketVersion')::int) as is_due
    from jsonb_array_elements(p_rows) r
  loop
    v_is_due := v_is_due || v_row.is_due;
    if v_row.is_due then
      v_due := v_due || v_row.r;
    end if;
  end loop;
  v_sent := sign_in_passcodes_send(p_tenant, v_due);
  for v_row in select due from unnest(v_is_due) due loop
    v_outcomes := v_outcomes || case when v_row.due then v_sent->v_next else '{"outcome": "notDue"}' end;
    v_next := v_next + v_row.due::int;
  end loop;
  return v_outcomes;
end
$$;

-- Why the guest of an invitation is not let in, whatever they prove: `disabled`, `ended`; null when that is not it.
create or replace function redemption_bar(p_now timestamptz, p_user uuid, p_invitation jsonb)
returns text language sql stable as $$
  select case
    when p_invitation->>'userId' is distinct from p_user::text or directory_may_act(
      (p_invitation->'guest'->>'accountEnabled')::boolean, (p_invitation->'guest'->>'accessEndsAt')::timestamptz, p_now)
      then null
    when (p_invitation->'guest'->>'accountEnabled')::boolean then 'ended' else 'disabled' end
$$;
drop function if exists redemption_log_refused(uuid, timestamptz, uuid, jsonb, text);

-- Checks codes and, where one is right, signs that browser in as the invited guest. An outcome a row, in order. Every try
-- of somebody's code is a line of the sign-in log; lines and sessions are written together.
drop function if exists redemption_prove_one(uuid, timestamptz, uuid, uuid, int, bytea, bytea, bytea, bytea, timestamptz);
drop function if exists redemption_prove_one(
  uuid, timestamptz, uuid, uuid, int, bytea, bytea, bytea, bytea, timestamptz, text);
create or replace function redemption_prove(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_tenant constant text := set_config('vestibule.tenant', p_tenant::text, true);
  v_row record;
  v_try jsonb;
  v_outcome text;
  v_outcomes jsonb := '[]';
  v_lines jsonb[];
  -- Of the browsers that nobody was signed in with.
  v_now timestamptz[];
  v_sessions bytea[];
  v_users uuid[];
  v_addresses text[];
  v_folded text[];
  v_ends timestamptz[];
begin
  for v_row in
    select r.*, decode(r.browser, 'hex') as browser_hash, decode(r."codeHash", 'hex') as code_hash, f.invitation as found,
      redemption_takes_code(f.invitation, r.now, r."user", r."ticketVersion") as is_due
    from jsonb_to_recordset(p_rows) as r (now timestamptz, invitation uuid, "user" uuid, "ticketVersion" int,
      browser text, "codeHash" text, session text, "oldSession" text, ends timestamptz, client text)
    cross join lateral (select (select i from invitations_redeemable(p_tenant, r.invitation) i) as invitation offset 0) f
  loop
    v_try := null;
    v_outcome := null;
    if v_row.is_due then
      v_try := sign_in_passcode_try(p_tenant, v_row.now, v_row.browser_hash, v_row.invitation::text, v_row.code_hash);
      if v_try->>'outcome' = 'ok' and v_row.found->'guest'->>'state' = 'Accepted'
        and not redemption_is_known(v_row.found, 'mail', v_try->>'folded') then
        -- Known by another identity since the first redemption: an address alone is not that guest (design section 8.3).
        v_try := v_try || '{"outcome": "blocked"}';
      end if;
      v_outcomes := v_outcomes || v_try;
      v_outcome := v_try->>'outcome';
    else
      -- The try counts all the same: only who was sent a code tries one, and no more often than it takes.
      v_outcomes := v_outcomes || '{"outcome": "notDue"}'::jsonb;
      v_outcome := redemption_bar(v_row.now, v_row."user", v_row.found);
      if v_outcome is not null then
        v_try := sign_in_passcode_try(p_tenant, v_row.now, v_row.browser_hash, v_row.invitation::text, v_row.code_hash);
      end if;
    end if;
    if v_outcome is not null and (v_try->'isSpent') is distinct from 'true' then
      v_lines := v_lines || jsonb_build_object('now', v_row.now, 'userId', v_row."user", 'method', 'emailOneTimePasscode',
        'outcome', v_outcome, 'log', jsonb_build_object('client', v_row.client, 'provider', 'mail', 'identifier',
        case when v_row.is_due then v_try else v_row.found end->>'address', 'correlationId', v_row.invitation));
    end if;
    continue when not v_row.is_due or v_outcome <> 'ok';
    if v_row."oldSession" is not null then
      perform sign_in_session_start(p_tenant, v_row.now, decode(v_row.session, 'hex'), decode(v_row."oldSession", 'hex'),
        v_row."user", v_try->>'address', v_try->>'folded', 'emailOneTimePasscode', v_row.ends, '{otp}', '{}');
    else
      v_now := v_now || v_row.now;
      v_sessions := v_sessions || decode(v_row.session, 'hex');
      v_users := v_users || v_row."user";
      v_addresses := v_addresses || (v_try->>'address');
      v_folded := v_folded || (v_try->>'folded');
      v_ends := v_ends || v_row.ends;
    end if;
  end loop;
  if v_lines is not null then
    perform sign_in_log_lines(p_tenant, v_lines);
  end if;
  if v_sessions is not null then
    perform sign_in_sessions_begin(p_tenant, v_now, v_sessions, v_users, v_addresses, v_folded, 'emailOneTimePasscode',
      v_ends, '{otp}', '{}');
  end if;
  return v_outcomes;
end
$$;

-- Signs a browser in as the invited guest whom a home has vouched for. Outcomes: ok, notDue, wrongAccount (the guest is
-- known by another identity, or the home vouches for another address). `p_folded`: the address it vouches for, or null.
drop function if exists redemption_arrive(
  uuid, timestamptz, uuid, uuid, int, text, text, text, text, text[], bytea, bytea, timestamptz);
create or replace function redemption_arrive(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_user uuid, p_ticket_version int, p_issuer text, p_subject text,
  p_folded text, p_method text, p_home_claims text[], p_session bytea, p_old_session bytea, p_session_ends timestamptz,
  p_log jsonb)
returns text language plpgsql as $$
declare
  v_invitation jsonb;
  v_bar text;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_home_must_stand(p_tenant, p_method, p_issuer);
  select i into v_invitation from invitations_redeemable(p_tenant, p_invitation) i;
  if (case when v_invitation->'guest'->>'state' = 'Accepted'
    -- Who they are was settled when they accepted: an address, whoever vouches for it, is not that guest.
    then not redemption_is_known(v_invitation, p_issuer, p_subject)
    else p_folded is distinct from v_invitation->>'folded' end) then
    perform sign_in_log_as(p_tenant, p_now, p_user, 'federated', 'wrongAccount', p_log);
    return 'wrongAccount';
  end if;
  if not redemption_takes(v_invitation, p_now, p_user, p_ticket_version, p_issuer, p_subject) then
    v_bar := redemption_bar(p_now, p_user, v_invitation);
    if v_bar is not null then
      perform sign_in_log_as(p_tenant, p_now, p_user, 'federated', v_bar, p_log);
    end if;
    return 'notDue';
  end if;
  perform sign_in_log_as(p_tenant, p_now, p_user, 'federated', 'ok', p_log);
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, p_user, v_invitation->>'address',
    v_invitation->>'folded', p_method, p_session_ends, '{}', p_home_claims);
  perform sign_in_session_identify(p_tenant, p_session, p_issuer, p_subject);
  perform directory_note_vouched(p_tenant, p_user, p_issuer, p_subject, p_folded);
  return 'ok';
end
$$;

-- What becomes of an acceptance: `due`, or why it is not. Guest and invitation are locked, and were read after that.
create or replace function redemption_acceptance(
  p_session jsonb, p_invitation jsonb, p_now timestamptz, p_ticket_version int, p_demand jsonb, p_takes_passcode boolean,
  p_takes_local boolean)
returns text language plpgsql stable as $$
begin
  if p_session is null then
    return 'signedOut';
  elsif p_invitation is null or p_invitation->>'userId' <> p_session->>'userId'
    or p_invitation->>'folded' <> p_session->>'folded' then
    return 'wrongAccount';
  elsif (p_invitation->>'ticketVersion')::int <> p_ticket_version then
    return 'revoked';
  elsif p_invitation->>'status' <> 'pending' then
    return p_invitation->>'status';
  elsif (p_invitation->>'expiresAt')::timestamptz <= p_now then
    return 'expired';
  elsif not (p_invitation->'guest'->'addresses') ? (p_invitation->>'folded') then
    return 'revoked';
  elsif p_session->>'codesToKeep' is not null or not sign_in_proves_enough(p_session, p_demand) then
    return 'secondStepDue';
  elsif p_invitation->'guest'->>'state' = 'Accepted' then
    return case when redemption_is_known(p_invitation, redemption_issuer(p_session), redemption_subject(p_session))
      then 'due' else 'wrongAccount' end;
  elsif redemption_issuer(p_session) = 'mail' and not p_takes_passcode
    or redemption_is_local(p_session) and not p_takes_local then
    -- A home speaks for the domain since: whoever reads the mailbox is not yet that person.
    return 'otherProof';
  end if;
  return 'due';
end
$$;

-- Whom a session is of: whoever a home said, or whoever reads the mailbox.
create or replace function redemption_issuer(p_session jsonb)
returns text language sql immutable as $$ select coalesce(p_session->>'issuer', 'mail') $$;
create or replace function redemption_subject(p_session jsonb)
returns text language sql immutable as $$ select coalesce(p_session->>'subject', p_session->>'folded') $$;

-- Whether it was signed in to an account at the organization itself.
create or replace function redemption_is_local(p_session jsonb)
returns boolean language sql immutable as $$
  select p_session->>'method' in ('password', 'fido2') and redemption_issuer(p_session) <> 'mail'
$$;

-- Acceptance: exactly one of accept, revoke, expire and delete wins, because each locks the guest or the invitation
-- first and looks again. The guest's other pending invitations are completed with this one. An outcome a row, in order.
-- All rows are written together.
create or replace function redemption_accept(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql set plan_cache_mode = force_generic_plan
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_row record;
  v_tenant text;
  v_version int;
  v_outcome text;
  v_outcomes text[] := '{}';
  v_name text;
  -- Of the rows that are due: their numbers, and what is written.
  v_due int[] := '{}';
  v_users uuid[] := '{}';
  v_invitations uuid[] := '{}';
  v_sign_in_types text[] := '{}';
  v_issuers text[] := '{}';
  v_subjects text[] := '{}';
  v_vouched text[] := '{}';
  v_names text[] := '{}';
  v_actors jsonb[] := '{}';
  v_sessions bytea[] := '{}';
  v_new_sessions bytea[] := '{}';
  v_audits uuid[] := '{}';
  v_redeem_audits uuid[] := '{}';
  v_now timestamptz;
  v_accepted text[];
begin
  v_tenant := set_config('vestibule.tenant', p_tenant::text, true);
  v_version := tenants_version(p_tenant);
  perform invitations_lock_for_redemption(p_tenant, array(
    select r.invitation from jsonb_to_recordset(p_rows) as r (version int, invitation uuid) where r.version = v_version));
  for v_row in
    select r.*, (select s from sign_in_live_session(p_tenant, r.now, decode(r.session, 'hex')) s) as live,
      (select i from invitations_redeemable(p_tenant, r.invitation) i) as found
    from jsonb_to_recordset(p_rows) as r (now timestamptz, version int, invitation uuid, "ticketVersion" int,
      session text, "newSession" text, "auditIds" uuid[], demand jsonb, "takesPasscode" boolean, "takesLocal" boolean)
  loop
    v_outcome := case when v_row.version is distinct from v_version then 'stale'
      else redemption_acceptance(v_row.live, v_row.found, v_row.now, v_row."ticketVersion", v_row.demand,
        v_row."takesPasscode", coalesce(v_row."takesLocal", false)) end;
    v_name := redemption_issuer(v_row.live) || ' ' || redemption_subject(v_row.live);
    if v_outcome = 'due' and v_name = any (v_names) then
      -- Somebody in this statement becomes the same person: whoever comes second looks again when that is so.
      v_outcome := 'stale';
    end if;
    v_outcomes := v_outcomes || v_outcome;
    if v_outcome = 'due' then
      v_due := v_due || cardinality(v_outcomes);
      v_users := v_users || (v_row.live->>'userId')::uuid;
      v_invitations := v_invitations || v_row.invitation;
      v_names := v_names || v_name;
      v_sign_in_types := v_sign_in_types
        || case when redemption_is_local(v_row.live) then 'emailAddress' else 'federated' end;
      v_issuers := v_issuers || redemption_issuer(v_row.live);
      v_subjects := v_subjects || redemption_subject(v_row.live);
      -- The session of a guest who has still to accept is of the address that was proved; afterwards any of theirs will do.
      v_vouched := v_vouched || case when v_row.found->'guest'->>'state' = 'PendingAcceptance' then v_row.live->>'folded' end;
      v_actors := v_actors || jsonb_build_object('kind', 'user', 'id', v_row.live->'userId', 'displayName', v_row.live->'address');
      v_sessions := v_sessions || decode(v_row.session, 'hex');
      v_new_sessions := v_new_sessions || decode(v_row."newSession", 'hex');
      v_audits := v_audits || v_row."auditIds"[1];
      v_redeem_audits := v_redeem_audits || v_row."auditIds"[2];
      v_now := greatest(v_now, v_row.now);
    end if;
  end loop;
  if v_now is null then
    return to_jsonb(v_outcomes);
  end if;

  v_accepted := directory_accept(p_tenant, v_now, v_users, v_sign_in_types, v_issuers, v_subjects, v_vouched);
  for i in 1 .. cardinality(v_due) loop
    v_outcomes[v_due[i]] := v_accepted[i];
    if v_accepted[i] = 'identityTaken' then
      -- Told to administrators: only they can mend it.
      perform invitations_record(p_tenant, v_invitations[i], 'identityTaken', v_now, v_actors[i]);
      perform audit_add_failure(p_tenant, v_now, v_redeem_audits[i], 'Redeem external user invite', 'Invited Users',
        v_actors[i], v_users[i], jsonb_build_object('invitationId', v_invitations[i], 'reason', 'identityTaken'));
    end if;
    if v_accepted[i] <> 'accepted' then
      -- No row has a null for a key.
      v_users[i] := null;
      v_sessions[i] := null;
    end if;
  end loop;
  perform invitations_complete(p_tenant, v_now, v_users, v_invitations, v_actors);
  perform sign_in_sessions_rotate(p_tenant, v_sessions, v_new_sessions);
  perform audit_add(p_tenant, v_now, array_agg(e.id), array_agg(e.activity), 'Invited Users', array_agg(r.actor),
    array_agg(r.user_id), array_agg(e.details))
  from unnest(v_users, v_invitations, v_actors, v_audits, v_redeem_audits)
    as r (user_id, invitation, actor, audit, redeem_audit)
  cross join lateral (values
    (r.audit, 'Update user', '{"externalUserState": "Accepted"}'::jsonb),
    (r.redeem_audit, 'Redeem external user invite', jsonb_build_object('invitationId', r.invitation))
  ) as e (id, activity, details)
  where r.user_id is not null;
  return to_jsonb(v_outcomes);
end
$$;
drop function if exists redemption_accept_one(uuid, timestamptz, uuid, int, bytea, bytea, uuid[], jsonb, boolean);

-- Declining leaves a trace and nothing else: invitation and guest stay pending.
drop function if exists redemption_decline(uuid, timestamptz, uuid, bytea, uuid);
create or replace function redemption_decline(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_session bytea, p_audit_id uuid)
returns text language plpgsql as $$
declare
  v_session jsonb;
  v_invitation jsonb;
  v_actor jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select s into v_session from sign_in_live_session(p_tenant, p_now, p_session) s;
  if v_session is null then
    return 'signedOut';
  end if;
  perform invitations_lock_for_redemption(p_tenant, array[p_invitation]);
  select i into v_invitation from invitations_redeemable(p_tenant, p_invitation) i;
  if v_invitation is null or v_invitation->>'userId' <> v_session->>'userId'
    or v_invitation->>'folded' <> v_session->>'folded' then
    return 'wrongAccount';
  elsif v_invitation->>'status' <> 'pending' then
    return v_invitation->>'status';
  end if;
  v_actor := jsonb_build_object('kind', 'user', 'id', v_session->'userId', 'displayName', v_session->'address');
  perform invitations_record(p_tenant, p_invitation, 'declined', p_now, v_actor);
  perform audit_add(p_tenant, p_now, array[p_audit_id], array['Decline external user invite'], 'Invited Users',
    v_actor, array[(v_session->>'userId')::uuid], array[jsonb_build_object('invitationId', p_invitation)]);
  return 'declined';
end
$$;
