-- A live session, no row otherwise. Sessions from before `signInSessionsValidFromDateTime` and of people who were
-- disabled or deleted, or whose access has ended, are none. In SQL, so that the planner sees through it.
create or replace function sign_in_live_session(p_tenant uuid, p_now timestamptz, p_handle bytea)
returns setof jsonb language sql stable as $$
  select jsonb_build_object('userId', s.user_id, 'address', s.address, 'folded', s.address_folded,
    'createdAt', s.created_date_time, 'expiresAt', s.expires_date_time, 'method', s.authentication_method,
    'amr', to_jsonb(s.amr), 'homeClaims', to_jsonb(s.home_claims), 'codesToKeep', s.codes_to_keep,
    'issuer', s.identity_issuer, 'subject', s.identity_subject,
    'usedAt', coalesce(s.last_used_date_time, s.created_date_time))
  from sessions s, lateral directory_sessions_count_from(p_tenant, s.user_id, p_now) valid_from
  where s.tenant_id = p_tenant and s.handle_hash = p_handle and s.expires_date_time > p_now
    and s.created_date_time >= valid_from
$$;

-- A first step was taken. What the home provider said of it stays its word. A browser that was signed in already has this
-- session in place of that one, under the new handle in every organization: if it is the same person's, applications keep
-- the one they know; another person's ends wherever it reached.
drop function if exists sign_in_session_start(uuid, timestamptz, bytea, bytea, uuid, text, text, text, timestamptz);
create or replace function sign_in_session_start(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_replaces bytea, p_user uuid, p_address text, p_folded text,
  p_method text, p_expires timestamptz, p_amr text[], p_home_claims text[])
returns void language plpgsql as $$
declare
  v_before uuid;
begin
  if p_replaces is not null then
    select user_id into v_before from sessions where tenant_id = p_tenant and handle_hash = p_replaces for update;
    if v_before = p_user then
      perform sign_in_session_move(p_tenant, p_replaces, p_handle);
    elsif v_before is not null then
      perform sign_in_browser_end(p_tenant, p_replaces);
    end if;
  end if;
  perform sign_in_sessions_begin(p_tenant, array[p_now], array[p_handle], array[p_user], array[p_address], array[p_folded],
    p_method, array[p_expires], p_amr, p_home_claims);
  if p_replaces is not null then
    -- Where the browser came from, if the person is known there by this proof.
    perform sign_in_session_follow(p_tenant, p_replaces, p_handle);
  end if;
end
$$;

-- The same of browsers that nobody was signed in with, all of whom took the same step.
create or replace function sign_in_sessions_begin(
  p_tenant uuid, p_now timestamptz[], p_handles bytea[], p_users uuid[], p_addresses text[], p_folded text[],
  p_method text, p_expires timestamptz[], p_amr text[], p_home_claims text[])
returns void language plpgsql as $$
begin
  insert into sessions (tenant_id, handle_hash, user_id, address, address_folded, authentication_method,
    created_date_time, expires_date_time, amr, home_claims)
  select p_tenant, r.handle, r.user_id, r.address, r.folded, p_method, r.now, r.expires, p_amr, p_home_claims
  from unnest(p_now, p_handles, p_users, p_addresses, p_folded, p_expires)
    as r (now, handle, user_id, address, folded, expires)
  on conflict (tenant_id, handle_hash) do update set address = excluded.address, address_folded = excluded.address_folded,
    authentication_method = excluded.authentication_method, created_date_time = excluded.created_date_time,
    expires_date_time = excluded.expires_date_time, amr = excluded.amr, home_claims = excluded.home_claims,
    codes_to_keep = null, identity_issuer = null, identity_subject = null;
end
$$;

-- The same session under a new handle, because it may do more from now on: whoever knew the old handle has nothing.
-- It ends when it would have ended. False when the old one is no live session (any more).
drop function if exists sign_in_session_rotate(uuid, timestamptz, bytea, bytea, timestamptz, text[], uuid);
create or replace function sign_in_session_rotate(
  p_tenant uuid, p_now timestamptz, p_old bytea, p_new bytea, p_amr text[], p_codes_to_keep uuid)
returns boolean language plpgsql as $$
begin
  if not exists (select 1 from sign_in_live_session(p_tenant, p_now, p_old)) then
    return false;
  end if;
  update sessions set amr = amr || array(select a from unnest(p_amr) a where a <> all (amr)),
    codes_to_keep = coalesce(p_codes_to_keep, codes_to_keep)
  where tenant_id = p_tenant and handle_hash = p_old;
  if not found then
    return false;
  end if;
  perform sign_in_session_move(p_tenant, p_old, p_new);
  return true;
end
$$;

-- Whom a home says a session is of; without one it is whoever reads the mailbox.
create or replace function sign_in_session_identify(p_tenant uuid, p_handle bytea, p_issuer text, p_subject text)
returns void language sql as $$
  update sessions set identity_issuer = p_issuer, identity_subject = p_subject
  where tenant_id = p_tenant and handle_hash = p_handle
$$;

-- Signs a browser out, in every organization that it is signed in to under this handle.
drop function if exists sign_in_session_end(uuid, bytea);
create or replace function sign_in_browser_end(p_tenant uuid, p_handle bytea)
returns void language plpgsql as $$
declare
  v_tenant uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  foreach v_tenant in array sign_in_reached_by(p_tenant, p_handle) loop
    perform set_config('vestibule.tenant', v_tenant::text, true);
    delete from sessions where tenant_id = v_tenant and handle_hash = p_handle;
  end loop;
  perform set_config('vestibule.tenant', p_tenant::text, true);
end
$$;

-- Keeps a session under the hash that the secret in force makes of its handle.
create or replace function sign_in_renew_session(p_tenant uuid, p_old bytea, p_new bytea)
returns void language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform sign_in_session_move(p_tenant, p_old, p_new);
end
$$;

-- Notes that a session is used, and by what kind of browser: at most every five minutes, since it is asked for with every
-- page, and `p_at_once` when it is another kind than was noted. Waits for nobody: whoever has the row notes the same.
create or replace function sign_in_touch(
  p_tenant uuid, p_now timestamptz, p_handle bytea, p_family text, p_at_once boolean default true)
returns void language plpgsql as $$
begin
  update sessions set last_used_date_time = p_now, browser_family = coalesce(p_family, browser_family)
  where tenant_id = p_tenant and handle_hash = (
    select s.handle_hash from sessions s where s.tenant_id = p_tenant and s.handle_hash = p_handle
      and (coalesce(s.last_used_date_time, s.created_date_time) < p_now - interval '5 minutes'
        or p_at_once and s.browser_family is distinct from coalesce(p_family, s.browser_family))
    for update skip locked);
end
$$;

-- The same for many, as `sign_in_live_session` tells them, after a while only: most were noted lately.
drop function if exists sign_in_touch_all(uuid, timestamptz[], bytea[], text[]);
create or replace function sign_in_touch_seen(
  p_tenant uuid, p_sessions jsonb[], p_now timestamptz[], p_handles bytea[], p_families text[])
returns void language plpgsql as $$
declare
  v_n int;
begin
  for v_n in
    select r.n from unnest(p_sessions, p_now, p_handles) with ordinality as r (session, now, handle, n)
    where (r.session->>'usedAt')::timestamptz < r.now - interval '5 minutes' order by r.handle
  loop
    perform sign_in_touch(p_tenant, p_now[v_n], p_handles[v_n], p_families[v_n], false);
  end loop;
end
$$;

-- What a session is called outside: the same each time, and no way back to the cookie.
create or replace function sign_in_session_uid(p_handle bytea)
returns bytea language sql immutable parallel safe as $$
  select sha256('session'::bytea || p_handle)
$$;

-- New handles for many whose sessions were just seen to be live. A null is nobody's. Few reach another organization: what
-- `sign_in_tenants_of` would find is looked for here in the plan of this statement.
create or replace function sign_in_sessions_rotate(p_tenant uuid, p_old bytea[], p_new bytea[])
returns void language plpgsql as $$
declare
  v_far record;
begin
  for v_far in
    select r.old, r.new from unnest(p_old, p_new) as r (old, new)
    join sessions s on s.tenant_id = p_tenant and s.handle_hash = r.old
    where s.identity_issuer = 'ExternalAzureAD'
      or s.identity_issuer is null and s.authentication_method = 'emailOneTimePasscode' and (
        exists (select from directory_known_anywhere('mail', s.address_folded) k where k.tenant_id <> p_tenant)
        or exists (select from domains d where lower(d.name) = split_part(s.address_folded, '@', 2) and d.is_verified
          and d.tenant_id <> p_tenant))
  loop
    perform sign_in_session_move(p_tenant, v_far.old, v_far.new);
  end loop;
  update sessions s set handle_hash = r.new from unnest(p_old, p_new) as r (old, new)
  where s.tenant_id = p_tenant and s.handle_hash = r.old;
end
$$;

-- `provesEnough` (policies) for statements that look for themselves. `p_demand` is what `secondStepDemand` gave; a process
-- of the release before gives none and knows no policy that asks.
create or replace function sign_in_proves_enough(p_session jsonb, p_demand jsonb)
returns boolean language plpgsql stable as $$
begin
  return p_demand is null or not (p_demand->>'isDemanded')::boolean or p_session->'amr' ? 'mfa'
    or exists (select 1 from jsonb_array_elements_text(p_session->'homeClaims') c where p_demand->'homeClaims' ? c);
end
$$;

-- Browsers that the person of a session is signed in with, this one first, then the newest.
drop function if exists my_apps_sessions(uuid, timestamptz, bytea);
create or replace function sign_in_browsers(p_tenant uuid, p_now timestamptz, p_handle bytea)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', encode(sign_in_session_uid(s.handle_hash), 'hex'),
      'isCurrent', s.handle_hash = p_handle, 'family', s.browser_family, 'createdAt', s.created_date_time,
      'usedAt', coalesce(s.last_used_date_time, s.created_date_time))
      order by s.handle_hash = p_handle desc, coalesce(s.last_used_date_time, s.created_date_time) desc)
    from (
      select theirs.* from sessions mine join sessions theirs
        on theirs.tenant_id = p_tenant and theirs.user_id = mine.user_id
      where mine.tenant_id = p_tenant and mine.handle_hash = p_handle
        and exists (select from sign_in_live_session(p_tenant, p_now, theirs.handle_hash))
      order by theirs.handle_hash = p_handle desc, theirs.created_date_time desc limit 50) s), '[]');
end
$$;

-- Handles of the same browsers. `p_which`: `this`, `others`, or `one` with its id.
create or replace function sign_in_browsers_of(p_tenant uuid, p_handle bytea, p_which text, p_id bytea)
returns bytea[] language sql stable as $$
  select array(
    select theirs.handle_hash from sessions mine join sessions theirs
      on theirs.tenant_id = p_tenant and theirs.user_id = mine.user_id
    where mine.tenant_id = p_tenant and mine.handle_hash = p_handle and case p_which
      when 'this' then theirs.handle_hash = p_handle
      when 'others' then theirs.handle_hash <> p_handle
      else sign_in_session_uid(theirs.handle_hash) = p_id end)
$$;

-- A session that ends leaves behind when it began. Written when it goes and not when it comes, so that nobody waits for
-- it while signing in; in the order of ids, as everybody does who locks several.
create or replace function sign_in_remember()
returns trigger language plpgsql as $$
begin
  insert into past_sign_ins (tenant_id, user_id, last_date_time)
  select tenant_id, user_id, max(created_date_time) from gone group by tenant_id, user_id order by user_id
  on conflict (tenant_id, user_id) do update
    set last_date_time = greatest(past_sign_ins.last_date_time, excluded.last_date_time);
  return null;
end
$$;
create or replace trigger sessions_remember after delete on sessions referencing old table as gone
for each statement execute function sign_in_remember();

-- When everybody of the organization who ever signed in did so last, some of them more than once. For `$filter`: a range
-- of it reads the indexes by time, and of each time whether the person came again.
create or replace function sign_in_latest()
returns table (tenant_id uuid, user_id uuid, last_date_time timestamptz) language sql stable as $$
  select s.tenant_id, s.user_id, s.created_date_time from sessions s
  where not exists (select from sessions later where later.tenant_id = s.tenant_id and later.user_id = s.user_id
      and later.created_date_time > s.created_date_time)
    and not exists (select from past_sign_ins p where p.tenant_id = s.tenant_id and p.user_id = s.user_id
      and p.last_date_time > s.created_date_time)
  union all
  select p.tenant_id, p.user_id, p.last_date_time from past_sign_ins p
  where not exists (select from sessions later where later.tenant_id = p.tenant_id and later.user_id = p.user_id
    and later.created_date_time > p.last_date_time)
$$;

-- When each of these people signed in last, as far as they ever did.
create or replace function sign_in_last(p_tenant uuid, p_users uuid[])
returns table (user_id uuid, last_date_time timestamptz) language sql stable as $$
  select wanted.id, greatest(
    (select max(s.created_date_time) from sessions s where s.tenant_id = p_tenant and s.user_id = wanted.id),
    (select p.last_date_time from past_sign_ins p where p.tenant_id = p_tenant and p.user_id = wanted.id))
  from unnest(p_users) as wanted (id)
$$;
