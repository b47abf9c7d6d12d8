import { createHook } from 'node:async_hooks'
import t, { type Test } from 'tap'
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

/** How often scrypt ran, which is what an answer takes its time for: a clock would say less on a busy machine. */
function countHashes(t: Test) {
  let [all, told] = [0, 0]
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'SCRYPTREQUEST') all++
    },
  }).enable()
  t.teardown(() => hook.disable())
  return {
    all: () => all,
    since: () => {
      const since = all - told
      told = all
      return since
    },
  }
}

// Seen to fail with `localStep` (src/sign-in/local-accounts/rules.ts) shown `exists` as it is for typed addresses, and
// with `isPassword` answering at once where there is no password.
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
    const hashes = countHashes(t)
    for (const [who, address] of Object.entries(addresses)) {
      const browser = new Browser(service.baseUrl)
      const asked = await browser.follow((await start(rp.config)).url.href)
      const page = await browser.follow(asked.url, { csrf: csrfIn(asked.page), email: address })
      const tries = []
      let text = page.page
      for (let guess = 0; guess < 6; guess++) {
        const fields = { csrf: csrfIn(text), account: address, password: `a likely password ${guess}` }
        const answer = await browser.follow(asked.url, fields)
        text = answer.page
        tries.push(`${answer.status} ${hashes.since()} ${blurred(answer.page, address).replace(/\d\d:\d\d UTC/, '')}`)
      }
      seen[who] = { status: page.status, page: blurred(page.page, address), tries }
      // The network has a limit of its own, which five addresses would meet.
      await service.rows('update password_tries set client_address = id::text')
    }
    for (const [who, answers] of Object.entries(seen)) t.strictSame(answers, seen['nobody'], who)
    t.ok(hashes.all() > 0, 'and passwords were hashed')
  },
)
