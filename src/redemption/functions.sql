-- All that the pages of several redemptions of one tenant can show, in the order of `p_rows`. Writes nothing. Subqueries
-- and no joins: whatever the planner thinks of the sizes, each row is looked up by its keys.
create or replace function redemption_views(p_tenant uuid, p_rows jsonb)
returns setof jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
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
-- to the pages `start` and `code`, for statements that look for themselves.
create or replace function redemption_takes(
  p_invitation jsonb, p_now timestamptz, p_user uuid, p_ticket_version int, p_issuer text, p_subject text)
returns boolean language sql stable as $$
  select coalesce(p_invitation->>'userId' = p_user::text and (p_invitation->>'ticketVersion')::int = p_ticket_version
    and directory_may_act((p_invitation->'guest'->>'accountEnabled')::boolean,
      (p_invitation->'guest'->>'accessEndsAt')::timestamptz, p_now)
    and case p_invitation->>'status'
      when 'pending' then coalesce((p_invitation->>'expiresAt')::timestamptz > p_now, true)
        and p_invitation->'guest'->'addresses' ? (p_invitation->>'folded')
      when 'completed' then redemption_is_known(p_invitation, p_issuer, p_subject)
      else false end, false)
$$;

-- The same for a code to the invited mailbox.
create or replace function redemption_takes_code(
  p_invitation jsonb, p_now timestamptz, p_user uuid, p_ticket_version int)
returns boolean language sql stable as $$
  select redemption_takes(p_invitation, p_now, p_user, p_ticket_version, 'mail', p_invitation->>'folded')
$$;

-- Asks for passcodes as `sign_in_passcodes_send` does, for invitations that take one. An outcome a row, in order.
create or replace function redemption_send(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_due jsonb := '[]';
  v_is_due boolean[] := '{}';
  v_sent jsonb;
  v_next int := 0;
  v_outcomes jsonb := '[]';
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
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

-- Checks codes and, where one is right, signs that browser in as the invited guest. An outcome a row, in order.
create or replace function redemption_prove(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_outcomes jsonb := '[]';
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  for v_row in
    select * from jsonb_to_recordset(p_rows) as r (now timestamptz, invitation uuid, "user" uuid, "ticketVersion" int,
      browser text, "codeHash" text, session text, "oldSession" text, ends timestamptz, client text)
  loop
    v_outcomes := v_outcomes || redemption_prove_one(p_tenant, v_row.now, v_row.invitation, v_row."user",
      v_row."ticketVersion", decode(v_row.browser, 'hex'), decode(v_row."codeHash", 'hex'),
      decode(v_row.session, 'hex'), decode(v_row."oldSession", 'hex'), v_row.ends, v_row.client);
  end loop;
  return v_outcomes;
end
$$;

-- Somebody tries who is not let in whatever they prove: the log says why.
create or replace function redemption_log_refused(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_invitation jsonb, p_client text)
returns void language plpgsql as $$
declare
  v_enabled constant boolean := (p_invitation->'guest'->>'accountEnabled')::boolean;
begin
  if p_invitation->>'userId' = p_user::text
    and not directory_may_act(v_enabled, (p_invitation->'guest'->>'accessEndsAt')::timestamptz, p_now) then
    perform sign_in_log(p_tenant, p_now, p_user, p_invitation->>'address', 'mail', 'emailOneTimePasscode',
      case when v_enabled then 'ended' else 'disabled' end, p_client, (p_invitation->>'id')::uuid);
  end if;
end
$$;

-- One of them. Every try of somebody's code is a line of the sign-in log.
drop function if exists redemption_prove_one(uuid, timestamptz, uuid, uuid, int, bytea, bytea, bytea, bytea, timestamptz);
create or replace function redemption_prove_one(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_user uuid, p_ticket_version int, p_browser bytea,
  p_code_hash bytea, p_session bytea, p_old_session bytea, p_session_ends timestamptz, p_client text)
returns jsonb language plpgsql as $$
declare
  v_invitation jsonb;
  v_try jsonb;
begin
  select i into v_invitation from invitations_redeemable(p_tenant, p_invitation) i;
  if not redemption_takes_code(v_invitation, p_now, p_user, p_ticket_version) then
    perform redemption_log_refused(p_tenant, p_now, p_user, v_invitation, p_client);
    return jsonb_build_object('outcome', 'notDue');
  end if;
  v_try := sign_in_passcode_try(p_tenant, p_now, p_browser, p_invitation::text, p_code_hash);
  if v_try->>'outcome' = 'ok' and v_invitation->'guest'->>'state' = 'Accepted'
    and not redemption_is_known(v_invitation, 'mail', v_try->>'folded') then
    -- Known by another identity since the first redemption: an address alone is not that guest (design section 8.3).
    v_try := v_try || '{"outcome": "blocked"}';
  end if;
  if v_try->>'outcome' <> 'none' then
    perform sign_in_log(p_tenant, p_now, p_user, v_try->>'address', 'mail', 'emailOneTimePasscode', v_try->>'outcome',
      p_client, p_invitation);
  end if;
  if v_try->>'outcome' <> 'ok' then
    return v_try;
  end if;
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, p_user, v_try->>'address', v_try->>'folded',
    'emailOneTimePasscode', p_session_ends, '{otp}', '{}');
  return v_try;
end
$$;

-- Signs a browser in as the invited guest whom a home has vouched for. Outcomes: ok, notDue, wrongAccount (the guest is
-- known by another identity, or the home vouches for another address). `p_folded`: the address it vouches for, or null.
create or replace function redemption_arrive(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_user uuid, p_ticket_version int, p_issuer text, p_subject text,
  p_folded text, p_method text, p_home_claims text[], p_session bytea, p_old_session bytea, p_session_ends timestamptz)
returns text language plpgsql as $$
declare
  v_invitation jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select i into v_invitation from invitations_redeemable(p_tenant, p_invitation) i;
  if v_invitation->'guest'->>'state' = 'Accepted' then
    -- Who they are was settled when they accepted: an address, whoever vouches for it, is not that guest.
    if not redemption_is_known(v_invitation, p_issuer, p_subject) then
      return 'wrongAccount';
    end if;
  elsif p_folded is distinct from v_invitation->>'folded' then
    return 'wrongAccount';
  end if;
  if not redemption_takes(v_invitation, p_now, p_user, p_ticket_version, p_issuer, p_subject) then
    return 'notDue';
  end if;
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, p_user, v_invitation->>'address',
    v_invitation->>'folded', p_method, p_session_ends, '{}', p_home_claims);
  perform sign_in_session_identify(p_tenant, p_session, p_issuer, p_subject);
  return 'ok';
end
$$;

-- Acceptance: exactly one of accept, revoke, expire and delete wins, because each locks the guest or the invitation
-- first and looks again. The guest's other pending invitations are completed with this one. An outcome a row, in order.
create or replace function redemption_accept(p_tenant uuid, p_rows jsonb)
returns jsonb language plpgsql as $$
declare
  v_row record;
  v_version int;
  v_outcomes jsonb := '[]';
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_version := tenants_version(p_tenant);
  perform invitations_lock_for_redemption(p_tenant, array(
    select r.invitation from jsonb_to_recordset(p_rows) as r (version int, invitation uuid) where r.version = v_version));
  for v_row in
    select * from jsonb_to_recordset(p_rows) as r (now timestamptz, version int, invitation uuid, "ticketVersion" int,
      session text, "newSession" text, "auditIds" uuid[], demand jsonb, "takesPasscode" boolean, "takesLocal" boolean)
  loop
    v_outcomes := v_outcomes || case
      when v_row.version is distinct from v_version then '{"outcome": "stale"}'
      else redemption_accept_one(p_tenant, v_row.now, v_row.invitation, v_row."ticketVersion",
        decode(v_row.session, 'hex'), decode(v_row."newSession", 'hex'), v_row."auditIds",
        v_row.demand, v_row."takesPasscode", coalesce(v_row."takesLocal", false)) end;
  end loop;
  return v_outcomes;
end
$$;

-- One of them, with guest and invitations locked.
drop function if exists redemption_accept_one(uuid, timestamptz, uuid, int, bytea, bytea, timestamptz, uuid[]);
drop function if exists redemption_accept_one(uuid, timestamptz, uuid, int, bytea, bytea, timestamptz, uuid[], jsonb);
drop function if exists redemption_accept_one(uuid, timestamptz, uuid, int, bytea, bytea, timestamptz, uuid[], jsonb, boolean);
drop function if exists redemption_accept_one(uuid, timestamptz, uuid, int, bytea, bytea, uuid[], jsonb, boolean);
create or replace function redemption_accept_one(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_ticket_version int, p_session bytea,
  p_new_session bytea, p_audit_ids uuid[], p_demand jsonb, p_takes_passcode boolean, p_takes_local boolean)
returns jsonb language plpgsql as $$
declare
  v_session jsonb;
  v_invitation jsonb;
  v_issuer text;
  v_subject text;
  v_user uuid;
  v_actor jsonb;
  v_outcome text;
  v_is_local boolean;
begin
  select s into v_session from sign_in_live_session(p_tenant, p_now, p_session) s;
  if v_session is null then
    return jsonb_build_object('outcome', 'signedOut');
  end if;
  select i into v_invitation from invitations_redeemable(p_tenant, p_invitation) i;
  v_user := v_session->>'userId';
  if v_invitation is null or v_invitation->>'userId' <> v_session->>'userId'
    or v_invitation->>'folded' <> v_session->>'folded' then
    return jsonb_build_object('outcome', 'wrongAccount');
  elsif (v_invitation->>'ticketVersion')::int <> p_ticket_version then
    return jsonb_build_object('outcome', 'revoked');
  elsif v_invitation->>'status' <> 'pending' then
    return jsonb_build_object('outcome', v_invitation->>'status', 'redirectUrl', v_invitation->'redirectUrl');
  elsif (v_invitation->>'expiresAt')::timestamptz <= p_now then
    return jsonb_build_object('outcome', 'expired');
  elsif not (v_invitation->'guest'->'addresses') ? (v_invitation->>'folded') then
    return jsonb_build_object('outcome', 'revoked');
  elsif v_session->>'codesToKeep' is not null or not sign_in_proves_enough(v_session, p_demand) then
    return jsonb_build_object('outcome', 'secondStepDue');
  end if;

  v_issuer := coalesce(v_session->>'issuer', 'mail');
  v_subject := coalesce(v_session->>'subject', v_session->>'folded');
  -- What an account at the organization itself is signed in to with.
  v_is_local := v_session->>'method' in ('password', 'fido2') and v_issuer <> 'mail';
  if v_invitation->'guest'->>'state' = 'Accepted' then
    if not redemption_is_known(v_invitation, v_issuer, v_subject) then
      return jsonb_build_object('outcome', 'wrongAccount');
    end if;
  elsif v_issuer = 'mail' and not p_takes_passcode or v_is_local and not p_takes_local then
    -- A home speaks for the domain since: whoever reads the mailbox is not yet that person.
    return jsonb_build_object('outcome', 'otherProof');
  end if;
  v_actor := jsonb_build_object('kind', 'user', 'id', v_session->'userId', 'displayName', v_session->'address');
  v_outcome := directory_accept(p_tenant, p_now, v_user,
    case when v_is_local then 'emailAddress' else 'federated' end, v_issuer, v_subject);
  if v_outcome = 'identityTaken' then
    -- Told to administrators: only they can mend it.
    perform invitations_record(p_tenant, p_invitation, 'identityTaken', p_now, v_actor);
    perform audit_add_failure(p_tenant, p_now, p_audit_ids[2], 'Redeem external user invite', 'Invited Users', v_actor,
      v_user, jsonb_build_object('invitationId', p_invitation, 'reason', 'identityTaken'));
  end if;
  if v_outcome <> 'accepted' then
    return jsonb_build_object('outcome', v_outcome);
  end if;
  perform invitations_complete(p_tenant, p_now, v_user, p_invitation, v_actor);
  perform sign_in_session_rotate(p_tenant, p_now, p_session, p_new_session, '{}', null);
  perform audit_add(p_tenant, p_now, p_audit_ids, array['Update user', 'Redeem external user invite'], 'Invited Users',
    v_actor, array[v_user, v_user],
    array[jsonb_build_object('externalUserState', 'Accepted'), jsonb_build_object('invitationId', p_invitation)]);
  return jsonb_build_object('outcome', 'accepted', 'redirectUrl', v_invitation->'redirectUrl');
end
$$;

-- Declining leaves a trace and nothing else: invitation and guest stay pending.
create or replace function redemption_decline(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_session bytea, p_audit_id uuid)
returns jsonb language plpgsql as $$
declare
  v_session jsonb;
  v_invitation jsonb;
  v_actor jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select s into v_session from sign_in_live_session(p_tenant, p_now, p_session) s;
  if v_session is null then
    return jsonb_build_object('outcome', 'signedOut');
  end if;
  perform invitations_lock_for_redemption(p_tenant, array[p_invitation]);
  select i into v_invitation from invitations_redeemable(p_tenant, p_invitation) i;
  if v_invitation is null or v_invitation->>'userId' <> v_session->>'userId'
    or v_invitation->>'folded' <> v_session->>'folded' then
    return jsonb_build_object('outcome', 'wrongAccount');
  elsif v_invitation->>'status' <> 'pending' then
    return jsonb_build_object('outcome', v_invitation->>'status', 'redirectUrl', v_invitation->'redirectUrl');
  end if;
  v_actor := jsonb_build_object('kind', 'user', 'id', v_session->'userId', 'displayName', v_session->'address');
  perform invitations_record(p_tenant, p_invitation, 'declined', p_now, v_actor);
  perform audit_add(p_tenant, p_now, array[p_audit_id], array['Decline external user invite'], 'Invited Users',
    v_actor, array[(v_session->>'userId')::uuid], array[jsonb_build_object('invitationId', p_invitation)]);
  return jsonb_build_object('outcome', 'declined');
end
$$;
