import t from 'tap'
import { extensionUrl } from '../../src/access-end/link.js'
import { raiseVersion, updateTenant } from '../../src/tenants/index.js'
import { appFrom, askForSecondStep } from '../support/authenticator.js'
import { otherThan, startJourneys } from '../support/browser.js'
import { look } from '../support/look.js'

/**
 * Every page, on a desktop and a phone, light and dark: axe finds nothing serious, nothing scrolls sideways, the console
 * stays empty. With SCREENSHOTS=<folder> each is also kept as a picture, to be looked at.
 */
const { service, visitor, invite, landing } = await startJourneys(t, { domain: 'fabrikam.example' })

/** A doorway of 32 by 32 pixels. */
const LOGO =
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAMAAABEpIrGAAAABlBMVEX///8Lbl9ZPTbTAAAAHElEQVR42mNgGESAEQ0MXQXY2KMKRhWQp2AAAQAq7gDxoXaY6AAAAABJRU5ErkJggg=='

await service.services.database.withTenant(service.tenantId, async ({ orm }) => {
  await updateTenant(orm, service.tenantId, {
    privacyStatementUrl: 'https://fabrikam.example/privacy',
    contactAddress: 'guests@fabrikam.example',
    brandColour: '#0b6e5f',
    logo: { mediaType: 'image/png', base64: LOGO },
  })
  await raiseVersion(orm, service.tenantId)
})
service.services.tenants.forget(service.tenantId)
await service.api('PATCH', `/users/${service.adminId}`, { displayName: 'Nils Brandt' })
const token = await service.userToken(service.adminId, ['User.Invite.All'])

/** An invitation by a person, which reads differently from one by an application. */
async function inviteAs(address: string, wish: Record<string, unknown> = {}): Promise<string> {
  const body = { invitedUserEmailAddress: address, inviteRedirectUrl: `${landing.url}/welcome`, ...wish }
  const answer = await service.api('POST', '/invitations', body, { token })
  if (answer.status !== 201) throw new Error(`inviting answered ${answer.status}: ${answer.text}`)
  return answer.body.inviteRedeemUrl
}

t.test('from link to consent', async (t) => {
  // Looking takes its time, and a new code is to be had after thirty seconds.
  service.stopClock(t)
  const address = 'gcarvalho@proseware.example'
  const link = await inviteAs(address)
  const guest = await visitor(t)
  await guest.open(link)
  await look(t, guest, 'start')
  await guest.page.evaluate(() => {
    for (const details of Array.from(document.querySelectorAll('details'))) details.open = true
  })
  await look(t, guest, 'start-menus')
  await guest.open(link)
  const { code } = await guest.askForCode(address)
  await look(t, guest, 'code')
  await guest.enter(otherThan(code))
  await look(t, guest, 'code-wrong')
  await guest.press('Send a new code')
  await look(t, guest, 'limited')
  await guest.enter(code)
  await look(t, guest, 'consent')
  await guest.press('Decline')
  await look(t, guest, 'declined')
  await guest.open(link)
  await guest.press('Accept')

  const elsewhere = await visitor(t)
  await elsewhere.open(link)
  await look(t, elsewhere, 'start-return')
  await elsewhere.press(/^Send code/)
  await look(t, elsewhere, 'limited-without-code')

  await guest.open(await inviteAs('maria@relecloud.example'))
  await look(t, guest, 'wrong-account')
  t.strictSame([...guest.complaints, ...elsewhere.complaints], [])
})

t.test('an invitation by an application, right to left', async (t) => {
  const address = 'omar@proseware.example'
  const { link } = await invite(address)
  const guest = await visitor(t, undefined, { locale: 'ar' })
  await guest.open(link)
  await look(t, guest, 'ar-start')
  const { code } = await guest.askForCode(address)
  await guest.enter(otherThan(code))
  await look(t, guest, 'ar-code-wrong')
  await guest.enter(code)
  await look(t, guest, 'ar-consent')
  t.strictSame(guest.complaints, [])
})

t.test('a sponsor extends the access of a guest', async (t) => {
  const address = 'gcarvalho@proseware.example'
  const end = new Date(service.services.clock().getTime() + 10 * 86_400_000)
  const { userId } = await invite(address)
  await service.api('PATCH', `/users/${userId}`, { accessEndDateTime: end.toISOString(), displayName: 'Gil Carvalho' })
  const sponsors = { '@odata.id': `https://graph.microsoft.com/v1.0/users/${service.adminId}` }
  await service.api('POST', `/users/${userId}/sponsors/$ref`, sponsors)
  const named = { tenantId: service.tenantId, guestId: userId, sponsorId: service.adminId, end }
  const link = extensionUrl(service.baseUrl, service.services.keys, named)
  const { mail } = (await service.api('GET', `/users/${service.adminId}`)).body
  const sponsor = await visitor(t)
  t.equal((await sponsor.open(link)).name, 'extend')
  await look(t, sponsor, 'extend')
  const { code } = await sponsor.askForCode(mail)
  await sponsor.enter(code)
  await look(t, sponsor, 'extend-proved')
  t.match(await sponsor.press('Extend access'), { status: 200, name: 'extended' })
  await look(t, sponsor, 'extended')
  t.strictSame(sponsor.complaints, [])
})

t.test('links that lead no further', async (t) => {
  const guest = await visitor(t)
  const soon = new Date(service.services.clock().getTime() + 3_600_000).toISOString()
  const expiring = await inviteAs('late@proseware.example', { expiresDateTime: soon })
  const revoked = await invite('revoked@proseware.example')
  const disabled = await invite('disabled@proseware.example')
  const blocked = await inviteAs('ana@blocked.example')
  const ended = await invite('ended@proseware.example')
  const reset = await invite('reset@proseware.example')

  await guest.signIn(reset.link, 'reset@proseware.example')
  await guest.press('Accept')
  await service.api('POST', `/invitations/${revoked.id}/revoke`)
  await service.api('PATCH', `/users/${disabled.userId}`, { accountEnabled: false })
  await service.api('PATCH', `/users/${ended.userId}`, { accessEndDateTime: '2026-01-31T12:00:00Z' })
  const policy = '/policies/invitationDomainPolicy'
  await service.api('PUT', policy, { mode: 'blockList', domains: ['blocked.example'] })

  const other = await visitor(t)
  await other.signIn(await inviteAs('other@proseware.example'), 'other@proseware.example')
  t.equal((await other.open(reset.link)).name, 'used')
  await look(t, other, 'used')

  t.equal((await guest.open(revoked.link)).name, 'revoked')
  await look(t, guest, 'revoked')
  t.equal((await guest.open(disabled.link)).name, 'blocked')
  await look(t, guest, 'blocked-account')
  t.equal((await guest.open(ended.link)).name, 'blocked')
  await look(t, guest, 'blocked-ended')
  t.equal((await guest.open(blocked)).name, 'blocked')
  await look(t, guest, 'blocked-domain')
  await invite('reset@proseware.example', { resetRedemption: true, invitedUser: { id: reset.userId } })
  t.equal((await guest.open(reset.link)).name, 'revoked')
  await look(t, guest, 'reset')
  t.equal((await guest.open(`${service.baseUrl}/redeem?tenant=${service.tenantId}`)).name, 'error')
  await look(t, guest, 'error-link')
  t.equal((await guest.open(`${service.baseUrl}/nowhere`)).status, 404)
  await look(t, guest, 'error-missing')

  await other.open(expiring)
  await other.page.context().clearCookies()
  t.match(await other.press(/^Switch to/), { status: 403, name: 'error' })
  await look(t, other, 'error-stale')

  service.advance(2 * 3_600_000)
  t.teardown(() => service.advance(-2 * 3_600_000))
  t.equal((await guest.open(expiring)).name, 'expired')
  await look(t, guest, 'expired')
  t.strictSame([...guest.complaints, ...other.complaints], [])
})

t.test('codes that open nothing any more, and limits', async (t) => {
  const address = 'tired@proseware.example'
  const guest = await visitor(t)
  let moved = 0
  const advance = (ms: number) => {
    service.advance(ms)
    moved += ms
  }
  t.teardown(() => service.advance(-moved))
  await guest.open(await inviteAs(address))
  const { code } = await guest.askForCode(address)
  await guest.enter('1234')
  await look(t, guest, 'code-malformed')
  for (let turn = 0; turn < 5; turn++) await guest.enter(otherThan(code))
  t.match(await guest.text(), /too many|new code/i)
  await look(t, guest, 'code-used-up')
  advance(31_000)
  await guest.codeFrom(address, () => guest.press('Send a new code'))
  advance(31 * 60_000)
  await guest.enter(code)
  await look(t, guest, 'code-expired')
  for (let turn = 0; turn < 5; turn++) {
    await guest.codeFrom(address, () => guest.press('Send a new code'))
    advance(31_000)
  }
  t.match(await guest.press('Send a new code'), { status: 429, name: 'limited' })
  await look(t, guest, 'limited-window')
  t.strictSame([...guest.complaints], [])
})

t.test('what only the last step finds out, and what nobody expects', async (t) => {
  const address = 'shared@proseware.example'
  const first = await invite(address)
  const holder = await visitor(t)
  await holder.signIn(first.link, address)
  await holder.press('Accept')
  t.equal((await service.api('PATCH', `/users/${first.userId}`, { mail: 'moved@proseware.example' })).status, 204)
  const link = await inviteAs(address)
  service.advance(60_000)
  t.teardown(() => service.advance(-60_000))
  const guest = await visitor(t)
  await guest.signIn(link, address)
  t.match(await guest.press('Accept'), { status: 403, name: 'blocked' })
  await look(t, guest, 'blocked-identity')
  const arabic = await visitor(t, undefined, { locale: 'ar' })
  await arabic.page.context().addCookies(await guest.page.context().cookies())
  await arabic.open(link)
  await arabic.go(() => arabic.page.locator('button[name=choice][value=accept]').click())
  await look(t, arabic, 'ar-blocked-identity')

  const setEnabled = async (isEnabled: boolean) => {
    await service.rows(`update tenants set enabled = ${isEnabled} where id = '${service.tenantId}'`)
    service.services.tenants.forget(service.tenantId)
  }
  await setEnabled(false)
  t.match(await guest.open(link), { status: 403, name: 'blocked' })
  await look(t, guest, 'blocked-organization')
  await setEnabled(true)

  await service.rows('alter function redemption_views(uuid, jsonb) rename to redemption_views_away')
  const unlucky = await visitor(t)
  t.match(await unlucky.open(link), { status: 500, name: 'error' })
  await look(t, unlucky, 'error-fault')
  t.match(unlucky.complaints, [/status of 500/], 'which Chromium itself writes to the console')
  await service.rows('alter function redemption_views_away(uuid, jsonb) rename to redemption_views')
  t.strictSame([...guest.complaints, ...arabic.complaints], [])
})

t.test('stopping mails and taking it back', async (t) => {
  const address = 'blocker@proseware.example'
  const guest = await visitor(t)
  await guest.open(await inviteAs(address))
  await guest.page.getByText('Not you, or not your address?').click()
  await guest.press('block invitations from Fabrikam', 'link')
  await look(t, guest, 'block')
  await guest.press('Block invitations')
  await look(t, guest, 'block-unconfirmed')
  await guest.page.getByRole('checkbox').check()
  await guest.press('Block invitations')
  await look(t, guest, 'block-done')
  await guest.press('See or undo what you block', 'link')
  await look(t, guest, 'blocks-email')
  await guest.page.getByLabel('E-mail').fill('blocker@')
  await guest.press('Send code')
  await look(t, guest, 'blocks-email-malformed')
  await guest.page.getByLabel('E-mail').fill(address)
  const { code } = await guest.codeFrom(address, () => guest.press('Send code'))
  await guest.enter(code)
  await look(t, guest, 'blocks')
  await guest.press('Unblock Fabrikam')
  await look(t, guest, 'blocks-none')
  t.strictSame(guest.complaints, [])
})

t.test('the mailbox, the mails in it, and the reference', async (t) => {
  const address = 'inbox@proseware.example'
  const message = 'Welcome to the project.\nThe documents are in the shared folder.'
  const wish = { sendInvitationMessage: true, invitedUserMessageInfo: { customizedMessageBody: message } }
  const link = await inviteAs(address, wish)
  const [mail] = await service.waitForMails(address)
  const developer = await visitor(t)
  await developer.open(link)
  await developer.askForCode(address)

  await developer.open(`${service.baseUrl}/dev/mailbox`)
  await look(t, developer, 'mailbox')
  await developer.open(`${service.baseUrl}/dev/mailbox?to=nobody@proseware.example`)
  await look(t, developer, 'mailbox-empty')
  await developer.open(`${service.baseUrl}/dev/mailbox/messages/${mail?.id}`)
  const width = await developer.page
    .frameLocator('iframe')
    .locator('img')
    .evaluate((image: any) => image.naturalWidth)
  t.equal(width, 32, 'the logo is shown in the sandboxed frame')
  await look(t, developer, 'mailbox-message')
  await developer.open(`${service.baseUrl}/docs`)
  await look(t, developer, 'docs')
  t.strictSame(developer.complaints, [])
})

t.test('mails as a mail program shows them', async (t) => {
  const reader = await visitor(t)
  for (const messageLanguage of ['en', 'ar']) {
    const address = `${messageLanguage}@proseware.example`
    const wish = { sendInvitationMessage: true, invitedUserMessageInfo: { messageLanguage } }
    const link = await inviteAs(address, wish)
    const guest = await visitor(t, undefined, { locale: messageLanguage })
    await guest.open(link)
    await guest.askForCode(address)
    const mails = await service.waitForMails(address, 2)
    for (const { html, links } of mails) {
      await reader.page.setContent(html)
      await look(t, reader, `mail-${links.length > 0 ? 'invitation' : 'passcode'}-${messageLanguage}`)
    }
  }
  t.strictSame(reader.complaints, [])
})

t.test('the second step', async (t) => {
  await askForSecondStep(service)
  t.teardown(() => askForSecondStep(service, { isMfaRequired: false }))
  for (const locale of ['en', 'ar']) {
    const address = `second-${locale}@proseware.example`
    const link = await inviteAs(address)
    const guest = await visitor(t, undefined, { locale })
    t.equal((await guest.signIn(link, address)).name, 'mfa')
    await look(t, guest, `${locale}-mfa-enrol`)
    const app = appFrom(await guest.page.content())
    await guest.enter('123')
    await guest.page.evaluate(() => {
      for (const details of Array.from(document.querySelectorAll('details'))) details.open = true
    })
    await look(t, guest, `${locale}-mfa-enrol-malformed`)
    await guest.open(`${link}&with=fido2`)
    await look(t, guest, `${locale}-mfa-enrol-passkey`)
    await guest.open(link)
    await guest.enter(app.codeAt(service.services.clock()))
    await look(t, guest, `${locale}-mfa-recovery-codes`)

    // Another browser of the same person, some minutes later.
    service.advance(60_000)
    const again = await visitor(t, undefined, { locale })
    t.equal((await again.signIn(link, address)).name, 'mfa')
    await look(t, again, `${locale}-mfa-challenge`)
    await again.open(`${link}&with=recoveryCode`)
    for (let tries = 4; tries > 0; tries--) await again.enter('AAAAA-AAAAA')
    await look(t, again, `${locale}-mfa-recovery-wrong`)
    await again.enter('AAAAA-AAAAA')
    await look(t, again, `${locale}-mfa-limited`)
    t.strictSame([...guest.complaints, ...again.complaints], [])
  }
})
