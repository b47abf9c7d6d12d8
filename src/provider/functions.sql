-- Everything a token says of somebody at one application, and whether they may have it: null when there is no such
-- person. `p_groups` is which of their groups are told: `all`, `assigned`, or none.
create or replace function provider_account(p_tenant uuid, p_user uuid, p_principal uuid, p_groups text)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return directory_subject(p_tenant, p_user) || directory_claims(p_tenant, p_user) || jsonb_build_object(
    'roleIds', array(select r from applications_roles_of(p_tenant, p_user, p_principal) r order by r),
    'groups', case p_groups
      when 'all' then array(select group_id from directory_groups_of(p_tenant, p_user) order by group_id)
      when 'assigned' then array(
        select g.group_id from directory_groups_of(p_tenant, p_user) g
        where exists (select 1 from app_role_assignments r where r.tenant_id = p_tenant
          and r.resource_id = p_principal and r.principal_id = g.group_id) order by g.group_id)
      else '{}' end,
    'consented', array(select distinct unnest(g.scopes) from permission_grants g
      where g.tenant_id = p_tenant and g.client_id = p_principal
        and (g.principal_id is null or g.principal_id = p_user)));
end
$$;

-- The live session of a browser, and how far its person has come; null without one.
create or replace function provider_session(p_tenant uuid, p_now timestamptz, p_handle bytea)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return (
    select s || jsonb_build_object('state', directory_subject(p_tenant, (s->>'userId')::uuid)->'state')
    from sign_in_live_session(p_tenant, p_now, p_handle) s);
end
$$;

-- Checks the code of somebody on their way to an application and, where it is right and the mailbox is an account's,
-- signs the browser in.
create or replace function provider_prove(
  p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text, p_code_hash bytea, p_session bytea,
  p_old_session bytea, p_ends timestamptz)
returns jsonb language plpgsql as $$
declare
  v_try jsonb;
  v_user uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  v_try := sign_in_passcode_try(p_tenant, p_now, p_browser, p_subject, p_code_hash);
  if v_try->>'outcome' <> 'ok' then
    return v_try;
  end if;
  v_user := directory_account_of_mail(p_tenant, v_try->>'folded');
  if v_user is null or not (directory_subject(p_tenant, v_user)->>'accountEnabled')::boolean then
    return v_try || '{"outcome": "noAccount"}';
  end if;
  perform sign_in_session_start(p_tenant, p_now, p_session, p_old_session, v_user, v_try->>'address', v_try->>'folded',
    'emailOneTimePasscode', p_ends);
  return v_try;
end
$$;

-- The invitation that somebody on their way to an application has still to accept; null when there is none.
create or replace function provider_open_invitation(p_tenant uuid, p_now timestamptz, p_user uuid)
returns jsonb language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return invitations_open_of(p_tenant, p_now, p_user);
end
$$;

-- What was agreed to for somebody who is gone for good.
create or replace function provider_forget_gone()
returns trigger language plpgsql as $$
begin
  delete from permission_grants g using gone where g.tenant_id = gone.tenant_id and g.principal_id = gone.id;
  return null;
end
$$;
create or replace trigger users_forget_permission_grants after delete on users referencing old table as gone
for each statement execute function provider_forget_gone();
