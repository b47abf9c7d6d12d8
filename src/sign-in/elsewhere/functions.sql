-- One person, and one browser, in several organizations of the deployment (decision 11).

-- By what the person of a session is known to other organizations of this deployment, as far as the deployment itself has
-- taken the proof: a code to the mailbox, or membership in one of its organizations. What a provider said that an
-- administrator of this organization set up proves nothing to any other.
create or replace function sign_in_proofs(p_tenant uuid, p_session sessions)
returns table (issuer text, subject text) language sql stable as $$
  select 'mail', p_session.address_folded
  where p_session.authentication_method = 'emailOneTimePasscode' and p_session.identity_issuer is null
  union all
  select 'ExternalAzureAD', p_tenant || '/' || u.id from users u
  where u.tenant_id = p_tenant and u.id = p_session.user_id and u.user_type = 'Member' and u.external_user_state is null
    and p_session.authentication_method = 'emailOneTimePasscode' and p_session.identity_issuer is null
    and exists (select 1 from domains d where d.tenant_id = p_tenant and d.is_verified
      and lower(d.name) = split_part(p_session.address_folded, '@', 2))
  union all
  select 'ExternalAzureAD', p_session.identity_subject
  where p_session.authentication_method = 'organization' and p_session.identity_issuer = 'ExternalAzureAD'
$$;

-- The other organizations that know the person of a session by one of these proofs, and those whose own the person is.
-- Not in SQL, which would be planned anew each time, and takes longer to plan than to run.
create or replace function sign_in_tenants_of(p_tenant uuid, p_session sessions)
returns uuid[] language plpgsql stable as $$
begin
  return array(
    select k.tenant_id from sign_in_proofs(p_tenant, p_session) p
    cross join lateral directory_known_anywhere(p.issuer, p.subject) k
    where k.tenant_id <> p_tenant
    union
    select split_part(p.subject, '/', 1)::uuid from sign_in_proofs(p_tenant, p_session) p
    where p.issuer = 'ExternalAzureAD' and split_part(p.subject, '/', 1) <> p_tenant::text
    union
    select d.tenant_id from sign_in_proofs(p_tenant, p_session) p
    join domains d on lower(d.name) = split_part(p.subject, '@', 2) and d.is_verified
    where p.issuer = 'mail' and d.tenant_id <> p_tenant);
end
$$;

-- The other organizations that know the person of a session by these proofs, as whom; as nobody: it is their own.
create or replace function sign_in_elsewhere(p_tenant uuid, p_handle bytea)
returns table (tenant_id uuid, user_id uuid) language sql stable as $$
  with mine as (
    select s, case when s.authentication_method = 'organization' and s.identity_issuer = 'ExternalAzureAD'
      then split_part(s.identity_subject, '/', 1)::uuid end as home
    from sessions s where s.tenant_id = p_tenant and s.handle_hash = p_handle)
  select k.tenant_id, min(k.user_id::text)::uuid
  from mine cross join lateral sign_in_proofs(p_tenant, mine.s) p
  cross join lateral directory_known_anywhere(p.issuer, p.subject) k
  where k.tenant_id <> p_tenant and k.tenant_id is distinct from mine.home group by k.tenant_id
  union all
  select mine.home, null from mine where mine.home <> p_tenant
$$;

-- By what the person of a session is known to the organization `p_to`: what its rules of signing in are asked about.
create or replace function sign_in_known_at(p_tenant uuid, p_now timestamptz, p_handle bytea, p_to uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select jsonb_build_object('issuer', p.issuer, 'subject', p.subject)
    from sessions s cross join lateral sign_in_proofs(p_tenant, s) p
    where p_to in (select k.tenant_id from directory_known_anywhere(p.issuer, p.subject) k) and s.tenant_id = p_tenant and s.handle_hash = p_handle
      and exists (select from sign_in_live_session(p_tenant, p_now, p_handle))
    order by p.issuer limit 1);
end
$$;

-- Signs the browser of a session in to another organization by the same proof, under the same handle: whoever holds it
-- could do this themselves. The session there began when the proof was made and ends when that one ends, so that whatever
-- ended sessions there since has ended this one too; a second step counts where it was passed. False when it is none.
create or replace function sign_in_switch(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_to uuid, p_issuer text, p_subject text, p_family text,
  p_log jsonb)
returns boolean language plpgsql as $$
declare
  v_session sessions;
  v_user uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  select s.* into v_session from sessions s
  where s.tenant_id = p_tenant and s.handle_hash = p_handle
    and exists (select from sign_in_live_session(p_tenant, p_now, p_handle))
    and exists (select from sign_in_proofs(p_tenant, s) p where p.issuer = p_issuer and p.subject = p_subject);
  if v_session.handle_hash is null then
    return false;
  end if;
  perform set_config('vestibule.tenant', p_to::text, true);
  select u into v_user from directory_known_by(p_to, p_issuer, p_subject, null) u;
  if v_user is null then
    return false;
  end if;
  if exists (select from sign_in_live_session(p_to, p_now, p_handle) s where (s->>'userId')::uuid = v_user) then
    return true;
  end if;
  delete from sessions where tenant_id = p_to and handle_hash = p_handle;
  if p_issuer = 'mail' then
    perform sign_in_session_start(p_to, v_session.created_date_time, p_handle, null, v_user, v_session.address,
      v_session.address_folded, 'emailOneTimePasscode', v_session.expires_date_time, '{otp}', '{}');
  else
    perform sign_in_session_start(p_to, v_session.created_date_time, p_handle, null, v_user, v_session.address,
      v_session.address_folded, 'organization', v_session.expires_date_time, '{}',
      -- A member here has proved a mailbox to us, which is what their home would say (`assertMember`).
      case when v_session.authentication_method = 'organization' then v_session.home_claims
        else array['otp', 'urn:vestibule:mailbox'] end);
    perform sign_in_session_identify(p_to, p_handle, p_issuer, p_subject);
  end if;
  if not exists (select from sign_in_live_session(p_to, p_now, p_handle)) then
    delete from sessions where tenant_id = p_to and handle_hash = p_handle;
    return false;
  end if;
  perform sign_in_touch(p_to, p_now, p_handle, p_family);
  perform sign_in_log_as(p_to, p_now, v_user,
    case when p_issuer = 'mail' then 'emailOneTimePasscode' else 'federated' end, 'ok', p_log);
  return true;
end
$$;

-- Where a browser that is signed in here may be signed in under the same handle, this organization first. What it went on
-- to from each of them counts, too: a member goes from home to one place by their mailbox and to another as a member.
create or replace function sign_in_reached_by(p_tenant uuid, p_handle bytea)
returns uuid[] language plpgsql as $$
declare
  v_found uuid[] := array[p_tenant];
  v_next int := 1;
begin
  while v_next <= cardinality(v_found) loop
    perform set_config('vestibule.tenant', v_found[v_next]::text, true);
    v_found := v_found || array(
      select t from sessions s cross join lateral unnest(sign_in_tenants_of(s.tenant_id, s)) t
      where s.tenant_id = v_found[v_next] and s.handle_hash = p_handle and t <> all (v_found));
    v_next := v_next + 1;
  end loop;
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return v_found;
end
$$;

-- Gives a browser another handle, in every organization that it is signed in to under this one.
create or replace function sign_in_session_move(p_tenant uuid, p_old bytea, p_new bytea)
returns void language plpgsql as $$
begin
  perform sign_in_handle_replace(p_tenant, sign_in_reached_by(p_tenant, p_old), p_old, p_new);
end
$$;

-- The same in those that a session under the new handle reaches.
create or replace function sign_in_session_follow(p_tenant uuid, p_old bytea, p_new bytea)
returns void language plpgsql as $$
begin
  perform sign_in_handle_replace(p_tenant, sign_in_reached_by(p_tenant, p_new), p_old, p_new);
end
$$;

create or replace function sign_in_handle_replace(p_tenant uuid, p_places uuid[], p_old bytea, p_new bytea)
returns void language plpgsql as $$
declare
  v_tenant uuid;
begin
  foreach v_tenant in array p_places loop
    perform set_config('vestibule.tenant', v_tenant::text, true);
    update sessions set handle_hash = p_new where tenant_id = v_tenant and handle_hash = p_old;
  end loop;
  perform set_config('vestibule.tenant', p_tenant::text, true);
end
$$;
