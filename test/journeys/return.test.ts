import t from 'tap'
import { desktop, phoneWithoutScripts, startJourneys } from '../support/browser.js'

/** Links that were used before, or that meet somebody else than the invited guest. */
const { service, landing, visitor, invite } = await startJourneys(t)
const both = [desktop, phoneWithoutScripts]

for (const [index, mode] of both.entries()) {
  t.test(`${mode.name}: whoever accepted goes straight on while signed in, and signs in first when not`, async (t) => {
    const address = `again${index}@partner.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.signIn(link, address)
    await guest.press('Accept')
    t.match(await guest.open(link), { status: 200, url: `${landing.url}/welcome` })

    service.advance(31_000)
    const elsewhere = await visitor(t, mode)
    t.match(await elsewhere.open(link), { status: 200, name: 'start', title: 'Sign in to Contoso' })
    t.notMatch(await elsewhere.text(), /invite|accept/i, 'nobody is invited twice')
    const { code } = await elsewhere.askForCode(address)
    const visits = landing.visits.length
    t.match(await elsewhere.enter(code), { status: 200, url: `${landing.url}/welcome` })
    t.equal(landing.visits.length, visits + 1)
    t.strictSame([...guest.complaints, ...elsewhere.complaints], [])
  })

  t.test(`${mode.name}: a guest who is limited can still type the newest code and be led straight on`, async (t) => {
    service.stopClock(t)
    const address = `limited-again${index}@partner.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.signIn(link, address)
    await guest.press('Accept')

    service.advance(31_000)
    const elsewhere = await visitor(t, mode)
    await elsewhere.open(link)
    const { code } = await elsewhere.askForCode(address)
    const limited = await elsewhere.press('Send a new code')
    t.match(limited, { status: 429, name: 'limited' })
    t.ok(Number(limited.headers['retry-after']) > 0 && Number(limited.headers['retry-after']) <= 30)
    t.match(await elsewhere.enter(code), { status: 200, url: `${landing.url}/welcome` })
    t.strictSame([...guest.complaints, ...elsewhere.complaints], [])
  })

  t.test(
    `${mode.name}: a link opened in somebody else's browser names both addresses and offers the switch`,
    async (t) => {
      const [first, second] = [`first${index}@partner.example`, `second${index}@partner.example`]
      const one = await invite(first)
      const two = await invite(second)
      const guest = await visitor(t, mode)
      await guest.signIn(one.link, first)
      await guest.press('Accept')

      t.match(await guest.open(two.link), { status: 200, name: 'wrong-account' })
      t.match(await guest.text(), new RegExp(`${second}.*${first}`))
      const { result, code } = await guest.codeFrom(second, () => guest.press(`Switch to ${second}`))
      t.match(result, { status: 200, name: 'code' })
      t.match(await guest.enter(code), { status: 200, name: 'consent' })
      t.match(await guest.text(), `You are signed in as ${second}`)
      t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)
      t.match(await guest.open(one.link), { status: 410, name: 'used' }, 'now the first link is the other one')
      service.advance(31_000)
      const back = await guest.codeFrom(first, () => guest.press('Switch to '))
      t.match(back.result, { status: 200, name: 'code' })
      t.equal((await guest.enter(back.code)).url, `${landing.url}/welcome`, 'and back as the first guest')
      t.strictSame(guest.complaints, [])
    },
  )

  t.test(`${mode.name}: after a reset the old link is dead and the new one asks again`, async (t) => {
    const address = `reset${index}@partner.example`
    const old = await invite(address)
    const guest = await visitor(t, mode)
    await guest.signIn(old.link, address)
    await guest.press('Accept')

    service.advance(31_000)
    const fresh = await invite(address, { resetRedemption: true, invitedUser: { id: old.userId } })
    t.match(await guest.open(old.link), { status: 410, name: 'revoked', title: /^A newer link has replaced this one/ })
    t.match(await guest.open(fresh.link), { status: 200, name: 'start' }, 'a reset signs the guest out')
    const { code } = await guest.askForCode(address)
    t.equal((await guest.enter(code)).name, 'consent')
    t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a domain blocked after inviting stops the guest, on an open page too`, async (t) => {
    const address = `ana@blocked${index}.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    t.equal((await guest.signIn(link, address)).name, 'consent')
    const policy = '/policies/invitationDomainPolicy'
    const blocking = { mode: 'blockList', domains: [`blocked${index}.example`] }
    t.equal((await service.api('PUT', policy, blocking)).status, 200)
    t.match(await guest.press('Accept'), { status: 403, name: 'blocked' })
    t.match(await guest.open(link), { status: 403, name: 'blocked' })
    t.match(await guest.text(), `Contoso does not admit guests from blocked${index}.example`)
    t.equal((await service.api('PUT', policy, { mode: 'any', domains: [] })).status, 200)
    t.equal((await guest.open(link)).name, 'consent', 'until it is allowed again')
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a guest who was disabled is told so, signed in or not`, async (t) => {
    const address = `disabled${index}@partner.example`
    const { link, userId } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.signIn(link, address)
    await guest.press('Accept')
    t.equal((await service.api('PATCH', `/users/${userId}`, { accountEnabled: false })).status, 204)
    t.match(await guest.open(link), { status: 403, name: 'blocked' })
    t.match(await guest.text(), 'Your guest account at Contoso is switched off')
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: after five codes no more are sent for a while, and the newest still works`, async (t) => {
    const address = `limited${index}@partner.example`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.open(link)
    let { code } = await guest.askForCode(address)
    for (let sent = 1; sent < 5; sent++) {
      service.advance(31_000)
      code = (await guest.askForCode(address)).code
    }
    service.advance(31_000)
    const limited = await guest.press('Send a new code')
    t.match(limited, { status: 429, name: 'limited' })
    t.ok(Number(limited.headers['retry-after']) > 30)
    t.match(await guest.text(), 'We send at most 5 codes in 15 minutes. The newest code in your mailbox still works.')
    t.equal((await service.mails(address)).length, 5)
    t.match(await guest.enter(code), { status: 200, name: 'consent' })
    t.strictSame(guest.complaints, [])
  })

  t.test(`${mode.name}: a link that is unknown, forged or cut off says so and names nobody`, async (t) => {
    const { link } = await invite(`forged${index}@partner.example`)
    const guest = await visitor(t, mode)
    const forged = new URL(link)
    const ticket = forged.searchParams.get('ticket') ?? ''
    forged.searchParams.set('ticket', ticket.slice(0, -2) + (ticket.endsWith('AA') ? 'BB' : 'AA'))
    const cut = link.slice(0, link.indexOf('&ticket=') + 20)
    for (const url of [forged.href, cut, `${service.baseUrl}/redeem`]) {
      t.match(await guest.open(url), { status: 404, name: 'error', title: 'This link does not work' })
      t.notMatch(await guest.text(), 'Contoso')
    }
    t.strictSame(guest.complaints, [])
  })
}
