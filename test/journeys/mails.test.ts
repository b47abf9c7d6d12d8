import t from 'tap'
import { desktop, modes, phoneWithoutScripts, startJourneys } from '../support/browser.js'
import { startService } from '../support/service.js'

/** What mails lead to: the invitation from the mailbox page, the language of pages and codes, and no more mails. */
const { service, landing, visitor, invite } = await startJourneys(t)
const mailed = { sendInvitationMessage: true }
const both = [desktop, phoneWithoutScripts]
const deliveryOf = async (id: string) => (await service.api('GET', `/invitations/${id}`)).body.delivery

for (const [index, mode] of modes.entries()) {
  t.test(`${mode.name}: the mailbox shows the invitation, and its button opens the link`, async (t) => {
    const address = `mailbox${index}@partner.example`
    const customizedMessageBody = `Hello from the team. ${'AndOn'.repeat(40)}`
    await invite(address, { ...mailed, invitedUserMessageInfo: { customizedMessageBody } })
    const [mail] = await service.waitForMails(address)
    const developer = await visitor(t, mode)

    t.match(await developer.open(`${service.baseUrl}/dev/mailbox?to=${address}`), { status: 200, name: 'mailbox' })
    t.match(await developer.press(new RegExp(mail?.subject ?? 'no mail'), 'link'), { name: 'mailbox-message' })
    const body = developer.page.frameLocator('iframe').locator('body')
    t.match(await body.textContent(), 'Hello from the team.', 'the frame shows the mail itself')
    const overflow = await body.evaluate(
      ({ ownerDocument: { documentElement: all } }) => all.scrollWidth - all.clientWidth,
    )
    t.equal(overflow, 0, 'a word longer than a line is broken, else phones show the whole mail shrunk')
    const button = developer.page.getByRole('main').getByRole('link', { name: 'Open redeem link' })
    t.match(await developer.go(() => button.click()), { status: 200, name: 'start' })
    const { code } = await developer.askForCode(address)
    await developer.enter(code)
    t.equal((await developer.press('Accept')).url, `${landing.url}/welcome`)
    t.strictSame(developer.complaints, [])
  })
}

for (const [index, mode] of both.entries()) {
  t.test(`${mode.name}: the language a guest picks stays, for pages and for the code`, async (t) => {
    const address = `language${index}@partner.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode, { locale: 'fr-FR' })
    const language = () => guest.page.locator('html').getAttribute('lang')

    await guest.open(link)
    t.equal(await language(), 'fr', 'first what the browser asks for')
    await guest.page.locator('footer summary').click()
    await guest.press('Deutsch', 'link')
    t.equal(await language(), 'de')
    const kept = (await guest.page.context().cookies()).find(({ name }) => name === 'lang')
    t.match(kept, { value: 'de', path: '/', httpOnly: true, sameSite: 'Lax', secure: false })
    t.ok((kept?.expires ?? 0) > Date.now() / 1_000 + 360 * 86_400, 'for about a year')
    await guest.open(link)
    t.equal(await language(), 'de', 'also without lang in the address')
    t.match(await guest.askForCode(address), { step: { name: 'code', title: 'Geben Sie Ihren Code ein - Contoso' } })
    const [mail] = await service.mails(address)
    t.match(mail?.html, '<html lang="de"')

    await guest.page.locator('footer summary').click()
    await guest.press('العربية', 'link')
    t.equal(await guest.page.locator('html').getAttribute('dir'), 'rtl')
    t.equal(await guest.page.evaluate(() => getComputedStyle(document.body).direction), 'rtl')
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a guest blocks an organization's invitations, and takes it back after a code`, async (t) => {
    const address = `block${index}@partner.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.open(link)
    await guest.page.getByText('Not you, or not your address?').click()
    t.match(await guest.press('block invitations from Contoso', 'link'), { status: 200, name: 'block' })
    t.equal(await deliveryOf((await invite(address)).id), null, 'opening the page blocks nothing')
    t.match(
      await guest.press('Block invitations'),
      { status: 422, name: 'block' },
      'a form that is only submitted blocks nothing',
    )
    t.equal(await deliveryOf((await invite(address)).id), null)
    await guest.page.getByRole('checkbox').check()
    t.match(await guest.press('Block invitations'), { status: 200, name: 'block-done' })
    const blocked = await invite(address, mailed)
    t.match(await deliveryOf(blocked.id), { state: 'suppressed', reason: 'recipientBlocked' })

    t.match(await guest.press('See or undo what you block', 'link'), { status: 200, name: 'blocks' })
    await guest.page.getByLabel('E-mail').fill(address)
    const { result, code } = await guest.codeFrom(address, () => guest.press('Send code'))
    t.equal(result.name, 'code')
    t.match(await guest.enter(code), { status: 200, name: 'blocks' })
    t.match(await guest.text(), `We send no invitations from these organizations to ${address}. `)
    t.match(await guest.press('Unblock Contoso'), { status: 200, name: 'blocks' })
    t.match(await guest.text(), 'Invitations from Contoso reach you again.')

    await invite(address, mailed)
    const mails = await service.waitForMails(address, 2)
    t.strictSame(
      mails.map(({ links }) => links.length > 0),
      [true, false],
      'one invitation after one code',
    )
    t.strictSame(guest.complaints, [])
  })
}

t.test('one click in a mail program stops the invitations of an organization', async (t) => {
  const address = 'one-click@partner.example'
  await invite(address, mailed)
  const [mail] = await service.waitForMails(address)
  const raw = await (await fetch(`${service.baseUrl}/dev/mailbox/messages/${mail?.id}/raw`)).text()
  const headers = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, '')
  t.match(headers, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m)
  const target = /^List-Unsubscribe: *<([^>]+)>$/m.exec(headers)?.[1] ?? ''

  // RFC 8058 section 3.1: no cookies, no referrer, just this body.
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  const answer = await fetch(target, { method: 'POST', body, redirect: 'error' })
  t.equal(answer.status, 200)
  t.match(await deliveryOf((await invite(address, mailed)).id), { state: 'suppressed', reason: 'recipientBlocked' })

  const guest = await visitor(t)
  t.match(await guest.open(target), { status: 200, name: 'block' }, 'the same address asks first in a browser')
  t.strictSame(guest.complaints, [])
})

t.test('behind https the cookie of the language is Secure', async (t) => {
  const secure = await startService(t, {
    workers: false,
    env: { VESTIBULE_PUBLIC_URL: 'https://localhost:8443' },
  })
  const answer = await fetch(`${secure.baseUrl}/redeem?lang=ar`)
  t.strictSame(answer.headers.getSetCookie(), ['lang=ar; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax'])
  t.strictSame((await fetch(`${secure.baseUrl}/redeem?lang=xx`)).headers.getSetCookie(), [], 'no language of ours')
})

t.test('a policy violation or an error in the console does not go unnoticed', async (t) => {
  const { link } = await invite('watched@partner.example')
  const guest = await visitor(t)
  await guest.open(link)
  await guest.page.evaluate(() => document.body.setAttribute('style', 'color: red'))
  await guest.page.evaluate(() => console.error('an error'))
  t.match(guest.complaints, [/Content Security Policy/, /an error/])
})
