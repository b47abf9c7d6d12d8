-- An id of version 7 for a moment, for rows that a statement makes without being told an id.
create or replace function sign_in_log_id(p_now timestamptz)
returns uuid language plpgsql volatile as $$
begin
  return encode(set_byte(
    overlay(uuid_send(gen_random_uuid()) placing
      substring(int8send((extract(epoch from p_now) * 1000)::bigint) from 3) from 1 for 6),
    6, (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112), 'hex')::uuid;
end
$$;

-- Writes a line of the sign-in log. Called by the statement that proves an identity or fails to, in its transaction.
-- Outcomes: see `outcomes.ts`.
drop function if exists sign_in_log(uuid, timestamptz, uuid, text, text, text, text, text, uuid, uuid);
create or replace function sign_in_log(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_identifier text, p_provider text, p_method text, p_outcome text,
  p_client text, p_correlation uuid, p_application uuid default null, p_application_name text default null)
returns void language plpgsql as $$
begin
  insert into sign_ins (tenant_id, id, created_date_time, user_id, identifier, provider, method, outcome, client_address,
    correlation_id, application_id, application_name)
  values (p_tenant, sign_in_log_id(p_now), p_now, coalesce(p_user, '00000000-0000-0000-0000-000000000000'),
    left(p_identifier, 320), p_provider, p_method, p_outcome, p_client, p_correlation, p_application, p_application_name);
end
$$;

-- The same by what a request knows of itself (`LogContext` in `log-context.ts`).
create or replace function sign_in_log_as(
  p_tenant uuid, p_now timestamptz, p_user uuid, p_method text, p_outcome text, p_log jsonb)
returns void language plpgsql as $$
begin
  perform sign_in_log(p_tenant, p_now, p_user, p_log->>'identifier', p_log->>'provider', p_method, p_outcome,
    p_log->>'client', (p_log->>'correlationId')::uuid, (p_log->>'applicationId')::uuid, p_log->>'applicationName');
end
$$;

-- Whether a failure that strangers can cause and nobody guesses their way with (a passkey, a used token, a home's answer) is to
-- be a line of the log. None is refused for its number; but each counts for what it came from, as a password that is tried
-- does, and beyond thirty an hour nothing is written. `p_from`: a network, with a word before it for what has a count of its
-- own.
drop function if exists sign_in_passkey_failed(uuid, timestamptz, uuid, text);
create or replace function sign_in_log_has_room(p_tenant uuid, p_now timestamptz, p_id uuid, p_from text)
returns boolean language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('vestibule password from ' || p_from, 0));
  if (select count(*) from (select from password_tries t where t.tenant_id = p_tenant and t.client_address = p_from
      and t.created_date_time > p_now - interval '1 hour' limit 30) counted) = 30 then
    return false;
  end if;
  insert into password_tries (tenant_id, id, address_folded, client_address, created_date_time)
  values (p_tenant, p_id, '', p_from, p_now);
  return true;
end
$$;

-- The same for many: of each who (`userId`), how (`method`), when (`now`), what became of it (`outcome`; let in without
-- one) and what the request knows. Refreshes of one person at one application from one address are a line every five
-- minutes, however often it refreshes; one that failed is a line each time.
drop function if exists sign_in_log_let_in(uuid, jsonb[]);
create or replace function sign_in_log_lines(p_tenant uuid, p_lines jsonb[])
returns void language plpgsql as $$
declare
  v_refreshes uuid[];
begin
  with written as (
    insert into sign_ins (tenant_id, id, created_date_time, user_id, identifier, provider, method, outcome, client_address,
      correlation_id, application_id, application_name)
    select p_tenant, sign_in_log_id((l->>'now')::timestamptz), (l->>'now')::timestamptz,
      coalesce((l->>'userId')::uuid, '00000000-0000-0000-0000-000000000000'),
      left(l->'log'->>'identifier', 320), l->'log'->>'provider', l->>'method', coalesce(l->>'outcome', 'ok'),
      l->'log'->>'client', (l->'log'->>'correlationId')::uuid, (l->'log'->>'applicationId')::uuid,
      l->'log'->>'applicationName'
    from unnest(p_lines) l
    where l->>'method' <> 'refreshToken' or l->>'outcome' <> 'ok' or not exists (
      select from sign_ins s where s.tenant_id = p_tenant and s.user_id = (l->>'userId')::uuid and s.method = 'refreshToken'
        and s.created_date_time > (l->>'now')::timestamptz - interval '5 minutes' and s.outcome = 'ok'
        and s.application_id = (l->'log'->>'applicationId')::uuid
        and s.client_address is not distinct from l->'log'->>'client')
    returning id, method)
  select array_agg(w.id) filter (where w.method = 'refreshToken') into v_refreshes from written w;
  if v_refreshes is not null then
    perform sign_in_note_refreshes(p_tenant, v_refreshes);
  end if;
end
$$;

-- Keeps of these lines when each person's tokens were last refreshed, or were last tried to be. In the order of ids, as
-- everybody does who locks several; ids of lines are in the order of time.
create or replace function sign_in_note_refreshes(p_tenant uuid, p_lines uuid[])
returns void language plpgsql as $$
begin
  insert into last_refreshes as l (tenant_id, user_id, last_date_time, last_line_id, succeeded_date_time, succeeded_line_id)
  select p_tenant, t.user_id, (t.last).created_date_time, (t.last).id, (t.succeeded).created_date_time, (t.succeeded).id
  from (
    select s.user_id, (array_agg(s order by s.id desc))[1] as last,
      (array_agg(s order by s.id desc) filter (where s.outcome = 'ok'))[1] as succeeded
    from sign_ins s where s.tenant_id = p_tenant and s.id = any (p_lines) group by s.user_id) t
  order by t.user_id
  on conflict (tenant_id, user_id) do update set
    last_date_time = greatest(l.last_date_time, excluded.last_date_time),
    last_line_id = case when excluded.last_date_time >= l.last_date_time then excluded.last_line_id else l.last_line_id end,
    succeeded_date_time = greatest(l.succeeded_date_time, excluded.succeeded_date_time),
    succeeded_line_id = case when l.succeeded_date_time is null or excluded.succeeded_date_time >= l.succeeded_date_time
      then excluded.succeeded_line_id else l.succeeded_line_id end;
end
$$;

-- The line of a sign-in that began a session at this moment, as long as the log has it.
create or replace function sign_in_line_at(p_tenant uuid, p_user uuid, p_at timestamptz)
returns uuid language sql stable as $$
  select s.id from sign_ins s
  where s.tenant_id = p_tenant and s.user_id = p_user and s.id >= sign_in_first_id(p_at)
    and s.id < sign_in_first_id(p_at + interval '1 millisecond')
    and s.created_date_time = p_at and s.outcome = 'ok' and s.method <> 'refreshToken'
  order by s.id limit 1
$$;

-- The least id of version 7 of a moment.
create or replace function sign_in_first_id(p_at timestamptz)
returns uuid language sql stable as $$
  select (lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

-- When these people, or applications on their behalf, signed in last, as far as they ever did, with the lines that tell of
-- it (Graph: signInActivity). Who signs in here has succeeded: tries that failed are lines, and no sign-in.
create or replace function sign_in_activity(p_tenant uuid, p_users uuid[])
returns table (user_id uuid, last_date_time timestamptz, last_line_id uuid, refreshed_date_time timestamptz,
  refreshed_line_id uuid, succeeded_date_time timestamptz, succeeded_line_id uuid) language sql stable as $$
  select l.user_id, l.last_date_time, sign_in_line_at(p_tenant, l.user_id, l.last_date_time),
    r.last_date_time, r.last_line_id, greatest(l.last_date_time, r.succeeded_date_time),
    case when r.succeeded_date_time > l.last_date_time or l.last_date_time is null then r.succeeded_line_id
      else sign_in_line_at(p_tenant, l.user_id, l.last_date_time) end
  from sign_in_last(p_tenant, p_users) l
  left join last_refreshes r on r.tenant_id = p_tenant and r.user_id = l.user_id
$$;

-- The last of all that succeeded, of everybody who ever signed in, some of them more than once. For `$filter`, as
-- `sign_in_latest` is.
create or replace function sign_in_latest_success()
returns table (tenant_id uuid, user_id uuid, last_date_time timestamptz) language sql stable as $$
  select l.tenant_id, l.user_id, l.last_date_time from sign_in_latest() l
  where not exists (select from last_refreshes r where r.tenant_id = l.tenant_id and r.user_id = l.user_id
    and r.succeeded_date_time > l.last_date_time)
  union all
  select r.tenant_id, r.user_id, r.succeeded_date_time from last_refreshes r
  where r.succeeded_date_time is not null
    and not exists (select from sessions s where s.tenant_id = r.tenant_id and s.user_id = r.user_id
      and s.created_date_time > r.succeeded_date_time)
    and not exists (select from past_sign_ins p where p.tenant_id = r.tenant_id and p.user_id = r.user_id
      and p.last_date_time > r.succeeded_date_time)
$$;

-- Whether an application has refreshed tokens of somebody since.
create or replace function sign_in_refreshed_since(p_tenant uuid, p_user uuid, p_since timestamptz)
returns boolean language sql stable as $$
  select exists (
    select from last_refreshes r where r.tenant_id = p_tenant and r.user_id = p_user and r.succeeded_date_time >= p_since)
$$;
