-- A flow as its administrator set it up, whole: `read-flow.ts` puts it into words. Null when there is none.
-- Not in SQL, which would be planned anew in each transaction, and takes longer to plan than to run.
create or replace function user_flow_view(p_tenant uuid, p_flow uuid)
returns jsonb language plpgsql stable as $$
begin
  return (select jsonb_build_object(
    'id', f.name, 'isEnabled', f.is_enabled and policies_self_service_sign_up(p_tenant),
    'requiresApproval', f.requires_approval,
    'requestLifetimeDays', f.request_lifetime_days, 'termsOfUseUrl', f.terms_of_use_url, 'defaultLanguage', f.default_language,
    'postFederationSignup', f.post_federation_signup, 'postAttributeCollection', f.post_attribute_collection,
    'identityProviderIds', (
      select coalesce(jsonb_agg(p.provider_id order by p.position), '[]') from user_flow_providers p
      where p.tenant_id = p_tenant and p.flow_id = p_flow),
    'assignments', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'attributeId', a.attribute_id, 'displayName', coalesce(a.display_name, c.display_name),
        'description', c.description,
        'dataType', coalesce(c.data_type, 'string'), 'userInputType', a.user_input_type, 'isOptional', a.is_optional,
        'userAttributeValues', a.user_attribute_values, 'defaultValue', a.default_value, 'validation', a.validation)
        order by a.position), '[]')
      from user_flow_assignments a
      left join custom_attributes c on c.tenant_id = p_tenant and c.name_folded = lower(a.attribute_id)
      where a.tenant_id = p_tenant and a.flow_id = p_flow),
    'applicationIds', (
      select coalesce(jsonb_agg(a.app_id order by a.app_id), '[]') from user_flow_applications a
      where a.tenant_id = p_tenant and a.flow_id = p_flow),
    'disabledLanguages', (
      select coalesce(jsonb_agg(l.language), '[]') from user_flow_languages l
      where l.tenant_id = p_tenant and l.flow_id = p_flow and not l.is_enabled),
    'pages', (
      select coalesce(jsonb_agg(jsonb_build_object('language', w.language, 'content', w.content) order by w.page_id), '[]')
      from user_flow_pages w where w.tenant_id = p_tenant and w.flow_id = p_flow))
  from user_flows f where f.tenant_id = p_tenant and f.id = p_flow);
end
$$;

-- The flow of this id, which is folded.
create or replace function user_flow_named(p_tenant uuid, p_name text)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (select user_flow_view(p_tenant, f.id) from user_flows f where f.tenant_id = p_tenant and f.name_folded = p_name);
end
$$;

-- The flow that an application signs up by, by its client id.
create or replace function user_flow_of_client(p_tenant uuid, p_client uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select user_flow_view(p_tenant, a.flow_id) from user_flow_applications a
    where a.tenant_id = p_tenant and a.app_id = p_client);
end
$$;

-- Whether somebody decides about sign-ups of some flow: named themselves, or in a group of approvers, by way of others too,
-- or an administrator (Global, External ID User Flow) where a flow that wants a yes names nobody.
create or replace function user_flow_approves(p_tenant uuid, p_user uuid)
returns boolean language plpgsql stable as $$
begin
  if exists (select from user_flow_approvers where tenant_id = p_tenant and approver_id = p_user) then
    return true;
  end if;
  if exists (
      select from user_flows f where f.tenant_id = p_tenant and f.requires_approval
        and not exists (select from user_flow_approvers a where a.tenant_id = p_tenant and a.flow_id = f.id))
    and coalesce(directory_subject(p_tenant, p_user)->'directoryRoles'
      ?| array['62e90394-69f5-4237-9190-012177145e10', '6e591065-9bad-43ed-90f3-e9424366d2f0'], false) then
    return true;
  end if;
  -- Groups are looked through only where some flow has one.
  return exists (select from user_flow_approvers where tenant_id = p_tenant and approver_type = 'Group')
    and exists (
      select from directory_groups_of(p_tenant, p_user) g
      join user_flow_approvers a on a.tenant_id = p_tenant and a.approver_id = g.group_id);
end
$$;
