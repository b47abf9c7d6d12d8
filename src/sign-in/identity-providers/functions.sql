-- Whether what identities are kept under as an issuer is a provider's word (`identityOf`, authority/rules.ts). Of Microsoft
-- each directory is an issuer; one that has no name with Graph is told by where its metadata lies, unless another provider
-- is set up for that very one.
create or replace function sign_in_is_word_of(p_provider identity_providers, p_issuer text)
returns boolean language sql stable as $$
  select case p_provider.kind
    when 'google' then p_issuer = case p_provider.issuer when 'https://accounts.google.com' then 'google.com'
      else p_provider.issuer end
    when 'facebook' then p_issuer = case p_provider.issuer when 'https://www.facebook.com' then 'facebook.com'
      else p_provider.issuer end
    when 'microsoft' then p_issuer in ('MicrosoftAccount', 'ExternalAzureAD')
      or starts_with(p_issuer, split_part(p_provider.well_known_endpoint, '{tenant}', 1)) and not exists (
        select from identity_providers o where o.tenant_id = p_provider.tenant_id and o.issuer = p_issuer)
    else p_issuer = p_provider.issuer end
$$;

-- Whether the home that a first step was taken at is still one of the organization's, which it then is until the
-- transaction ends: whoever removes it waits, and ends what came of it. So it is asked before anything else is locked. What is
-- no provider's word always stands.
create or replace function sign_in_home_stands(p_tenant uuid, p_method text, p_issuer text)
returns boolean language plpgsql as $$
begin
  if p_method is distinct from 'federated' then
    return true;
  end if;
  perform from identity_providers p where p.tenant_id = p_tenant and sign_in_is_word_of(p, p_issuer) for key share;
  return found;
end
$$;

-- The same for arrivals, which were let through by the providers of a moment ago (finish-flow.ts reads the state).
create or replace function sign_in_home_must_stand(p_tenant uuid, p_method text, p_issuer text)
returns void language plpgsql as $$
begin
  if not sign_in_home_stands(p_tenant, p_method, p_issuer) then
    raise exception 'the provider is gone' using errcode = 'VS001';
  end if;
end
$$;

-- The issuers that identities and sessions of an organization have and that are a provider's word. Each step of a walk is a
-- look into an index, however many there are.
create or replace function sign_in_issuers_of(p_provider identity_providers)
returns text[] language sql stable as $$
  with recursive known (issuer) as (
    select min(n.issuer) from user_identities n where n.tenant_id = p_provider.tenant_id
    union all
    select (select min(n.issuer) from user_identities n where n.tenant_id = p_provider.tenant_id and n.issuer > k.issuer)
    from known k where k.issuer is not null),
  told (issuer) as (
    select min(s.identity_issuer) from sessions s where s.tenant_id = p_provider.tenant_id and s.identity_issuer is not null
    union all
    select (select min(s.identity_issuer) from sessions s
      where s.tenant_id = p_provider.tenant_id and s.identity_issuer is not null and s.identity_issuer > k.issuer)
    from told k where k.issuer is not null)
  select coalesce(array_agg(k.issuer), '{}') from (select issuer from known union select issuer from told) k
  where sign_in_is_word_of(p_provider, k.issuer)
$$;

-- Whoever is known by a provider. Members of another organization of this deployment are known by what the deployment
-- itself has seen, whatever provider there is.
create or replace function sign_in_known_by_issuers(p_tenant uuid, p_issuers text[])
returns setof uuid language sql stable as $$
  select n.user_id from user_identities n
  where n.tenant_id = p_tenant and n.issuer = any (p_issuers) and (n.issuer <> 'ExternalAzureAD' or not exists (
    select from tenants t where t.id::text = split_part(n.issuer_assigned_id, '/', 1)))
$$;

-- Ends what came of signing in at a provider, in the transaction that takes it away or gives it another issuer, before it
-- does: the tokens of everybody known by it that were given before `p_until`, the instant by which that transaction is over,
-- and the sessions of everybody whom it named. Answers with whoever is known by it.
create or replace function sign_in_end_of_provider(p_tenant uuid, p_until timestamptz, p_provider text)
returns uuid[] language plpgsql as $$
declare
  v_provider identity_providers;
  v_issuers text[];
  v_known uuid[];
begin
  -- Waits for those who are just arriving from there, and keeps others out.
  select p.* into v_provider from identity_providers p where p.tenant_id = p_tenant and p.id = p_provider for update;
  if not found then
    return '{}';
  end if;
  v_issuers := sign_in_issuers_of(v_provider);
  -- Waits for those who are just accepting, who are known by it then.
  perform directory_lock_users(p_tenant, array(
    select sign_in_known_by_issuers(p_tenant, v_issuers) union
    select s.user_id from sessions s where s.tenant_id = p_tenant and s.identity_issuer = any (v_issuers)));
  v_known := array(select distinct k from sign_in_known_by_issuers(p_tenant, v_issuers) k);
  perform directory_end_tokens(p_tenant, p_until, v_known);
  -- A trigger tells the applications.
  delete from sessions where tenant_id = p_tenant and user_id = any (v_known);
  delete from sessions where tenant_id = p_tenant and identity_issuer = any (v_issuers)
    and authentication_method = 'federated';
  return v_known;
end
$$;
