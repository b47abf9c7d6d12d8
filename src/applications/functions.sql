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
    where a.tenant_id = p_tenant and a.app_id = p_app_id and a.service_principal_id is not null
  );
end;
$$;

-- Which of somebody's groups an application is told (Entra: optional group claims).
create or replace function applications_told_groups(p_claims text)
returns text language sql immutable parallel safe as $$
  select case when p_claims ~ '(^|,)\s*ApplicationGroup\s*(,|$)' then 'assigned'
    when p_claims ~ '(^|,)\s*(All|SecurityGroup)\s*(,|$)' then 'all' else 'none' end
$$;

-- What signing people in to an application asks of it, beside `applications_client`. Null when there is no such one.
create or replace function applications_relying_party(p_tenant uuid, p_app_id uuid)
returns jsonb language plpgsql volatile as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select jsonb_build_object(
      'web', coalesce(a.web->'redirectUris', '[]'), 'spa', coalesce(a.spa->'redirectUris', '[]'),
      'publicClient', coalesce(a.public_client->'redirectUris', '[]'), 'logoutUrl', a.web->'logoutUrl',
      'backChannelLogoutUrl', a.web->'backChannelLogoutUrl', 'homePageUrl', a.web->'homePageUrl',
      'takesPublicClients', coalesce(a.is_fallback_public_client, false),
      'isAssignmentRequired', a.app_role_assignment_required, 'roles', a.app_roles,
      'toldGroups', applications_told_groups(a.group_membership_claims), 'requested', a.required_resource_access)
    from applications a
    where a.tenant_id = p_tenant and a.app_id = p_app_id and a.service_principal_id is not null);
end;
$$;

-- The ids of the roles somebody has at an application, their own and those of the groups they are in directly.
create or replace function applications_roles_of(p_tenant uuid, p_user uuid, p_principal uuid)
returns setof uuid language sql stable as $$
  select distinct r.app_role_id from app_role_assignments r
  where r.tenant_id = p_tenant and r.resource_id = p_principal and r.principal_id = any (array(
    -- In `from`, where the planner sees through it: it would be planned anew for each row of a `select`.
    select p_user union all select g from directory_direct_groups_of(p_tenant, p_user) g))
$$;

-- The object id of Microsoft Graph's service principal in a tenant: there in each of them, and a row in none.
create or replace function applications_graph_principal(p_tenant uuid)
returns uuid language sql immutable parallel safe as $$
  select encode(substr(sha256(convert_to('microsoft graph ' || p_tenant::text, 'utf8')), 1, 16), 'hex')::uuid
$$;

-- What hung on somebody or something that is gone for good.
create or replace function applications_forget_gone()
returns trigger language plpgsql as $$
begin
  delete from app_role_assignments a using gone
    where a.tenant_id = gone.tenant_id and a.principal_id = gone.id;
  delete from application_owners o using gone
    where o.tenant_id = gone.tenant_id and o.owner_id = gone.id;
  return null;
end
$$;
create or replace trigger users_forget_assignments after delete on users referencing old table as gone
for each statement execute function applications_forget_gone();
create or replace trigger groups_forget_assignments after delete on groups referencing old table as gone
for each statement execute function applications_forget_gone();

-- `$search` finds applications by the words of their names; their changes say what its index does not hold yet.
create or replace trigger applications_track before update on applications for each row execute function changes_track();
-- Secrets and certificates are shown as part of their application: with them it is another version of it.
create or replace function applications_credentials_changed()
returns trigger language plpgsql as $$
begin
  update applications a set changed_xid = pg_current_xact_id(),
    property_xids = coalesce(a.property_xids, jsonb_build_object('', a.changed_xid::text::bigint))
      || jsonb_build_object('credentials', pg_current_xact_id()::text::bigint)
  from (select distinct c.tenant_id, c.application_id from changed c) as owner
  where a.tenant_id = owner.tenant_id and a.id = owner.application_id;
  return null;
end
$$;
create or replace trigger credentials_added after insert on application_credentials referencing new table as changed
for each statement execute function applications_credentials_changed();
create or replace trigger credentials_removed after delete on application_credentials referencing old table as changed
for each statement execute function applications_credentials_changed();
create or replace trigger applications_bury after delete on applications referencing old table as gone
for each statement execute function changes_bury('application');
-- A service principal is gone for good with its application's row, or when that has another one or none to restore.
create or replace function applications_bury_principal()
returns trigger language plpgsql as $$
declare
  v_gone constant uuid := coalesce(old.service_principal_id, old.deleted_principal_id);
begin
  if v_gone is null then
    return null;
  end if;
  if tg_op = 'UPDATE' and v_gone in (new.service_principal_id, new.deleted_principal_id) then
    return null;
  end if;
  insert into removed_objects (tenant_id, kind, id) values (old.tenant_id, 'servicePrincipal', v_gone)
  on conflict (tenant_id, kind, id) do update
    set changed_xid = excluded.changed_xid, removed_date_time = excluded.removed_date_time;
  return null;
end
$$;
create or replace trigger applications_bury_principal
after delete or update of service_principal_id, deleted_principal_id on applications
for each row execute function applications_bury_principal();
create or replace trigger applications_search_forget after delete on applications
for each row execute function search_forget();

-- Applications from before there were assignments: what was granted to them becomes one for each role. Names and ids are
-- Graph's, as they were known then; whatever came later was granted with its assignment.
do $$
declare
  v_tenant uuid;
begin
  for v_tenant in select id from tenants loop
    perform set_config('vestibule.tenant', v_tenant::text, true);
    insert into app_role_assignments (tenant_id, id, resource_id, principal_id, principal_type, app_role_id,
      created_date_time)
    select a.tenant_id, gen_random_uuid(), applications_graph_principal(a.tenant_id), a.service_principal_id,
      'ServicePrincipal', role.id::uuid, a.created_date_time
    from applications a cross join lateral unnest(a.permissions) as permission join (values
    ('User.ReadBasic.All', '97235f07-e226-4f63-ace3-39588e11d3a1'),
    ('User.Read.All', 'df021288-bdef-4463-88db-98f22de89214'),
    ('User.ReadWrite.All', '741f803b-c850-494e-b5df-cde7c675a1ca'),
    ('User.Invite.All', '09850681-111b-4a89-9bed-3f2cae46d706'),
    ('User.EnableDisableAccount.All', '3011c876-62b7-4ada-afa2-506cbbecc68c'),
    ('User.DeleteRestore.All', 'eccc023d-eccf-4e7b-9683-8813ab36cecc'),
    ('User.RevokeSessions.All', '77f3a031-c388-4f99-b373-dc68676a979e'),
    ('User.ManageIdentities.All', 'c529cfca-c91b-489c-af2b-d92990b66ce6'),
    ('Directory.Read.All', '7ab1d382-f21e-4acd-a863-ba3e13f7da61'),
    ('Directory.ReadWrite.All', '19dbc75e-c2e2-444c-a770-ec69d8559fc7'),
    ('Group.Create', 'bf7b1a76-6e77-406b-b258-bf5c7720e98f'),
    ('Group.ReadBasic.All', '07d67222-3a10-4d3b-9ddc-b8aa43198a00'),
    ('Group.Read.All', '5b567255-7703-4780-807c-7be8301ae99b'),
    ('Group.ReadWrite.All', '62a82d76-70ea-41e2-9197-370581804d09'),
    ('GroupMember.ReadBasic.All', '8222c640-cae5-4860-8d11-b32cfad95e03'),
    ('GroupMember.Read.All', '98830695-27a2-44f7-8c18-0c3ebc9698f6'),
    ('GroupMember.ReadWrite.All', 'dbaae8cf-10b5-4b86-a4a1-f871c94c6695'),
    ('Member.Read.Hidden', '658aa5d8-239f-45c4-aa12-864f4fc7e490'),
    ('Application.Read.All', '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30'),
    ('Application.ReadWrite.All', '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9'),
    ('Application.ReadWrite.OwnedBy', '18a4783c-866b-4cc7-a460-3d5e5662c884'),
    ('AppRoleAssignment.ReadWrite.All', '06b708a9-e830-4db3-a914-8e69da51d44f'),
    ('DelegatedPermissionGrant.ReadWrite.All', '8e8e4742-1d95-4f68-9d56-6ee75648c72a'),
    ('RoleManagement.Read.Directory', '483bed4a-2ad3-4361-a73b-c83ccdbdc53c'),
    ('RoleManagement.ReadWrite.Directory', '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8'),
    ('Policy.Read.All', '246dd0d5-5bd0-4def-940b-0421030a5b68'),
    ('Policy.ReadWrite.Authorization', 'fb221be6-99f2-473f-bd32-01c6a0e9ca3b'),
    ('Policy.ReadWrite.CrossTenantAccess', '338163d7-f101-4c92-94ba-ca46fe52447c'),
    ('Policy.Read.AuthenticationMethod', '8e3bc81b-d2f3-4b7b-838c-32c88218d2f0'),
    ('Policy.ReadWrite.AuthenticationMethod', '29c18626-4985-4dcd-85c0-193eef327366'),
    ('Policy.ReadWrite.ConditionalAccess', '01c0a623-fc9b-48e9-b794-0756f8e8f067'),
    ('IdentityProvider.Read.All', 'e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0'),
    ('IdentityProvider.ReadWrite.All', '90db2b9a-d928-4d33-a4dd-8442ae3d41e4'),
    ('APIConnectors.Read.All', 'b86848a7-d5b1-41eb-a9b4-54a4e6306e97'),
    ('APIConnectors.ReadWrite.All', '1dfe531a-24a6-4f1b-80f4-7a0dc5a0a171'),
    ('IdentityUserFlow.Read.All', '1b0c317f-dd31-4305-9932-259a8b6e8099'),
    ('IdentityUserFlow.ReadWrite.All', '65319a09-a2be-469d-8782-f6b07debf789'),
    ('Domain.Read.All', 'dbb9058a-0e50-45d7-ae91-66909b5d4664'),
    ('Domain.ReadWrite.All', '7e05723c-0bb0-42da-be95-ae9f08a6e53c'),
    ('Domain-InternalFederation.Read.All', 'c0e5a7b0-e8b7-40a7-b8e0-8249e6ea81d5'),
    ('Domain-InternalFederation.ReadWrite.All', '64d40371-8d58-4270-bc8a-b4a66de36b9a'),
    ('Organization.Read.All', '498476ce-e0fe-48b0-b801-37ba7e2685c6'),
    ('Organization.ReadWrite.All', '292d869f-3427-49a8-9dab-8c70152b74e9'),
    ('CrossTenantInformation.ReadBasic.All', 'cac88765-0581-4025-9725-5ebc13f729ee'),
    ('AuditLog.Read.All', 'b0afded3-3588-46d8-8b3d-9842eff778da'),
    ('EntitlementManagement.Read.All', 'c74fd47d-ed3c-45c3-9a9e-b8676de685d2'),
    ('EntitlementManagement.ReadWrite.All', '9acd699f-1e81-4958-b001-93b1d2506e19')
    ) as role (name, id) on role.name = permission
    where a.tenant_id = v_tenant and a.service_principal_id is not null
    on conflict do nothing;
  end loop;
  perform set_config('vestibule.tenant', '', true);
end
$$;

-- The tenant of a client that does not say in which one it is (AD FS knows no tenants); null when there is none.
create or replace function applications_tenant_of(p_app_id uuid)
returns uuid language plpgsql volatile as $$
declare
  v_tenant uuid;
begin
  for v_tenant in select id from tenants where enabled order by id loop
    perform set_config('vestibule.tenant', v_tenant::text, true);
    if exists (select 1 from applications a
      where a.tenant_id = v_tenant and a.app_id = p_app_id and a.deleted_date_time is null) then
      return v_tenant;
    end if;
  end loop;
  return null;
end
$$;

-- The applications that somebody opens from My Apps: enabled, not hidden, with an address to open, and assigned to them
-- or to a group they are in directly. That an application asks for no assignment shows it to nobody (Entra: My Apps).
create or replace function applications_launched_by(p_tenant uuid, p_user uuid)
returns table (id uuid, name text, name_folded text, description text, url text, app_id uuid, application_id uuid)
language sql stable as $$
  select a.service_principal_id, a.display_name, a.display_name_folded,
    coalesce(nullif(a.principal_profile->>'description', ''), a.profile->>'description', ''), launch.url, a.app_id, a.id
  from (
    select distinct r.resource_id from app_role_assignments r
    where r.tenant_id = p_tenant and r.principal_id = any (array(
      select p_user union all select directory_direct_groups_of(p_tenant, p_user)))) assigned
  join applications a on a.tenant_id = p_tenant and a.service_principal_id = assigned.resource_id
  cross join lateral (
    select coalesce(nullif(a.principal_profile->>'loginUrl', ''), a.web->>'homePageUrl') as url) launch
  where a.account_enabled and not coalesce(a.principal_profile->'tags' ? 'HideApp', false)
    and launch.url ~* '^(https://|http://(localhost|127\.0\.0\.1|\[::1\])([:/?#]|$))'
$$;

-- The path of an application's logo (`logo-path.ts`), null when it has none.
create or replace function applications_logo_path(p_tenant uuid, p_id uuid)
returns text language sql stable as $$
  select '/assets/app-logos/' || a.tenant_id || '/' || a.app_id || '/' || left(encode(sha256(a.logo), 'hex'), 16)
  from applications a where a.tenant_id = p_tenant and a.id = p_id and a.logo is not null
$$;

-- Applications that somebody owns, themselves or their principal, by the principal.
create or replace function applications_owned_by(p_tenant uuid, p_user uuid)
returns table (id uuid, name text, name_folded text) language sql stable as $$
  select distinct a.service_principal_id, a.display_name, a.display_name_folded
  from application_owners o join applications a
    on a.tenant_id = p_tenant and (a.id = o.object_id or a.service_principal_id = o.object_id)
  where o.tenant_id = p_tenant and o.owner_id = p_user and a.service_principal_id is not null
$$;

-- People and groups that are assigned to an application, deleted ones too.
create or replace function applications_holders(p_tenant uuid, p_principal uuid)
returns setof uuid language sql stable as $$
  select distinct r.principal_id from app_role_assignments r where r.tenant_id = p_tenant and r.resource_id = p_principal
$$;
