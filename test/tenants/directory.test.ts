import t, { type Test } from 'tap'
import { groupsOf, least, reference } from '../directory/groups/support.js'
import { startReceiver } from '../support/receiver.js'
import { startService } from '../support/service.js'

/** Where the directory keeps what belongs to one organization, and a statement that would change a row of it. */
const TABLES: Record<string, string> = {
  users: "set job_title = 'theirs'",
  user_other_mails: "set address_folded = 'theirs@fabrikam.example'",
  user_sponsors: 'set ordinal = 7',
  groups: "set description = 'theirs'",
  group_members: "set member_type = 'group'",
  group_owners: 'set owner_id = gen_random_uuid()',
  removed_objects: 'set removed_date_time = now()',
  removed_links: 'set removed_date_time = now()',
  search_positions: "set source = 'theirs'",
  subscriptions: "set client_state = 'theirs'",
  domain_claims: "set supported_services = '{Email}'",
}
const TAKEN_BACK = new Error('taken back')
const EVENTUAL = { consistencylevel: 'eventual' }

t.test('an organization does not learn of the directory of another', async (t) => {
  const service = await startService(t, { workers: false })
  const receiver = await startReceiver(t)
  const other = await service.otherTenant('fabrikam.example')
  const theirs = { token: other.token }
  const groups = groupsOf(service)
  const ask = (method: string, path: string, body?: unknown, headers = {}) =>
    service.api(method, path, body, { ...theirs, headers })

  const ana = await groups.guest('ana')
  await service.api('PATCH', `/users/${ana}`, { otherMails: ['ana@home.example'] })
  await service.api('POST', `/users/${ana}/sponsors/$ref`, reference(service.adminId))
  const team = await groups.make({
    displayName: 'secret team',
    uniqueName: 'team',
    'owners@odata.bind': [`x/users/${service.adminId}`],
  })
  await groups.add(team, ana)
  const left = await groups.guest('left')
  await groups.add(team, left)
  await groups.remove(team, left)
  const goneUser = await groups.guest('gone')
  await service.api('DELETE', `/users/${goneUser}`)
  const goneGroup = await groups.make({ displayName: 'gone team' })
  await service.api('DELETE', `/groups/${goneGroup}`)
  const purged = await groups.guest('purged')
  await service.api('DELETE', `/users/${purged}`)
  await service.api('DELETE', `/directory/deletedItems/${purged}`)
  await service.api('POST', '/domains', { id: 'claimed.example' })
  const wish = {
    changeType: 'updated,deleted',
    notificationUrl: `${receiver.origin}/changes`,
    resource: 'users',
    expirationDateTime: new Date(service.services.clock().getTime() + 3_600_000).toISOString(),
  }
  const made = await service.api('POST', '/subscriptions', wish)
  t.equal(made.status, 201, made.text)
  const subscription = made.body.id
  await service.rows(`insert into search_positions (tenant_id, source, changed_xid, object_id)
    values ('${service.tenantId}', 'users', '3', '${ana}')`)
  const ours = reference(ana)
  const theirTeam = (await ask('POST', '/groups', least('theirs'))).body.id

  const select = Object.keys(TABLES).map(
    (table) => `(select md5(string_agg(r::text, '|' order by r::text)) from ${table} r) as ${table}`,
  )
  /** Everything we have, by table. */
  const contents = async () => (await service.rows(`select ${select.join()}`))[0]
  /** What we have after they ran a statement; it is taken back then. */
  const contentsAfterTheir = async (statement: string) => {
    let after: unknown
    const { sql } = service.services.database
    await sql
      .begin(async (tx) => {
        await tx`select set_config('vestibule.tenant', ${other.tenantId}, true)`
        await tx.unsafe(statement)
        await tx`select set_config('vestibule.tenant', ${service.tenantId}, true)`
        after = (await tx.unsafe(`select ${select.join()}`))[0]
        throw TAKEN_BACK
      })
      .catch((error: unknown) => {
        if (error !== TAKEN_BACK) throw error
      })
    return after
  }
  /** Asked one by one: the answer is Graph's for what does not exist, and nothing of ours has changed. */
  const isNotThere = async (t: Test, asked: [method: string, path: string, body?: unknown][]) => {
    const before = await contents()
    for (const [method, path, body] of asked) {
      const answer = await ask(method, path, body)
      t.equal(answer.status, 404, `${method} ${path}: ${answer.text}`)
      t.notMatch(answer.text, /secret team|ana@|partner\.example/, 'says nothing of it')
    }
    t.strictSame(await contents(), before)
  }
  const idsIn = async (path: string, headers = {}) => {
    const { status, body, text } = await ask('GET', path, undefined, headers)
    t.equal(status, 200, text)
    return body.value.map(({ id }: { id: string }) => id)
  }

  await t.test('groups: not found, not listed, not counted', async (t) => {
    await isNotThere(t, [
      ['GET', `/groups/${team}`],
      ['GET', "/groups(uniqueName='team')"],
      ['PATCH', `/groups/${team}`, { description: 'theirs' }],
      ['PATCH', "/groups(uniqueName='team')", { description: 'theirs' }],
      ['DELETE', `/groups/${team}`],
      ['GET', `/directoryObjects/${team}`],
      ['DELETE', `/directoryObjects/${team}`],
    ])
    t.strictSame(await idsIn('/groups'), [theirTeam])
    t.strictSame(await idsIn(`/groups?$filter=id eq '${team}'`), [])
    t.strictSame(await idsIn('/groups?$search="displayName:secret"', EVENTUAL), [])
    t.equal((await ask('GET', '/groups/$count', undefined, EVENTUAL)).text, '1')
    const found = await ask('POST', '/directoryObjects/getByIds', { ids: [team, ana, theirTeam] })
    t.strictSame(
      found.body.value.map(({ id }: { id: string }) => id),
      [theirTeam],
    )
    const named = await ask('POST', '/groups', { ...least('named'), uniqueName: 'team' })
    t.equal(named.status, 201, 'a unique name is unique in one organization')
  })

  await t.test('memberships: neither seen nor made across', async (t) => {
    await isNotThere(t, [
      ['GET', `/groups/${team}/members`],
      ['GET', `/groups/${team}/transitiveMembers`],
      ['GET', `/groups/${team}/owners`],
      ['GET', `/users/${ana}/memberOf`],
      ['GET', `/users/${ana}/transitiveMemberOf`],
      ['POST', `/groups/${team}/members/$ref`, { '@odata.id': `x/users/${other.adminId}` }],
      ['DELETE', `/groups/${team}/members/${ana}/$ref`],
      ['POST', `/groups/${team}/owners/$ref`, { '@odata.id': `x/users/${other.adminId}` }],
      ['POST', `/groups/${theirTeam}/members/$ref`, ours],
      ['POST', `/groups/${theirTeam}/members/$ref`, { '@odata.id': `x/groups/${team}` }],
      ['POST', `/groups/${theirTeam}/owners/$ref`, ours],
      ['PATCH', `/groups/${theirTeam}`, { 'members@odata.bind': [`x/users/${ana}`] }],
      ['POST', '/groups', { ...least('no'), 'members@odata.bind': [`x/users/${ana}`] }],
      ['PUT', `/users/${other.adminId}/manager/$ref`, ours],
      ['POST', `/users/${other.adminId}/sponsors/$ref`, ours],
      ['GET', `/users/${ana}/sponsors`],
      ['POST', `/users/${ana}/checkMemberGroups`, { groupIds: [team] }],
    ])
    const asked = await ask('POST', `/users/${other.adminId}/checkMemberGroups`, { groupIds: [team] })
    t.strictSame(asked.body.value, [])
    const invited = await ask('POST', '/invitations', {
      invitedUserEmailAddress: 'bo@partner.example',
      inviteRedirectUrl: 'https://app.example',
      invitedUserGroups: [team],
    })
    t.ok(invited.status >= 400 && invited.status < 500, invited.text)
    t.strictSame(await groups.members(team), [ana])
  })

  await t.test('deleted items: neither listed nor restored nor purged', async (t) => {
    const item = (id: string) => `/directory/deletedItems/${id}`
    await isNotThere(
      t,
      [goneUser, goneGroup].flatMap((id): [string, string][] => [
        ['GET', item(id)],
        ['POST', `${item(id)}/restore`],
        ['DELETE', item(id)],
      ]),
    )
    for (const type of ['user', 'group'])
      t.strictSame(await idsIn(`/directory/deletedItems/microsoft.graph.${type}`), [])
  })

  await t.test('subscriptions: not there, and not told of what happens next door', async (t) => {
    const path = `/subscriptions/${subscription}`
    await isNotThere(t, [
      ['GET', path],
      ['PATCH', path, { expirationDateTime: wish.expirationDateTime }],
      ['DELETE', path],
      ['POST', `${path}/reauthorize`],
      ['GET', `${path}/deadLetters`],
      ['POST', '/subscriptions', { ...wish, resource: `users/${ana}` }],
      ['POST', '/subscriptions', { ...wish, resource: `groups/${team}/members` }],
    ])
    t.strictSame(await idsIn('/subscriptions'), [])
  })

  await t.test('changes: a delta tells of one organization, and its token is worth nothing in another', async (t) => {
    for (const set of ['users', 'groups']) {
      const here = (await service.api('GET', `/${set}/delta`)).body
      const there = (await ask('GET', `/${set}/delta`)).body
      const known = new Set(here.value.map(({ id }: { id: string }) => id))
      t.ok(known.size > 0)
      t.notOk(there.value.some(({ id }: { id: string }) => known.has(id)))
      const link = here['@odata.deltaLink'].replace(/^.*\/v1\.0/, '')
      t.equal((await ask('GET', link)).status, 400, set)
    }
  })

  await t.test('domains: a claim is not seen by others, who may claim the same name', async (t) => {
    await isNotThere(t, [
      ['GET', '/domains/claimed.example'],
      ['PATCH', '/domains/claimed.example', { isDefault: true }],
      ['GET', '/domains/claimed.example/verificationDnsRecords'],
      ['POST', '/domains/claimed.example/verify'],
      ['DELETE', '/domains/claimed.example'],
      ['GET', '/domains/contoso.example'],
      ['DELETE', '/domains/contoso.example'],
    ])
    t.strictSame(await idsIn('/domains'), ['fabrikam.example'])
    t.equal((await ask('POST', '/domains', { id: 'claimed.example' })).status, 201)
    t.equal((await ask('DELETE', '/domains/claimed.example')).status, 204)
    t.equal((await service.api('GET', '/domains/claimed.example')).status, 200)
  })

  // A statement without any predicate, as if a store had forgotten it: the database still knows whose it is.
  await t.test('row security holds where a statement forgets the tenant', async (t) => {
    const before = await contents()
    for (const [table, change] of Object.entries(TABLES)) {
      const mine = await service.rows(`select tenant_id from ${table}`)
      t.ok(mine.length > 0, `${table} has rows of ours`)
      t.ok(
        mine.every(({ tenant_id }) => tenant_id === service.tenantId),
        table,
      )
      const theirs = await service.rows(`select tenant_id from ${table}`, other.tenantId)
      t.ok(
        theirs.every(({ tenant_id }) => tenant_id === other.tenantId),
        `${table} shows them their own`,
      )
      for (const statement of [`update ${table} ${change}`, `delete from ${table}`]) {
        t.strictSame(await contentsAfterTheir(statement), before, statement)
      }
      const named = `where tenant_id = '${service.tenantId}' returning 1`
      t.equal((await service.rows(`update ${table} ${change} ${named}`, other.tenantId)).length, 0, `${table} is kept`)
      t.equal(
        (await service.rows(`delete from ${table} ${named}`, other.tenantId)).length,
        0,
        `${table} is not emptied`,
      )
    }
    t.strictSame(await contents(), before)
  })

  await t.test('row security lets nobody put rows into another organization', async (t) => {
    const id = "'00000000-0000-4000-8000-000000000001'"
    const mine = `'${service.tenantId}'`
    const before = await contents()
    for (const [table, columns, values] of [
      ['group_members', 'group_id, member_type, member_id', `'${team}', 'user', '${other.adminId}'`],
      ['group_owners', 'group_id, owner_id', `'${team}', '${other.adminId}'`],
      ['domain_claims', 'name, created_at', "'put.example', now()"],
      [
        'groups',
        'id, display_name, mail_enabled, mail_nickname, security_enabled, created_date_time, renewed_date_time',
        `${id}, 'x', false, 'x', true, now(), now()`,
      ],
    ]) {
      const statement = `insert into ${table} (tenant_id, ${columns}) values (${mine}, ${values})`
      await t.rejects(service.rows(statement, other.tenantId), /row-level security/, `nothing is put into ${table}`)
    }
    for (const table of ['groups', 'domain_claims', 'users']) {
      if (table === 'domain_claims') await ask('POST', '/domains', { id: 'moving.example' })
      await t.rejects(
        service.rows(`update ${table} set tenant_id = ${mine}`, other.tenantId),
        /row-level security/,
        `${table} is not moved here`,
      )
    }
    t.strictSame(await contents(), before)
  })
})
