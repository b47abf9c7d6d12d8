-- Everything the token endpoint and the token check need to know of one client, in one round trip.
-- Null when the tenant has no such client. Secrets come as hexadecimal HMACs, instants as milliseconds since 1970.
create or replace function applications_client(p_tenant uuid, p_app_id uuid)
returns jsonb language plpgsql volatile as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select jsonb_build_object(
      'applicationId', a.id,
      'appId', a.app_id,
      'servicePrincipalId', a.service_principal_id,
      'displayName', a.display_name,
      'accountEnabled', a.account_enabled,
      'permissions', to_jsonb(a.permissions),
      'tokensValidFrom', floor(extract(epoch from a.tokens_valid_from) * 1000),
      'credentials', coalesce((
        select jsonb_agg(jsonb_build_object(
          'keyId', c.key_id,
          'secretHmac', encode(c.secret_hmac, 'hex'),
          'publicJwk', c.public_jwk,
          'start', floor(extract(epoch from c.start_date_time) * 1000),
          'end', floor(extract(epoch from c.end_date_time) * 1000)
        ) order by c.key_id)
        from application_credentials c
        where c.tenant_id = p_tenant and c.application_id = a.id
      ), '[]'::jsonb)
    )
    from applications a
    where a.tenant_id = p_tenant and a.app_id = p_app_id
  );
end;
$$;
