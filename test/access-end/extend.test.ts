import t from 'tap'
import { remindOfEnds, sendReminderMail } from '../../src/access-end/index.js'
import { passcodeOf } from '../../src/sign-in/index.js'
import { updateTenant } from '../../src/tenants/index.js'
import { accepted, altered, invited } from '../attacks/scene.js'
import { Guest } from '../support/guest.js'
import { lastingToken } from '../support/people.js'
import { startService, type TestService } from '../support/service.js'

const DAY_MS = 86_400_000
const ADMIN = 'admin@contoso.example'

async function endingIn(service: TestService, days: number, address = 'ana@partner.example') {
  const end = new Date(service.services.clock().getTime() + days * DAY_MS)
  const guest = await invited(service, address, {
    accessEndDateTime: end.toISOString(),
    invitedUserSponsors: [{ id: service.adminId }],
  })
  await accepted(service, guest)
  return guest
}

const reminders = async (service: TestService, to: string) =>
  (await service.mails(to)).filter(({ subject }) => /ends on/.test(subject))

async function codeFor(service: TestService, subject: string): Promise<string> {
  const [row] = await service.rows(`select id from passcodes where subject = '${subject}' order by id desc limit 1`)
  return passcodeOf(service.services.keys, service.tenantId, row?.['id'])
}

t.test('a reminder, and the extension it leads to', async (t) => {
  const service = await startService(t)
  const ana = await endingIn(service, 13)
  await endingIn(service, 5, 'short@partner.example')
  await invited(service, 'pending@partner.example', {
    accessEndDateTime: new Date(service.services.clock().getTime() + 13 * DAY_MS).toISOString(),
  })
  const remind = () => remindOfEnds(service.services)
  const endOf = async () =>
    (await service.rows(`select access_end_date_time as at from users where id = '${ana.userId}'`))[0]?.['at'] as Date

  const asked = await Promise.all([remind(), remind(), remind()])
  t.equal(
    asked.reduce((sum, count) => sum + count, 0),
    2,
    'one to the guest and one to the sponsor, however many ask at once',
  )
  t.equal(await remind(), 0)
  while ((await reminders(service, ADMIN)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
  while ((await reminders(service, ana.address)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
  const [toGuest] = await reminders(service, ana.address)
  t.match(toGuest?.text, 'whoever you work with')
  t.strictSame(toGuest?.links, [], 'a guest extends nothing')
  const [toSponsor] = await reminders(service, ADMIN)
  const link = toSponsor?.links.find((url) => url.includes('/access/extend?')) ?? ''
  t.ok(link)
  const before = await endOf()

  await t.test('opening the link changes nothing, and proves nobody', async (t) => {
    const scanner = new Guest()
    const page = await scanner.get(link)
    t.match(page, { status: 200, name: 'extend' })
    t.notMatch(page.html, ADMIN, 'the mailbox is masked')
    t.notMatch(page.html, ana.address, 'and so is the guest')
    await scanner.post(link, { action: 'extend' })
    t.strictSame(await endOf(), before, 'nor does pressing the button without the code')
  })

  await t.test('a link that was altered is none', async (t) => {
    const bo = await endingIn(service, 13, 'bo@partner.example')
    for (const change of [
      { guest: bo.userId },
      { sponsor: ana.userId },
      { key: 'A'.repeat(43) },
      { tenant: (await service.otherTenant('fabrikam.example')).tenantId },
    ]) {
      t.equal((await new Guest().get(altered(link, change))).status, 404, JSON.stringify(change))
    }
  })

  await t.test('with the code of the sponsor the button extends, once', async (t) => {
    const sponsor = new Guest()
    await sponsor.get(link)
    t.equal((await sponsor.post(link, { action: 'send' })).status, 303)
    t.equal((await sponsor.get(link)).name, 'code')
    t.equal((await sponsor.post(link, { code: '00000000' })).status, 422)
    t.strictSame(await endOf(), before)
    await sponsor.get(link)
    t.equal((await sponsor.post(link, { code: await codeFor(service, `extend ${ana.userId}`) })).status, 303)
    t.match((await sponsor.get(link)).html, 'Extend access')
    t.strictSame(await endOf(), before, 'proving who one is extends nothing')
    t.equal((await sponsor.post(link, { action: 'extend' }, {})).name, 'extended')
    const extended = await endOf()
    t.ok(Math.abs(extended.getTime() - service.services.clock().getTime() - 90 * DAY_MS) < 60_000)
    t.equal((await sponsor.post(link, { action: 'extend' })).status, 404, 'the link was for the old end')
    t.strictSame(await endOf(), extended)
    t.match(
      await service.rows(
        `select initiated_by from audit_events where target_id = '${ana.userId}' and activity_display_name = 'Update user' order by id desc limit 1`,
      ),
      [{ initiated_by: { kind: 'user', id: service.adminId } }],
    )
  })
})

t.test('who may not extend', async (t) => {
  const service = await startService(t)
  const { services, tenantId } = service
  await endingIn(service, 13)
  await remindOfEnds(services)
  while ((await reminders(service, ADMIN)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
  const link = (await reminders(service, ADMIN))[0]?.links[0] ?? ''

  await t.test('nobody, where the organization says so', async (t) => {
    await updateTenant(services.database.orm, tenantId, { settings: { accessExtensionDays: null } })
    services.tenants.forget(tenantId)
    const page = await new Guest().get(link)
    t.match(page.html, 'does not let sponsors extend')
    await updateTenant(services.database.orm, tenantId, { settings: { accessExtensionDays: 90 } })
    services.tenants.forget(tenantId)
  })

  await t.test('a sponsor who is none any more', async (t) => {
    t.equal((await new Guest().get(link)).status, 200)
    await service.rows('delete from user_sponsors')
    t.equal((await new Guest().get(link)).status, 404)
  })
})

t.test('both marks are reminded of, once each, and an end that was moved begins anew', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await endingIn(service, 20)
  const token = await lastingToken(service)
  const remind = () => remindOfEnds(service.services)
  const passing: [days: number, mails: number, what: string][] = [
    [5.9, 0, 'not before the fourteenth day'],
    [0.2, 2, 'then to guest and sponsor'],
    [6, 0, 'not in between'],
    [6.8, 0, 'nor on the day before the last'],
    [0.2, 2, 'on the last day once more'],
    [0.5, 0, 'once'],
    [1, 0, 'and not afterwards'],
  ]
  for (const [days, mails, what] of passing) {
    service.advance(days * DAY_MS)
    t.equal(await remind(), mails, what)
  }
  const later = new Date(service.services.clock().getTime() + 13.5 * DAY_MS).toISOString()
  const moved = await service.api('PATCH', `/users/${ana.userId}`, { accessEndDateTime: later }, { token })
  t.equal(moved.status, 204)
  t.equal(await remind(), 2, 'another end has reminders of its own')
  t.equal(await remind(), 0)
})

t.test('a mail whose matter has changed is not sent', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await endingIn(service, 1)
  t.equal(await remindOfEnds(service.services), 2)
  await service.api('PATCH', `/users/${ana.userId}`, { accessEndDateTime: null })
  const sent: string[] = []
  for (const row of await service.rows("select * from outbox where topic = 'access.mail'")) {
    const work = { id: row['id'], tenantId: row['tenant_id'], subjectId: row['subject_id'] }
    await sendReminderMail(
      {
        ...service.services,
        publicUrl: service.services.origins.publicUrl,
        mailFrom: service.services.config.mail.from,
        counted: (_kind, outcome) => sent.push(outcome),
      },
      { ...work, attempt: 1, failures: 0, createdAt: new Date().toISOString() },
    )
  }
  t.strictSame(sent, ['suppressed', 'suppressed'])
  t.equal((await service.rows("select 1 from outbox where topic = 'access.mail'")).length, 0)
})
