-- Takes up one try of a password, before anybody looks whether it is right: limits hold under any burst, and what is
-- counted is counted whoever the address belongs to. One statement at a time for an address and for a network. `p_user`
-- is whose account it is, when that is known by something else than the address.
-- `isNoted`: whether a try that is limited is to be a line of the log, which as many are as were counted.
-- Limits: for an address 5 in 15 minutes from one network, 20 an hour and 100 a day from all of them (NIST SP 800-63B
-- section 3.2.2); for a network 30 an hour whatever the addresses.
create or replace function sign_in_password_begin(
  p_tenant uuid, p_now timestamptz, p_id uuid, p_issuers text[], p_user uuid, p_folded text, p_client text)
returns jsonb language plpgsql as $$
declare
  v_retry timestamptz;
  v_user uuid;
  v_noted uuid;
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  perform pg_advisory_xact_lock(k.key) from (
    select distinct hashtextextended(name, 0) as key
    from unnest(array['vestibule password of ' || p_folded, 'vestibule password from ' || p_client]) as name
    order by 1) k;
  select greatest(
    (select t.created_date_time + interval '15 minutes' from password_tries t
     where t.tenant_id = p_tenant and t.address_folded = p_folded and t.client_address = p_client
       and t.created_date_time > p_now - interval '15 minutes' order by t.created_date_time desc offset 4 limit 1),
    (select t.created_date_time + interval '1 hour' from password_tries t
     where t.tenant_id = p_tenant and t.address_folded = p_folded
       and t.created_date_time > p_now - interval '1 hour' order by t.created_date_time desc offset 19 limit 1),
    (select t.created_date_time + interval '1 day' from password_tries t
     where t.tenant_id = p_tenant and t.address_folded = p_folded
       and t.created_date_time > p_now - interval '1 day' order by t.created_date_time desc offset 99 limit 1),
    (select t.created_date_time + interval '1 hour' from password_tries t
     where t.tenant_id = p_tenant and t.client_address = p_client
       and t.created_date_time > p_now - interval '1 hour' order by t.created_date_time desc offset 29 limit 1))
  into v_retry;
  v_user := coalesce(p_user, directory_local_account(p_tenant, p_issuers, p_folded));
  if v_retry is not null then
    update password_tries set is_limit_noted = true where tenant_id = p_tenant and id = (
      select t.id from password_tries t
      where t.tenant_id = p_tenant and not t.is_limit_noted and t.created_date_time > p_now - interval '1 hour'
        and (t.address_folded = p_folded or t.client_address = p_client) limit 1)
    returning id into v_noted;
    return jsonb_build_object('outcome', 'limited', 'retryAt', v_retry, 'userId', v_user, 'isNoted', v_noted is not null);
  end if;
  insert into password_tries (tenant_id, id, address_folded, client_address, created_date_time)
  values (p_tenant, p_id, p_folded, p_client, p_now);
  return jsonb_build_object('outcome', 'counted', 'userId', v_user, 'hashSealed', (
    select encode(w.hash_sealed, 'hex') from local_passwords w where w.tenant_id = p_tenant and w.user_id = v_user));
end
$$;

-- Whose account an address names, and whether there is one.
create or replace function sign_in_local_account(p_tenant uuid, p_issuers text[], p_folded text)
returns uuid language plpgsql as $$
begin
  perform set_config('vestibule.tenant', p_tenant::text, true);
  return directory_local_account(p_tenant, p_issuers, p_folded);
end
$$;

-- Takes the proof of a mailbox that a browser gave for something, once: false when there is none, or it is too old.
create or replace function sign_in_proof_take(
  p_tenant uuid, p_now timestamptz, p_browser bytea, p_subject text, p_folded text, p_most interval)
returns boolean language plpgsql as $$
begin
  update passcodes set subject = 'taken'
  where tenant_id = p_tenant and address_folded = p_folded and used_date_time > p_now - p_most and id = (
    select c.id from passcodes c
    where c.tenant_id = p_tenant and c.browser_hash = p_browser and c.subject = p_subject
    order by c.id desc limit 1);
  return found;
end
$$;
