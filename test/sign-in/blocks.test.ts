import t from 'tap'
import { passcodeOf } from '../../src/sign-in/index.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'

t.test('blocking an organization’s mails', async (t) => {
  const service = await startService(t)
  const { baseUrl, tenantId } = service
  const other = await service.otherTenant('fabrikam.example')
  const blocks = `${baseUrl}/signin/blocks?tenant=${tenantId}`
  const rows = async (address: string, tenant = tenantId) =>
    (await service.rows(`select * from mail_blocks where address_folded = '${address}'`, tenant)).length
  const linkFor = async (address: string) => {
    await service.invite(address, { sendInvitationMessage: true })
    const [mail] = await service.waitForMails(address)
    return mail?.links.find((url) => url.includes('/signin/block?')) ?? ''
  }
  async function proved(address: string): Promise<Guest> {
    const guest = new Guest()
    await guest.get(blocks)
    t.equal((await guest.post(blocks, { email: address })).status, 303)
    await guest.get(blocks)
    const [row] = await service.rows(
      `select id from passcodes where address_folded = '${address}' and subject = 'blocks' order by id desc limit 1`,
    )
    t.equal((await guest.post(blocks, { code: passcodeOf(service.services.keys, tenantId, row?.['id']) })).status, 303)
    return guest
  }

  await t.test('opening the link changes nothing; the button does', async (t) => {
    const address = 'ana@partner.example'
    const link = await linkFor(address)
    const guest = new Guest()
    const page = await guest.get(link)
    t.equal(page.name, 'block')
    t.match(page.html, 'a•••@partner.example')
    t.notMatch(page.html, address)
    t.equal(await rows(address), 0)
    const unticked = await guest.post(link, { action: 'block' })
    t.equal(unticked.name, 'block', 'a scanner that submits every form ticks no box')
    t.equal(await rows(address), 0)
    const done = await guest.post(link, { action: 'block', confirm: 'yes' })
    t.equal(done.status, 200)
    t.equal(done.name, 'block-done')
    t.equal(await rows(address), 1)
    t.match((await service.invite(address, { sendInvitationMessage: true })).delivery, {
      state: 'suppressed',
      reason: 'recipientBlocked',
    })
    await guest.post(link, { action: 'block' })
    t.equal(
      (await service.rows("select * from audit_events where activity_display_name = 'Email unsubscribed'")).length,
      1,
    )
  })

  await t.test('a form of another browser does not', async (t) => {
    const link = await linkFor('bo@partner.example')
    const answer = await new Guest().post(link, { action: 'block', confirm: 'yes', csrf: 'made-up' })
    t.equal(answer.status, 403)
    t.equal(await rows('bo@partner.example'), 0)
  })

  await t.test('a mail program blocks with one click, without cookies (RFC 8058)', async (t) => {
    const link = await linkFor('cy@partner.example')
    const response = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    t.equal(response.status, 200)
    t.equal(await rows('cy@partner.example'), 1)
  })

  await t.test('a link that was altered blocks nobody', async (t) => {
    const link = new URL(await linkFor('dee@partner.example'))
    const other = (await service.invite('eve@partner.example')).id
    for (const [name, value] of [
      ['key', 'x'.repeat(43)],
      ['invitation', other],
      ['tenant', service.adminId],
      ['key', ''],
    ] as const) {
      const altered = new URL(link)
      altered.searchParams.set(name, value)
      const response = await fetch(altered, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      })
      t.equal(response.status, 404, `${name}=${value.slice(0, 8)}`)
    }
    t.equal(
      (await service.rows('select * from mail_blocks')).filter(({ address_folded: at }) => /dee|eve/.test(at)).length,
      0,
    )
  })

  await t.test('the page of blocks lists and lifts them, after a code to the address', async (t) => {
    const address = 'finn@partner.example'
    await fetch(await linkFor(address), {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    await service.rows(`insert into mail_blocks values ('${other.tenantId}', '${address}', now())`, other.tenantId)
    const guest = await proved(address)
    const page = await guest.get(blocks)
    t.equal(page.name, 'blocks')
    t.match(page.html, 'Contoso')
    t.match(page.html, 'Fabrikam')
    const after = await guest.post(blocks, { unblock: tenantId })
    t.equal(after.status, 200)
    t.strictSame([await rows(address), await rows(address, other.tenantId)], [0, 1])
    t.equal(
      (await service.rows("select * from audit_events where activity_display_name = 'Email subscribed'")).length,
      1,
    )
    const sent = await service.invite(address, { sendInvitationMessage: true })
    t.notOk('delivery' in sent)
    const isInvitation = ({ links }: { links: string[] }) => links.some((url) => url.includes('/redeem?'))
    await until(async () => (await service.mails(address)).filter(isInvitation).length >= 2)
    t.equal((await service.mails(address)).filter(isInvitation).length, 2)
  })

  await t.test('without a code, or long after it, nothing is listed or lifted', async (t) => {
    const address = 'cy@partner.example'
    const stranger = new Guest()
    const page = await stranger.get(blocks)
    t.notMatch(page.html, 'cy@partner')
    t.equal((await stranger.post(blocks, { unblock: tenantId })).status, 303)
    t.equal(await rows(address), 1)

    const guest = await proved(address)
    t.match((await guest.get(blocks)).html, 'Contoso')
    service.advance(15 * 60_000 + 1_000)
    t.notMatch((await guest.get(blocks)).html, 'name="unblock"')
    await guest.post(blocks, { unblock: tenantId })
    t.equal(await rows(address), 1)
  })

  await t.test('asking for a code tells nothing about the address', async (t) => {
    const answers = []
    for (const email of ['cy@partner.example', 'nobody@elsewhere.example']) {
      service.advance(31_000)
      const guest = new Guest()
      await guest.get(blocks)
      const asked = await guest.post(blocks, { email })
      answers.push([asked.status, (await guest.get(blocks)).name])
    }
    t.strictSame(answers[0], answers[1])
    const guest = new Guest()
    await guest.get(blocks)
    t.equal((await guest.post(blocks, { email: 'not an address' })).status, 422)
  })

  await t.test('an unknown organization has no such page', async (t) => {
    t.equal((await new Guest().get(`${baseUrl}/signin/blocks?tenant=${service.adminId}`)).status, 404)
    t.equal((await new Guest().get(`${baseUrl}/signin/blocks`)).status, 404)
  })
})
