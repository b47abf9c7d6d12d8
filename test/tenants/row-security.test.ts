import t from 'tap'
import { subscribe } from '../notifications/subscription.js'
import { startReceiver } from '../support/receiver.js'
import { startService, type TestService } from '../support/service.js'

/** Tables that serve all tenants (design section 4). A new one needs a reason. */
const OUTSIDE = [
  'domains',
  'known_identities',
  'mailbox_messages',
  'notification_feeds',
  'outbox',
  'provider_state',
  'signing_keys',
]

/** What the directory and its neighbours keep their objects in, and what is written down of them. */
const RESOURCES = [
  'users',
  'user_sponsors',
  'user_identities',
  'groups',
  'group_members',
  'group_owners',
  'invitations',
  'invitation_mails',
  'applications',
  'app_role_assignments',
  'open_extensions',
  'directory_values',
  'subscriptions',
  'removed_objects',
  'removed_links',
  'audit_events',
]

/** Something in each of them, in the first organization alone. */
async function fillDirectory(service: TestService): Promise<void> {
  const receiver = await startReceiver(t)
  const { adminId } = service
  const tie = { '@odata.id': `x/directoryObjects/${adminId}` }
  const done = async (method: string, path: string, body?: unknown) => {
    const answer = await service.api(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const { id } = (await service.invite('bo@partner.example', { invitedUserSponsors: [{ id: adminId }] })).invitedUser
  await done('PATCH', `/users/${id}`, { streetAddress: 'Main Street 1', officeLocation: '4' })
  await done('POST', `/users/${id}/extensions`, { extensionName: 'com.contoso.x', a: 1 })
  const plain = { mailEnabled: false, mailNickname: 'team', securityEnabled: true, displayName: 'Team' }
  const group = await done('POST', '/groups', {
    ...plain,
    'members@odata.bind': [`x/users/${id}`],
    'owners@odata.bind': [`x/users/${adminId}`],
  })
  await done('POST', `/groups/${group.id}/members/$ref`, tie)
  await done('DELETE', `/groups/${group.id}/members/${adminId}/$ref`)
  const gone = await done('POST', '/groups', { ...plain, mailNickname: 'gone' })
  await done('DELETE', `/groups/${gone.id}`)
  await done('DELETE', `/directory/deletedItems/${gone.id}`)
  const application = await done('POST', '/applications', { displayName: 'Orders' })
  const principal = await done('POST', '/servicePrincipals', { appId: application.appId })
  const appRoleId = '00000000-0000-0000-0000-000000000000'
  await done('POST', `/users/${id}/appRoleAssignments`, { principalId: id, resourceId: principal.id, appRoleId })
  await subscribe(service, receiver, 'users')
  await done('POST', '/users', {
    accountEnabled: true,
    displayName: 'Cy',
    identities: [{ signInType: 'federated', issuer: 'partner.example', issuerAssignedId: 'cy' }],
  })
}

t.test('row security', async (t) => {
  const service = await startService(t, { workers: false })
  const { sql } = service.services.database
  const other = await service.otherTenant('fabrikam.example')
  await service.invite('ana@partner.example', { sendInvitationMessage: true })
  const locked = await sql<{ name: string; enabled: boolean; forced: boolean; policies: number }[]>`
    select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
      (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`

  await t.test('is forced on every table with a tenant, the named ones apart', async (t) => {
    t.strictSame(
      locked.filter(({ enabled }) => !enabled).map(({ name }) => name),
      OUTSIDE,
    )
    for (const { name, enabled, forced, policies } of locked.filter((table) => table.enabled)) {
      t.ok(enabled && forced, `${name} is forced`)
      t.equal(policies, 1, `${name} has one policy`)
    }
    t.ok(locked.length - OUTSIDE.length >= 10)
  })

  await t.test('every other table is known to have no tenant', async (t) => {
    const names = await sql<{ name: string }[]>`
      select c.relname as name from pg_class c
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
      order by 1`
    t.strictSame(
      names.map(({ name }) => name),
      ['tenants', 'vestibule_functions'],
    )
  })

  await t.test('every primary key leads with the tenant', async (t) => {
    const keys = await sql<{ name: string; first: string }[]>`
      select c.relname as name, a.attname as first from pg_index i
      join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where i.indisprimary order by 1`
    for (const { name, first } of keys) {
      if (['domains', 'mailbox_messages', 'outbox', 'tenants'].includes(name)) continue
      t.equal(first, 'tenant_id', name)
    }
  })

  await t.test('a query that forgets the tenant sees nothing and writes nothing', async (t) => {
    for (const { name } of locked.filter(({ enabled }) => enabled)) {
      t.match(await sql`select count(*)::int as n from ${sql(name)}`, [{ n: 0 }], name)
    }
    t.match(await service.rows('select count(*)::int as n from invitations'), [{ n: 1 }], 'although rows are there')
    t.equal((await sql`update invitations set status = 'revoked' returning 1`).length, 0)
    t.equal((await sql`delete from users returning 1`).length, 0)
    await t.rejects(
      sql`insert into mail_blocks values (${service.tenantId}, 'ana@partner.example', now())`,
      /row-level security/,
    )
  })

  await t.test('of no resource another tenant sees a row, where a query has lost its predicate', async (t) => {
    await fillDirectory(service)
    const held = new Set<string>()
    for (const { name } of locked.filter(({ enabled }) => enabled)) {
      const rows = await service.rows(`select distinct tenant_id::text as of from ${name}`)
      if (rows.length > 0) held.add(name)
      t.ok(
        rows.every((row) => row['of'] === service.tenantId),
        name,
      )
      const theirs = await service.rows(`select distinct tenant_id::text as of from ${name}`, other.tenantId)
      t.ok(
        theirs.every((row) => row['of'] === other.tenantId),
        `${name}, asked by the other`,
      )
    }
    for (const name of RESOURCES) t.ok(held.has(name), `${name} had something to see`)
  })

  await t.test('another tenant sees nothing, and cannot write into this one or move its rows here', async (t) => {
    for (const table of ['users', 'invitations', 'invitation_mails', 'audit_events', 'applications']) {
      const rows = await service.rows(`select * from ${table} where tenant_id = '${service.tenantId}'`, other.tenantId)
      t.equal(rows.length, 0, table)
    }
    await t.rejects(
      service.rows(
        `insert into mail_blocks values ('${service.tenantId}', 'x@partner.example', now())`,
        other.tenantId,
      ),
      /row-level security/,
    )
    await t.rejects(
      service.rows(`update users set tenant_id = '${service.tenantId}'`, other.tenantId),
      /row-level security/,
    )
  })

  await t.test('the setting ends with its transaction', async (t) => {
    await service.services.database.withTenant(service.tenantId, async () => {})
    // The pools are small: some of these run on the connection that was bound a moment ago.
    for (let turn = 0; turn < 20; turn++) t.match(await sql`select count(*)::int as n from users`, [{ n: 0 }])
    const rows = await service.services.database.orm.execute<{ n: number }>('select count(*)::int as n from users')
    t.match([...rows], [{ n: 0 }])
  })

  await t.test('the service is no role that row security does not bind', async (t) => {
    t.match(await sql`select rolsuper, rolbypassrls from pg_roles where rolname = current_user`, [
      { rolsuper: false, rolbypassrls: false },
    ])
  })
})
