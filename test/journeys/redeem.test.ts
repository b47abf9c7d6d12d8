import t from 'tap'
import { modes, otherThan, startJourneys } from '../support/browser.js'

/** What one guest meets between the link and the landing page, however they browse. */
const { service, landing, visitor, invite } = await startJourneys(t)
const stateOf = async (id: string, userId: string) => {
  const invitation = await service.api('GET', `/invitations/${id}`)
  const user = await service.api('GET', `/users/${userId}?$select=externalUserState`)
  const events: string[] = invitation.body.history.map(({ event }: { event: string }) => event)
  return { status: invitation.body.status, guest: user.body.externalUserState, events }
}

for (const [index, mode] of modes.entries()) {
  const addressOf = (name: string) => `${name}${index}@partner.example`

  t.test(`${mode.name}: a guest accepts and lands where the invitation points`, async (t) => {
    const address = addressOf('accept')
    const { id, link, userId } = await invite(address)
    const guest = await visitor(t, mode)

    t.match(await guest.open(link), { status: 200, name: 'start', title: /^Contoso invites you/ })
    t.match(await guest.text(), landing.host)
    const { step, code } = await guest.askForCode(address)
    t.match(step, { status: 200, name: 'code', url: link })
    t.match(await guest.enter(code), { status: 200, name: 'consent', title: 'Join Contoso as a guest?' })
    t.match(await guest.text(), new RegExp(`Next page ${landing.host}`))
    t.strictSame(await stateOf(id, userId), {
      status: 'PendingAcceptance',
      guest: 'PendingAcceptance',
      events: ['invited'],
    })

    const landed = await guest.press('Accept')
    t.match(landed, { status: 200, url: `${landing.url}/welcome`, title: 'Landed' })
    t.equal(landing.visits.at(-1)?.headers.referer, undefined, 'the link stays between the guest and us')
    t.strictSame(await stateOf(id, userId), { status: 'Completed', guest: 'Accepted', events: ['invited', 'redeemed'] })
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a guest declines, and accepts later with the same link`, async (t) => {
    const address = addressOf('decline')
    const { id, link, userId } = await invite(address)
    const guest = await visitor(t, mode)

    t.equal((await guest.signIn(link, address)).name, 'consent')
    t.match(await guest.press('Decline'), { status: 200, name: 'declined' })
    t.match(await guest.text(), 'You declined the invitation')
    const declined = { status: 'PendingAcceptance', guest: 'PendingAcceptance', events: ['invited', 'declined'] }
    t.strictSame(await stateOf(id, userId), declined)

    t.equal((await guest.open(link)).name, 'consent')
    t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)
    t.match(await stateOf(id, userId), { status: 'Completed', guest: 'Accepted' })
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a wrong code is kept and counted, and the right one still works`, async (t) => {
    const address = addressOf('wrong')
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.open(link)
    const { code } = await guest.askForCode(address)

    const wrong = otherThan(code)
    t.match(await guest.enter(wrong), { status: 422, name: 'code', title: /^Error: / })
    t.match(await guest.text(), '4 tries left')
    const field = guest.page.getByLabel('Code')
    t.equal(await field.inputValue(), wrong)
    t.equal(await field.getAttribute('aria-invalid'), 'true')
    t.match(await guest.enter('1234'), { status: 422, name: 'code' })
    t.match(await guest.text(), 'The code in our mail has 8 digits', 'too short to count as a try')
    t.match(await guest.enter(wrong), { status: 422, name: 'code' })
    t.match(await guest.text(), '3 tries left')

    t.match(await guest.enter(`${code.slice(0, 4)} ${code.slice(4)}`), { status: 200, name: 'consent' })
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: five wrong tries use a code up, and a new one lets the guest go on`, async (t) => {
    const address = addressOf('used-up')
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.open(link)
    const { code } = await guest.askForCode(address)

    for (let tries = 4; tries > 0; tries--) {
      t.equal((await guest.enter(otherThan(code))).status, 422)
      t.match(await guest.text(), tries === 1 ? '1 try left' : `${tries} tries left`)
    }
    t.match(await guest.enter(otherThan(code)), { status: 422, name: 'code' })
    t.match(await guest.text(), 'all its tries are used up')
    t.match(await guest.enter(code), { status: 422, name: 'code' }, 'not even the right one')

    service.advance(31_000)
    const fresh = await guest.askForCode(address)
    t.match(await guest.enter(fresh.code), { status: 200, name: 'consent' })
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a code that came too late says so, and a new one lets the guest go on`, async (t) => {
    const address = addressOf('late')
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.open(link)
    const { code } = await guest.askForCode(address)

    service.advance(31 * 60_000)
    t.teardown(() => service.advance(-31 * 60_000))
    t.match(await guest.enter(code), { status: 422, name: 'code', title: /^Error: / })
    t.match(await guest.text(), 'its 30 minutes are over')
    const fresh = await guest.askForCode(address)
    t.match(await guest.enter(fresh.code), { status: 200, name: 'consent' })
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: an expired invitation says when, and whom to ask`, async (t) => {
    const inAnHour = new Date(service.services.clock().getTime() + 3_600_000).toISOString()
    const wish = { expiresDateTime: inAnHour, contactUrl: 'mailto:guests@contoso.example' }
    const { link } = await invite(addressOf('expired'), wish)
    const guest = await visitor(t, mode)
    t.equal((await guest.open(link)).name, 'start')

    service.advance(2 * 3_600_000)
    t.teardown(() => service.advance(-2 * 3_600_000))
    t.match(await guest.press(/^Send code/), { status: 410, name: 'expired' }, 'the open page sends nothing any more')
    t.match(await guest.open(link), { status: 410, name: 'expired', title: /^This invitation expired on / })
    t.match(await guest.text(), 'guests@contoso.example')
    t.strictSame(await service.mails(addressOf('expired')), [])
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a revoked invitation cannot be accepted, not even from an open page`, async (t) => {
    const address = addressOf('revoked')
    const { id, link, userId } = await invite(address)
    const guest = await visitor(t, mode)
    t.equal((await guest.signIn(link, address)).name, 'consent')

    t.equal((await service.api('POST', `/invitations/${id}/revoke`)).status, 204)
    t.match(await guest.press('Accept'), { status: 410, name: 'revoked', title: /^Contoso withdrew this invitation/ })
    t.match(await guest.open(link), { status: 410, name: 'revoked' })
    t.match(await stateOf(id, userId), { status: 'Revoked', guest: 'PendingAcceptance' })
    t.strictSame(guest.complaints, [])
  })
}
