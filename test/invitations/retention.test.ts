import t from 'tap'
import { purgeAudit } from '../../src/audit/index.js'
import { purgeMails } from '../../src/invitations/index.js'
import { updateTenant } from '../../src/tenants/index.js'
import { startSchedules } from '../../workers/schedules.js'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'

const DAY_MS = 86_400_000

const countOf = async (service: TestService, table: string, tenantId?: string): Promise<number> =>
  (await service.rows(`select count(*)::int as n from ${table}`, tenantId))[0]?.['n']

async function keepAudit(service: TestService, auditRetentionDays: number | null, tenantId = service.tenantId) {
  await updateTenant(service.services.database.orm, tenantId, { settings: { auditRetentionDays } })
  service.services.tenants.forget(tenantId)
}

const sweepAudit = async (service: TestService, tenantId = service.tenantId) => {
  const tenant = await service.services.tenants.find(tenantId)
  return tenant ? purgeAudit(service.services, tenant) : 0
}

t.test('what an organization wants to keep no longer', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const other = await service.otherTenant('fabrikam.example')
  const wish = { invitedUserEmailAddress: 'bo@partner.example', inviteRedirectUrl: 'https://app.example' }
  await service.api('POST', '/invitations', wish, { token: other.token })
  await service.invite('ana@partner.example', { sendInvitationMessage: true })
  const [old, oldMails] = [await countOf(service, 'audit_events'), await countOf(service, 'invitation_mails')]
  t.ok(old > 0 && oldMails === 1)
  const ofOther = await countOf(service, 'audit_events', other.tenantId)
  t.ok(ofOther > 0)

  await t.test('is there on its last day, and gone on the next', async (t) => {
    service.advance(29.9 * DAY_MS)
    t.equal(await purgeMails(services, tenantId), 0)
    service.advance(0.2 * DAY_MS)
    t.equal(await purgeMails(services, tenantId), oldMails)
    t.equal(await countOf(service, 'invitation_mails'), 0)
    t.equal(await sweepAudit(service), 0)
    service.advance(59.8 * DAY_MS)
    t.equal(await sweepAudit(service), 0, '90 days, unless set')
    service.advance(0.2 * DAY_MS)
    t.equal(await sweepAudit(service), old)
    t.equal(await countOf(service, 'audit_events'), 0)
  })

  await t.test('goes in batches however much it is, oldest first, and leaves what is newer', async (t) => {
    const now = services.clock().getTime()
    const add = (count: number, ms: number) =>
      service.rows(`
        insert into audit_events (tenant_id, id, activity_date_time, activity_display_name, category,
          logged_by_service, result, initiated_by)
        select '${tenantId}', (lpad(to_hex(${Math.floor(ms)} + n), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
          now(), 'Add user', 'UserManagement', 'Core Directory', 'success', '{}'
        from generate_series(1, ${count}) n`)
    await add(2_500, now - 20 * DAY_MS)
    await add(10, now - 5 * DAY_MS)
    await keepAudit(service, 7)
    t.equal(await sweepAudit(service), 2_500)
    t.equal(await countOf(service, 'audit_events'), 10)
    await keepAudit(service, null)
    service.advance(1_000 * DAY_MS)
    t.equal(await sweepAudit(service), 0, 'for ever, when so set')
    t.equal(await countOf(service, 'audit_events'), 10)
  })

  await t.test('is its own: others keep theirs', async (t) => {
    t.equal(await countOf(service, 'audit_events', other.tenantId), ofOther)
    t.equal(await sweepAudit(service, other.tenantId), ofOther)
    t.equal(await countOf(service, 'audit_events'), 10)
  })

  await t.test('finds its rows by the primary key', async (t) => {
    await service.services.database.sql`analyze audit_events`
    const plan = await service.rows(`
      explain select id from audit_events
      where tenant_id = '${tenantId}' and id < '01a1fe1c-0000-7000-8000-000000000000' order by id limit 1000`)
    t.match(plan.map((line) => line['QUERY PLAN']).join('\n'), /Index Cond: .*tenant_id = .*id < /)
  })

  await t.test('waits for nobody', async (t) => {
    const ids = [services.newId(), services.newId()]
    for (const id of ids) {
      await service.rows(`
        insert into invitation_mails (tenant_id, id, invitation_id, recipient_folded, inviter_id, inviter_kind, state,
          state_date_time, created_date_time)
        values ('${tenantId}', '${id}', '${id}', 'bo@partner.example', '${id}', 'user', 'sent', now(), now())`)
    }
    service.advance(31 * DAY_MS)
    await services.database.sql.begin(async (tx) => {
      await tx`select set_config('vestibule.tenant', ${tenantId}, true)`
      await tx`select 1 from invitation_mails where id = ${ids[0] ?? ''} for update`
      t.equal(await purgeMails(services, tenantId), 1, 'what somebody works on is left for the next turn')
    })
    t.equal(await purgeMails(services, tenantId), 1)
  })
})

t.test('the schedule does all of it', async (t) => {
  const service = await startService(t, { workers: false })
  const { services } = service
  await service.invite('ana@partner.example', { sendInvitationMessage: true })
  const path = '/invitations'
  const wish = { invitedUserEmailAddress: 'bo@partner.example', inviteRedirectUrl: 'https://app.example' }
  await service.api('POST', path, wish, { headers: { 'idempotency-key': 'once' } })
  service.advance(91 * DAY_MS)
  const schedules = await startSchedules(services)
  t.teardown(() => Promise.all(schedules.map((schedule) => schedule.close())))
  for (const table of ['audit_events', 'invitation_mails', 'idempotency_keys']) {
    await until(async () => (await countOf(service, table)) === 0, `${table} is empty`)
  }
  t.equal(await countOf(service, 'invitations'), 2, 'invitations stay')
})
