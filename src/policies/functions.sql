-- Whether the organization lets people sign up by themselves (Graph: authenticationFlowsPolicy). Not, unless it says so.
-- Not in SQL, which would be planned anew in each transaction.
create or replace function policies_self_service_sign_up(p_tenant uuid)
returns boolean language plpgsql stable as $$
begin
  return coalesce((
    select (p.authentication_flows->'selfServiceSignUp'->>'isEnabled')::boolean from tenant_policies p
    where p.tenant_id = p_tenant), false);
end
$$;
