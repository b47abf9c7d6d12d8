import t from 'tap'
import { reactions } from '../../src/app.js'
import { removeEndedGuests } from '../../src/directory/index.js'
import { type Reason, readDays, reasonOf } from '../../src/directory/stale-guests/rules.js'
import { updateTenant } from '../../src/tenants/index.js'
import { accepted, invited, signedIn } from '../attacks/scene.js'
import { startService } from '../support/service.js'

const DAY_MS = 86_400_000
const now = new Date('2026-11-21T10:00:00Z')
const past = new Date('2026-11-21T10:00:00Z')
const future = new Date('2026-11-21T10:00:00.001Z')

const reasons: [end: Date | null, state: string | null, reason: Reason][] = [
  [null, 'PendingAcceptance', 'neverRedeemed'],
  [null, 'Accepted', 'idle'],
  [past, 'Accepted', 'accessEnded'],
  [past, 'PendingAcceptance', 'accessEnded'],
  [future, 'PendingAcceptance', 'neverRedeemed'],
  [future, 'Accepted', 'idle'],
]

t.test('why a guest is stale: the first reason that holds', async (t) => {
  for (const [accessEndDateTime, externalUserState, reason] of reasons) {
    t.equal(reasonOf({ accessEndDateTime, externalUserState }, now), reason)
  }
})

t.test('days are whole numbers from 1 to 3650, 90 unless said', async (t) => {
  const cases: [string | undefined, number | undefined][] = [
    [undefined, 90],
    ['1', 1],
    ['3650', 3_650],
    ['0', undefined],
    ['3651', undefined],
    ['1.5', undefined],
    ['-1', undefined],
    ['', undefined],
  ]
  for (const [text, days] of cases) t.equal(readDays(text), days, String(text))
})

t.test('the report of stale guests', async (t) => {
  const service = await startService(t, { workers: false })
  const other = await service.otherTenant('fabrikam.example')
  await invited(service, 'never@partner.example')
  const gone = await invited(service, 'idle@partner.example')
  const ended = await invited(service, 'ended@partner.example')
  const back = await invited(service, 'back@partner.example')
  for (const who of [gone, ended, back]) await accepted(service, who)
  await service.rows(`update users set created_date_time = created_date_time - interval '40 days',
    external_user_state_change_date_time = external_user_state_change_date_time - interval '40 days'`)
  await service.rows(`update sessions set created_date_time = created_date_time - interval '40 days'`)
  await service.rows(`update past_sign_ins set last_date_time = last_date_time - interval '40 days'`)
  const endedAt = new Date(service.services.clock().getTime() - 20 * DAY_MS).toISOString()
  await service.api('PATCH', `/users/${ended.userId}`, { accessEndDateTime: endedAt })
  await invited(service, 'young@partner.example')
  const report = (query = '', options = {}) => service.api('GET', `/reports/staleGuests${query}`, undefined, options)
  const mails = (body: { value: { mail: string; reason: string }[] }) =>
    Object.fromEntries(body.value.map(({ mail, reason }) => [mail, reason]))

  await t.test('names each guest once, with the reason', async (t) => {
    const { status, body, text } = await report('?days=30')
    t.equal(status, 200, text)
    t.strictSame(mails(body), {
      'never@partner.example': 'neverRedeemed',
      'idle@partner.example': 'idle',
      'ended@partner.example': 'accessEnded',
      'back@partner.example': 'idle',
    })
    t.match(
      body.value.find(({ mail }: { mail: string }) => mail === 'idle@partner.example'),
      { id: gone.userId, lastSignInDateTime: /Z$/, externalUserState: 'Accepted' },
    )
    t.strictSame(mails((await report()).body), { 'ended@partner.example': 'accessEnded' }, 'nobody else for 90 days')
  })

  await t.test('forgets whoever comes again, also once that session is over', async (t) => {
    service.advance(31_000)
    const again = await invited(service, back.address)
    await signedIn(service, again)
    t.notOk(mails((await report('?days=30')).body)[back.address])
    await service.rows('delete from sessions')
    t.notOk(mails((await report('?days=30')).body)[back.address], 'what is left of the session counts')
  })

  await t.test('nor has it whose application goes on refreshing its tokens', async (t) => {
    const line = (days: number, outcome: string) => ({
      userId: gone.userId,
      method: 'refreshToken',
      outcome,
      now: new Date(Date.now() - days * DAY_MS).toISOString(),
      log: { identifier: 'x', provider: 'mail', applicationId: gone.userId },
    })
    const refreshed = (days: number, outcome = 'ok') =>
      service.rows(
        `select sign_in_log_lines('${service.tenantId}', array['${JSON.stringify(line(days, outcome))}'::jsonb])`,
      )
    await refreshed(35)
    t.equal(mails((await report('?days=30')).body)[gone.address], 'idle')
    await refreshed(4, 'reused')
    t.equal(mails((await report('?days=30')).body)[gone.address], 'idle', 'nobody is at work who gets no token')
    const { body } = await report('?days=30')
    const at = body.value.find(({ mail }: { mail: string }) => mail === gone.address).lastNonInteractiveSignInDateTime
    t.ok(Math.abs(Date.parse(at) - Date.now() + 4 * DAY_MS) < 60_000, at)
    await refreshed(5)
    t.notOk(mails((await report('?days=30')).body)[gone.address])
    await service.rows("delete from sign_ins where identifier = 'x'")
    t.notOk(mails((await report('?days=30')).body)[gone.address], 'also when the log has forgotten it')
    await service.rows('delete from last_refreshes')
  })

  await t.test('is filtered by the reason, and paged without losing its days', async (t) => {
    t.strictSame(mails((await report("?days=30&$filter=reason eq 'idle'")).body), { 'idle@partner.example': 'idle' })
    const seen: string[] = []
    let path: string | undefined = '/reports/staleGuests?days=30&$top=1'
    while (path !== undefined) {
      const { body }: { body: any } = await service.api('GET', path)
      seen.push(...body.value.map(({ mail }: { mail: string }) => mail))
      path = body['@odata.nextLink']?.split('/v1.0')[1]
    }
    t.strictSame(seen.sort(), ['ended@partner.example', 'idle@partner.example', 'never@partner.example'])
  })

  await t.test('is for who may read it, and knows nobody of another organization', async (t) => {
    t.strictSame((await report('?days=1', other)).body.value, [])
    t.equal((await report('', { token: await service.appToken(['User.Invite.All']) })).status, 403)
    const people = await service.appToken(['User.Read.All'])
    const { body } = await report('?days=30', { token: people })
    t.equal(body.value.length, 3)
    t.ok(
      body.value.every((guest: { lastSignInDateTime: unknown }) => guest.lastSignInDateTime === null),
      'when somebody came is for AuditLog.Read.All',
    )
    const asGuest = await service.userToken(gone.userId, ['User.Read.All', 'AuditLog.Read.All'])
    t.equal((await report('', { token: asGuest })).status, 403)
    t.equal((await service.api('GET', '/auditLogs/signIns', undefined, { token: asGuest })).status, 403)
    const admin = await service.userToken(service.adminId, ['AuditLog.Read.All'])
    t.equal((await report('', { token: admin })).status, 200)
    t.match((await report('?days=0')).body.error, { message: /^days: / })
  })

  await t.test('and those whose access ended are deleted when the organization says so', async (t) => {
    const { services, tenantId } = service
    const run = () => removeEndedGuests({ ...services, ...reactions })
    const keep = async (removeEndedAfterDays: number) => {
      await updateTenant(services.database.orm, tenantId, { settings: { removeEndedAfterDays } })
      services.tenants.forget(tenantId)
    }
    t.equal(await run(), 0, 'off unless it did')
    await keep(25)
    t.equal(await run(), 0, 'not before its days are over')
    await keep(15)
    t.equal(await run(), 1)
    t.equal(await run(), 0)
    t.equal((await service.api('GET', `/users/${ended.userId}`)).status, 404)
    t.equal((await service.api('GET', `/users/${gone.userId}`)).status, 200)
    t.match(await service.rows("select initiated_by from audit_events where activity_display_name = 'Delete user'"), [
      { initiated_by: { kind: 'service' } },
    ])
    t.equal((await service.api('POST', `/directory/deletedItems/${ended.userId}/restore`)).status, 200)
    const restored = await service.api('GET', `/users/${ended.userId}?$select=accessEndDateTime`)
    t.ok(new Date(restored.body.accessEndDateTime) < services.clock(), 'restored, they are still without access')
  })
})
