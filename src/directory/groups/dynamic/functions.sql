-- What a membership rule calls a property of the user `u` (rule-tree.ts). `_` is the item of a list. A directory
-- extension is looked up by its name, once a statement; one that is not defined any more has no values.
create or replace function directory_rule_column(p_property text)
returns text language plpgsql immutable as $$
begin
  if starts_with(p_property, 'extensionAttribute') then
    return format('(u.extension_attributes ->> %L)', p_property);
  elsif starts_with(p_property, 'extension_') then
    return format(
      '(u.extension_values ->> (select e.id::text from extension_properties e
         where e.tenant_id = nullif(current_setting(''vestibule.tenant'', true), '''')::uuid and e.name_folded = %L
           and e.target_objects @> array[''User''] and not e.is_multi_valued))', p_property);
  end if;
  return case p_property
    when '_' then 'item.value'
    when 'city' then 'u.city'
    when 'companyName' then 'u.company_name'
    when 'country' then 'u.country'
    when 'creationType' then 'u.creation_type'
    when 'department' then 'u.department'
    when 'displayName' then 'u.display_name'
    when 'employeeId' then 'u.employee_id'
    when 'externalUserState' then 'u.external_user_state'
    when 'givenName' then 'u.given_name'
    when 'jobTitle' then 'u.job_title'
    when 'mail' then 'u.mail'
    when 'mailNickName' then 'u.mail_nickname'
    when 'mobile' then 'u.mobile_phone'
    when 'objectId' then 'u.id::text'
    when 'physicalDeliveryOfficeName' then 'u.office_location'
    when 'postalCode' then 'u.postal_code'
    when 'preferredLanguage' then 'u.preferred_language'
    when 'state' then 'u.state'
    when 'streetAddress' then 'u.street_address'
    when 'surname' then 'u.surname'
    when 'telephoneNumber' then 'u.business_phones[1]'
    when 'usageLocation' then 'u.usage_location'
    when 'userPrincipalName' then 'u.user_principal_name'
    when 'userType' then 'u.user_type'
    when 'accountEnabled' then 'u.account_enabled'
    when 'otherMails' then 'coalesce(u.other_mails, case when u.creation_type = ''Invitation'' and u.mail is not null then array[u.mail] end)'
    when 'proxyAddresses' then 'case when u.mail is not null then array[''SMTP:'' || u.mail] end'
  end;
end
$$;

-- A membership rule as a condition on the user `u`, never null. Everything that came from the rule's text is a quoted
-- literal; names and operators are looked up.
create or replace function directory_rule_condition(p_rule jsonb)
returns text language plpgsql immutable as $$
declare
  v_op text := p_rule->>'op';
  v_column text;
  v_condition text;
begin
  case v_op
    when 'and', 'or' then
      select '(' || string_agg(directory_rule_condition(item), ' ' || v_op || ' ') || ')' into v_condition
      from jsonb_array_elements(p_rule->'items') as item;
    when 'not' then
      v_condition := '(not ' || directory_rule_condition(p_rule->'item') || ')';
    when 'any' then
      v_condition := 'exists (select 1 from unnest(' || directory_rule_column(p_rule->>'list') || ') as item (value) where '
        || directory_rule_condition(p_rule->'item') || ')';
    when 'all' then
      v_condition := 'not exists (select 1 from unnest(' || directory_rule_column(p_rule->>'list')
        || ') as item (value) where not ' || directory_rule_condition(p_rule->'item') || ')';
    else
      v_column := directory_rule_column(p_rule->>'property');
      v_condition := case v_op
        when 'null' then format('(%s is null)', v_column)
        when 'is' then format('coalesce(%s = %L::boolean, false)', v_column, p_rule->>'value')
        when 'eq' then format('coalesce(lower(%s) = lower(%L), false)', v_column, p_rule->>'value')
        when 'startsWith' then format('coalesce(starts_with(lower(%s), lower(%L)), false)', v_column, p_rule->>'value')
        when 'contains' then format('coalesce(position(lower(%L) in lower(%s)) > 0, false)', p_rule->>'value', v_column)
        when 'match' then format('coalesce(%s ~* %L, false)', v_column, p_rule->>'value')
        when 'in' then format('coalesce(lower(%s) in (%s), false)', v_column, (
          select string_agg(format('lower(%L)', value), ', ') from jsonb_array_elements_text(p_rule->'values') as value))
      end;
  end case;
  if v_condition is null then
    raise exception 'a membership rule holds what cannot be compiled: %', p_rule;
  end if;
  return v_condition;
end
$$;

-- Held by whoever changes users (shared) and whoever changes a rule or applies one to many users (alone): a user who
-- changes while a rule is being applied is seen by one of the two.
create or replace function directory_rules_lock(p_tenant uuid)
returns bigint language sql immutable as $$
  -- Cast by name: joined to a text, an id is not immutable, and then the planner does not see through.
  select hashtextextended('vestibule membership rules ' || p_tenant::text, 0)
$$;

create or replace function directory_lock_rules(p_tenant uuid)
returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(directory_rules_lock(p_tenant));
end
$$;

-- The groups whose rules are followed. In SQL, so that the planner sees through it.
create or replace function directory_ruled_groups(p_tenant uuid)
returns setof uuid language sql stable as $$
  select g.id from groups g where g.tenant_id = p_tenant and g.active_rule is not null and g.deleted_date_time is null
$$;

-- Brings the memberships of `p_users` in the dynamic groups `p_groups` up to date, in one statement.
create or replace function directory_apply_rules(p_tenant uuid, p_users uuid[], p_groups uuid[])
returns void language plpgsql as $$
declare
  v_verdicts text;
begin
  select string_agg(format('(%L::uuid, %s)', g.id, directory_rule_condition(g.active_rule)), ', ') into v_verdicts
  from groups g
  where g.tenant_id = p_tenant and g.active_rule is not null and g.deleted_date_time is null and g.id = any (p_groups);
  if v_verdicts is null then
    return;
  end if;
  execute
    'with judged as materialized (
       select verdict.group_id, u.id as user_id, verdict.matches
       from users u cross join lateral (values ' || v_verdicts || ') as verdict (group_id, matches)
       where u.tenant_id = $1 and u.id = any ($2) and u.deleted_date_time is null
     ), gone as (
       delete from group_members m using judged j
       where m.tenant_id = $1 and m.group_id = j.group_id and m.member_type = ''user'' and m.member_id = j.user_id
         and not j.matches
     )
     insert into group_members (tenant_id, group_id, member_type, member_id)
     select $1, j.group_id, ''user'', j.user_id from judged j where j.matches
     on conflict do nothing'
    using p_tenant, p_users;
end
$$;

-- The rules follow every statement that adds or changes users, whoever makes it. Without a dynamic group this is a lock
-- and a look into an empty index; a transaction that holds the lock and has looked says so in `vestibule.unruled`.
create or replace function directory_users_changed()
returns trigger language plpgsql as $$
declare
  v_tenant uuid := nullif(current_setting('vestibule.tenant', true), '')::uuid;
  -- By assignment, which is no query of its own.
  v_lock constant text := pg_advisory_xact_lock_shared(directory_rules_lock(v_tenant));
  v_groups uuid[];
  v_users uuid[];
begin
  select array_agg(id) into v_groups from directory_ruled_groups(v_tenant) id;
  if v_groups is not null then
    select array_agg(id) into v_users from changed where deleted_date_time is null;
    perform directory_apply_rules(v_tenant, v_users, v_groups);
  end if;
  return null;
end
$$;

create or replace trigger directory_rules_after_insert after insert on users
referencing new table as changed for each statement
when (current_setting('vestibule.unruled', true) is distinct from 'true') execute function directory_users_changed();

create or replace trigger directory_rules_after_update after update on users
referencing new table as changed for each statement execute function directory_users_changed();

-- Applies the rule of one group to the next `p_most` users after `p_after`. Returns the last one looked at, or null
-- when there are no more. The caller holds `directory_lock_rules`.
create or replace function directory_apply_rule_to_page(p_tenant uuid, p_group uuid, p_after uuid, p_most int)
returns uuid language plpgsql as $$
declare
  v_users uuid[];
begin
  select array_agg(page.id) into v_users from (
    select id from users where tenant_id = p_tenant and id > p_after order by id limit p_most) page;
  if v_users is null then
    return null;
  end if;
  perform directory_apply_rules(p_tenant, v_users, array[p_group]);
  return case when cardinality(v_users) = p_most then v_users[p_most] end;
end
$$;
