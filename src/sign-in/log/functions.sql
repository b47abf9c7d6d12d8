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

-- The same for many: of each who (`userId`), how (`method`), when (`now`), what became of it (`outcome`; let in without
-- one) and what the request knows. Refreshes of one person at one application from one address are a line every five
-- minutes, however often it refreshes.
drop function if exists sign_in_log_let_in(uuid, jsonb[]);
create or replace function sign_in_log_lines(p_tenant uuid, p_lines jsonb[])
returns void language plpgsql as $$
begin
  insert into sign_ins (tenant_id, id, created_date_time, user_id, identifier, provider, method, outcome, client_address,
    correlation_id, application_id, application_name)
  select p_tenant, sign_in_log_id((l->>'now')::timestamptz), (l->>'now')::timestamptz,
    coalesce((l->>'userId')::uuid, '00000000-0000-0000-0000-000000000000'),
    left(l->'log'->>'identifier', 320), l->'log'->>'provider', l->>'method', coalesce(l->>'outcome', 'ok'),
    l->'log'->>'client', (l->'log'->>'correlationId')::uuid, (l->'log'->>'applicationId')::uuid,
    l->'log'->>'applicationName'
  from unnest(p_lines) l
  where l->>'method' <> 'refreshToken' or not exists (
    select from sign_ins s where s.tenant_id = p_tenant and s.user_id = (l->>'userId')::uuid and s.method = 'refreshToken'
      and s.created_date_time > (l->>'now')::timestamptz - interval '5 minutes'
      and s.application_id = (l->'log'->>'applicationId')::uuid
      and s.client_address is not distinct from l->'log'->>'client');
end
$$;

-- Whether an application has refreshed tokens of somebody since, as far as the log goes back.
create or replace function sign_in_refreshed_since(p_tenant uuid, p_user uuid, p_since timestamptz)
returns boolean language sql stable as $$
  select exists (
    select from sign_ins s where s.tenant_id = p_tenant and s.user_id = p_user and s.method = 'refreshToken'
      and s.created_date_time >= p_since)
$$;
