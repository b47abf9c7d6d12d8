import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

t.test('when somebody signed in last', async (t) => {
  const service = await startService(t)
  const { api } = service
  const { invitedUser, inviteRedeemUrl } = await service.invite('ana@partner.example')
  const { id } = invitedUser
  const never = (await service.invite('bo@partner.example')).invitedUser.id
  const path = `/users/${id}?$select=id,signInActivity`
  const last = async () => (await api('GET', path)).body.signInActivity?.lastSignInDateTime

  await t.test('nothing before the first time', async (t) => {
    t.equal((await api('GET', path)).body.signInActivity, null)
  })

  const before = Date.now()
  await new Guest().accept(service, inviteRedeemUrl, 'ana@partner.example')
  const first = await last()
  await t.test('the beginning of the session', async (t) => {
    const { body } = await api('GET', path)
    const [line] = (await api('GET', `/auditLogs/signIns?$filter=userId eq '${id}'`)).body.value
    t.ok(Math.abs(Date.parse(first) - before) < 60_000, first)
    t.strictSame(body.signInActivity, {
      lastSignInDateTime: first,
      lastSignInRequestId: line.id,
      lastNonInteractiveSignInDateTime: null,
      lastNonInteractiveSignInRequestId: null,
      lastSuccessfulSignInDateTime: first,
      lastSuccessfulSignInRequestId: line.id,
    })
    holdAgainst(t, 'microsoft.graph.user', body)
    const list = await api('GET', '/users?$select=id,signInActivity')
    const found = new Map(list.body.value.map((user: any) => [user.id, user.signInActivity]))
    t.match(found.get(id), { lastSignInDateTime: first })
    t.equal(found.get(never), null)
    t.notOk('signInActivity' in (await api('GET', `/users/${id}`)).body)
  })

  await t.test('outlives the session, and never goes back', async (t) => {
    t.equal((await api('POST', `/users/${id}/revokeSignInSessions`)).status, 200)
    t.equal((await service.rows(`select 1 from sessions where user_id = '${id}'`)).length, 0)
    t.equal(await last(), first)
    await service.rows(`insert into sessions (tenant_id, handle_hash, user_id, address_folded, address,
      authentication_method, created_date_time, expires_date_time)
      values ('${service.tenantId}', 'old', '${id}', 'a', 'a', 'x', '2020-01-01', '2020-01-02') returning 1`)
    await service.rows(`delete from sessions where user_id = '${id}' returning 1`)
    t.equal(await last(), first)
  })

  await t.test('is for those who may read the log', async (t) => {
    const token = await service.appToken(['User.Read.All'])
    const { status, body } = await api('GET', path, undefined, { token })
    t.equal(status, 403)
    t.match(body.error, {
      code: 'Authentication_MSGraphPermissionMissing',
      message: 'Calling principal does not have required MSGraph permissions AuditLog.Read.All',
    })
    t.equal((await api('GET', `/users/${id}?$select=id`, undefined, { token })).status, 200)
    const both = await service.appToken(['User.Read.All', 'AuditLog.Read.All'])
    t.equal((await api('GET', path, undefined, { token: both })).status, 200)
  })

  await t.test('is filtered by, whether the session is over or not', async (t) => {
    const begun = async (user: string, handle: string, at: string) =>
      service.rows(`insert into sessions (tenant_id, handle_hash, user_id, address_folded, address,
        authentication_method, created_date_time, expires_date_time)
        values ('${service.tenantId}', '${handle}', '${user}', 'a', 'a', 'x', '${at}', '${at}') returning 1`)
    const cleo = (await service.invite('cleo@partner.example')).invitedUser.id
    await begun(cleo, 'past', '2024-01-01T00:00:00Z')
    await service.rows(`delete from sessions where user_id = '${cleo}' returning 1`)
    // Twice, of which only the last counts; the fraction of a second is not shown.
    await begun(cleo, 'first', '2024-02-01T00:00:00Z')
    await begun(cleo, 'last', '2024-03-01T10:20:30.5Z')
    const dora = (await service.invite('dora@partner.example')).invitedUser.id
    await begun(dora, 'gone', '2024-02-15T00:00:00Z')
    await service.rows(`delete from sessions where user_id = '${dora}' returning 1`)
    // Refreshed after her last sign-in; refused after it, for a token that had been used; by an application only.
    const refreshes: [user: string, last: string, succeeded: string | null][] = [
      [cleo, '2024-04-01T00:00:00Z', '2024-04-01T00:00:00Z'],
      [dora, '2024-05-01T00:00:00Z', null],
      [never, '2023-04-01T00:00:00Z', '2023-04-01T00:00:00Z'],
    ]
    for (const [user, last, succeeded] of refreshes) {
      const at = succeeded === null ? 'null, null' : `'${succeeded}', gen_random_uuid()`
      await service.rows(`insert into last_refreshes values
        ('${service.tenantId}', '${user}', '${last}', gen_random_uuid(), ${at}) returning 1`)
    }
    const people = new Map([
      [id, 'ana'],
      [never, 'bo'],
      [cleo, 'cleo'],
      [dora, 'dora'],
      [service.adminId, 'admin'],
    ])
    const list = (filter: string, rest = '', options = {}) =>
      api('GET', `/users?$select=id&$filter=${encodeURIComponent(filter)}${rest}`, undefined, options)
    const cases: [filter: string, found: string[]][] = [
      ['signInActivity/lastSignInDateTime le 2024-01-15T00:00:00Z', []],
      ['signInActivity/lastSignInDateTime le 2024-02-20T00:00:00Z', ['dora']],
      ['signInActivity/lastSignInDateTime le 2024-03-01T10:20:30Z', ['cleo', 'dora']],
      ['signInActivity/lastSignInDateTime lt 2024-03-01T10:20:30Z', ['dora']],
      ['signInActivity/lastSignInDateTime ge 2024-03-01T10:20:30Z', ['ana', 'cleo']],
      ['signInActivity/lastSignInDateTime gt 2024-03-01T10:20:30Z', ['ana']],
      ['signInActivity/lastSignInDateTime eq 2024-03-01T10:20:30Z', ['cleo']],
      ['signInActivity/lastSignInDateTime ne 2024-03-01T10:20:30Z', ['admin', 'ana', 'bo', 'dora']],
      ['not(signInActivity/lastSignInDateTime ge 2024-03-01)', ['admin', 'bo', 'dora']],
      ['signInActivity/lastSuccessfulSignInDateTime le 2024-02-20T00:00:00Z', ['bo', 'dora']],
      ['signInActivity/lastSuccessfulSignInDateTime le 2024-03-01T10:20:30Z', ['bo', 'dora']],
      ['signInActivity/lastSuccessfulSignInDateTime eq 2024-04-01T00:00:00Z', ['cleo']],
      ['signInActivity/lastSuccessfulSignInDateTime eq 2023-04-01T00:00:00Z', ['bo']],
      ['signInActivity/lastNonInteractiveSignInDateTime ge 2000-01-01T00:00:00Z', ['bo', 'cleo', 'dora']],
      ['signInActivity/lastNonInteractiveSignInDateTime gt 2024-04-01T00:00:00Z', ['dora']],
      ['signInActivity/lastNonInteractiveSignInDateTime le 2024-04-01T00:00:00Z', ['bo', 'cleo']],
      ['not(signInActivity/lastNonInteractiveSignInDateTime ge 2024-01-01)', ['admin', 'ana', 'bo']],
      [
        'signInActivity/lastSignInDateTime ge 2024-02-01 and signInActivity/lastSignInDateTime le 2024-04-01',
        ['cleo', 'dora'],
      ],
    ]
    for (const [filter, found] of cases) {
      const { status, body, text } = await list(filter)
      t.equal(status, 200, text)
      t.strictSame(body.value.map((user: any) => people.get(user.id)).sort(), found, filter)
    }

    const first = await list('signInActivity/lastSignInDateTime ge 2024-01-01', '&$top=2')
    const rest = await api('GET', first.body['@odata.nextLink'].split('/v1.0')[1])
    t.strictSame([...first.body.value, ...rest.body.value].map((user: any) => people.get(user.id)).sort(), [
      'ana',
      'cleo',
      'dora',
    ])

    const beside = await list("signInActivity/lastSignInDateTime le 2024-02-20T00:00:00Z and userType eq 'Guest'")
    t.equal(beside.status, 400)
    t.match(beside.body.error, {
      code: 'Request_UnsupportedQuery',
      message: "Unsupported or invalid query filter clause specified for property 'signInActivity' of resource 'User'.",
    })
    t.equal((await list('signInActivity/lastSignInRequestId eq null')).status, 400)

    const without = await service.appToken(['User.Read.All', 'GroupMember.Read.All'])
    for (const path of ['/users', '/users/$count', `/users/${id}/sponsors/microsoft.graph.user`]) {
      const url = `${path}?$count=true&$filter=signInActivity/lastSignInDateTime le 2024-02-20T00:00:00Z`
      const { status, body } = await api('GET', url, undefined, {
        token: without,
        headers: { consistencylevel: 'eventual' },
      })
      t.equal(status, 403, `${path}: a filter would tell what may not be read`)
      t.equal(body.error.code, 'Authentication_MSGraphPermissionMissing')
    }

    const other = await service.otherTenant('fabrikam.example')
    const foreign = await list('signInActivity/lastSignInDateTime ge 2024-01-01', '', { token: other.token })
    t.strictSame(foreign.body.value, [], 'of this organization only')
  })

  await t.test('comes in pages of at most 500', async (t) => {
    await service.rows(`insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, user_type, created_date_time)
      select '${service.tenantId}', ('01980000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'u' || n, 'U',
        n || '@many.example', n || '@many.example', 'Guest', now() from generate_series(1, 510) n returning 1`)
    const pageOf = async (query: string) => (await api('GET', `/users?$top=999&${query}`)).body
    const page = await pageOf('$select=id,signInActivity')
    t.equal(page.value.length, 500)
    const next = String(page['@odata.nextLink']).split('/v1.0')[1] ?? ''
    t.equal((await api('GET', next)).body.value.length, (await pageOf('$select=id')).value.length - 500)
    t.equal((await api('GET', '/users?$top=7&$select=id,signInActivity')).body.value.length, 7)
    const filter = encodeURIComponent('signInActivity/lastSignInDateTime ge 2000-01-01T00:00:00Z')
    await service.rows(`insert into sessions (tenant_id, handle_hash, user_id, address_folded, address,
      authentication_method, created_date_time, expires_date_time)
      select tenant_id, id::text::bytea, id, 'a', 'a', 'x', now(), now() from users where mail like '%@many.example' returning 1`)
    t.equal((await pageOf(`$select=id&$filter=${filter}`)).value.length, 500, 'under a filter by it too')
  })

  await t.test('goes with somebody who is removed for good', async (t) => {
    t.equal((await service.rows(`select 1 from last_refreshes where user_id = '${never}'`)).length, 1)
    for (const user of [id, never]) {
      await api('DELETE', `/users/${user}`)
      t.equal((await api('DELETE', `/directory/deletedItems/${user}`)).status, 204)
    }
    for (const [table, user] of [
      ['past_sign_ins', id],
      ['last_refreshes', never],
    ]) {
      t.equal((await service.rows(`select 1 from ${table} where user_id = '${user}'`)).length, 0, table)
    }
  })
})
