import t from 'tap'
import { acceptedGuest, Browser, csrfIn, relyingParty, start } from '../provider/relying-party.js'
import { acceptedByPassword, switchPasscodes, withoutPasscodes } from '../sign-in/local-accounts/local.js'

t.setTimeout(900_000)

/** A page without what differs from one request to the next, and without the address it was asked for. */
function blurred(page: string | undefined, address: string): string {
  return (page ?? '')
    .replaceAll(address, 'ADDRESS')
    .replace(/nonce[-=]"?[^"' >]+/g, '')
    .replace(/value="[^"]{43}"/g, '')
    .replace(/data-options="[^"]+"/g, '')
}

// Seen to fail with `localStep` (src/sign-in/local-accounts/rules.ts) shown `exists` as it is for typed addresses, and
// with `isPassword` answering at once where there is no password: a tenth of the time.
t.test(
  'an account cannot be told from none: not by the page, the status, the limit, or the time it takes',
  async (t) => {
    const service = await withoutPasscodes(t)
    await acceptedByPassword(service, 'ana@partner.example')
    await switchPasscodes(service, true)
    await acceptedGuest(t, service, 'bo')
    await switchPasscodes(service, false)
    await service.invite('cy@partner.example')
    const rp = await relyingParty(service)
    const addresses = {
      password: 'ana@partner.example',
      code: 'bo@partner.example',
      invited: 'cy@partner.example',
      member: (await service.api('GET', `/users/${service.adminId}`)).body.mail as string,
      nobody: 'who@partner.example',
    }
    const guessers = await Promise.all(
      Object.entries(addresses).map(async ([who, address]) => {
        const browser = new Browser(service.baseUrl)
        const asked = await browser.follow((await start(rp.config)).url.href)
        const page = await browser.follow(asked.url, { csrf: csrfIn(asked.page), email: address })
        const seen = [`${page.status} ${blurred(page.page, address)}`]
        return { who, address, browser, url: asked.url, text: page.page, seen, fastest: Number.POSITIVE_INFINITY }
      }),
    )
    // In turns: what else the machine has to do then slows all of them alike.
    for (let guess = 0; guess < 6; guess++) {
      for (const one of guessers) {
        const began = performance.now()
        const fields = { csrf: csrfIn(one.text), account: one.address, password: `a likely password ${guess}` }
        const answer = await one.browser.follow(one.url, fields)
        if (answer.status === 422) one.fastest = Math.min(one.fastest, performance.now() - began)
        one.text = answer.page
        one.seen.push(`${answer.status} ${blurred(answer.page, one.address).replace(/\d\d:\d\d UTC/, '')}`)
      }
      // The network has a limit of its own, which five addresses would meet.
      await service.rows('update password_tries set client_address = id::text')
    }
    const nobody = guessers.find(({ who }) => who === 'nobody')
    if (!nobody) throw new Error('nobody has guessed')
    for (const { who, seen, fastest } of guessers) {
      t.strictSame(seen, nobody.seen, who)
      t.ok(fastest < 3 * nobody.fastest && fastest > nobody.fastest / 3, `${who}: ${fastest} ms`)
    }
  },
)
