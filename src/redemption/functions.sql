-- All that a page of the redemption can show, in one round trip. Writes nothing.
create or replace function redemption_view(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_session bytea, p_browser bytea)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return jsonb_build_object(
    'invitation', invitations_for_redemption(p_tenant, p_invitation),
    'session', case when p_session is not null then sign_in_session(p_tenant, p_now, p_session) end,
    'passcode', case when p_browser is not null then sign_in_passcode_state(p_tenant, p_now, p_browser, p_invitation::text) end);
end
$$;

-- Checks the code and, when it is right, signs this browser in as the invited guest.
create or replace function redemption_prove(
  p_tenant uuid, p_now timestamptz, p_invitation uuid, p_user uuid, p_browser bytea, p_code_hash bytea,
  p_session bytea, p_old_session bytea, p_session_ends timestamptz)
returns jsonb language plpgsql as $$
declare
  v_try jsonb;
  v_subject jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_try := sign_in_passcode_try(p_tenant, p_now, p_browser, p_invitation::text, p_code_hash);
  if v_try->>'outcome' <> 'ok' then
    return v_try;
  end if;
  v_subject := directory_subject(p_tenant, p_user);
  if v_subject is null or not (v_subject->>'accountEnabled')::boolean then
    return jsonb_build_object('outcome', 'blocked');
  elsif v_subject->>'state' = 'Accepted' and not (v_subject->'mailIdentities') ? (v_try->>'folded') then
    -- Known by another identity since the first redemption: an address alone is not that guest (design section 8.3).
    return jsonb_build_object('outcome', 'blocked');
  end if;
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, p_user, v_try->>'address', v_try->>'folded',
    'emailOneTimePasscode', p_session_ends);
  return v_try;
end
$$;

-- Acceptance: exactly one of accept, revoke, expire and delete wins, because each locks the guest or the invitation
-- first and looks again. The guest's other pending invitations are completed with this one.
create or replace function redemption_accept(
  p_tenant uuid, p_now timestamptz, p_version int, p_invitation uuid, p_ticket_version int, p_session bytea,
  p_new_session bytea, p_session_ends timestamptz, p_audit_ids uuid[])
returns jsonb language plpgsql as $$
declare
  v_session jsonb;
  v_invitation jsonb;
  v_actor jsonb;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  if not tenants_is_current(p_tenant, p_version) then
    return jsonb_build_object('outcome', 'stale');
  end if;
  v_session := sign_in_session(p_tenant, p_now, p_session);
  if v_session is null then
    return jsonb_build_object('outcome', 'signedOut');
  end if;

  v_invitation := invitations_lock_for_redemption(p_tenant, p_invitation);
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
  end if;

  if not directory_accept_guest(p_tenant, p_now, (v_session->>'userId')::uuid, 'federated', 'mail', v_session->>'folded') then
    return jsonb_build_object('outcome', 'blocked');
  end if;
  v_actor := jsonb_build_object('kind', 'user', 'id', v_session->'userId', 'displayName', v_session->'address');
  perform invitations_complete(p_tenant, p_now, (v_session->>'userId')::uuid, p_invitation, v_actor);
  perform sign_in_session_start(p_tenant, p_now, p_new_session, p_session, (v_session->>'userId')::uuid,
    v_session->>'address', v_session->>'folded', 'emailOneTimePasscode', p_session_ends);
  perform audit_add(p_tenant, p_now, p_audit_ids, array['Update user', 'Redeem external user invite'], 'Invited Users',
    array[v_actor, v_actor], array[(v_session->>'userId')::uuid, (v_session->>'userId')::uuid],
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
  v_session := sign_in_session(p_tenant, p_now, p_session);
  if v_session is null then
    return jsonb_build_object('outcome', 'signedOut');
  end if;
  v_invitation := invitations_lock_for_redemption(p_tenant, p_invitation);
  if v_invitation is null or v_invitation->>'userId' <> v_session->>'userId'
    or v_invitation->>'folded' <> v_session->>'folded' then
    return jsonb_build_object('outcome', 'wrongAccount');
  elsif v_invitation->>'status' <> 'pending' then
    return jsonb_build_object('outcome', v_invitation->>'status', 'redirectUrl', v_invitation->'redirectUrl');
  end if;
  v_actor := jsonb_build_object('kind', 'user', 'id', v_session->'userId', 'displayName', v_session->'address');
  perform invitations_record(p_tenant, p_invitation, 'declined', p_now, v_actor);
  perform audit_add(p_tenant, p_now, array[p_audit_id], array['Decline external user invite'], 'Invited Users',
    array[v_actor], array[(v_session->>'userId')::uuid], array[jsonb_build_object('invitationId', p_invitation)]);
  return jsonb_build_object('outcome', 'declined');
end
$$;
