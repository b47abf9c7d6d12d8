import t from 'tap'
import { acceptedGuest, Browser, csrfIn, relyingParty, start } from '../provider/relying-party.js'
import { acceptedByPassword, switchPasscodes, withoutPasscodes } from '../sign-in/local-accounts/local.js'

t.setTimeout(250_000)

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
    const seen: Record<string, unknown> = {}
    const fastest: Record<string, number> = {}
    for (const [who, address] of Object.entries(addresses)) {
      const browser = new Browser(service.baseUrl)
      const asked = await browser.follow((await start(rp.config)).url.href)
      const page = await browser.follow(asked.url, { csrf: csrfIn(asked.page), email: address })
      const tries = []
      let text = page.page
      for (let guess = 0; guess < 6; guess++) {
        const began = performance.now()
        const fields = { csrf: csrfIn(text), account: address, password: `a likely password ${guess}` }
        const answer = await browser.follow(asked.url, fields)
        if (answer.status === 422) fastest[who] = Math.min(fastest[who] ?? Infinity, performance.now() - began)
        text = answer.page
        tries.push(`${answer.status} ${blurred(answer.page, address).replace(/\d\d:\d\d UTC/, '')}`)
      }
      seen[who] = { status: page.status, page: blurred(page.page, address), tries }
      // The network has a limit of its own, which five addresses would meet.
      await service.rows('update password_tries set client_address = id::text')
    }
    for (const [who, answers] of Object.entries(seen)) t.strictSame(answers, seen['nobody'], who)
    for (const [who, time] of Object.entries(fastest)) {
      t.ok(time < 3 * (fastest['nobody'] ?? 0) && time > (fastest['nobody'] ?? 0) / 3, `${who}: ${time} ms`)
    }
  },
)
