import t from 'tap'
import { deriveKeys } from '../../src/platform/crypto.js'
import { csrfToken, handleHash, isCsrfToken, newHandle } from '../../src/sign-in/index.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

const keys = deriveKeys('a secret for tests, 32 characters or more')

t.test('a form belongs to one browser and one session', async (t) => {
  const [handle, session] = [newHandle(), newHandle()]
  const browser = { isSecure: false, handle, session }
  const token = csrfToken(keys, handle, session)
  t.ok(isCsrfToken(keys, browser, token))
  t.notOk(isCsrfToken(keys, { ...browser, session: undefined }, token), 'drawn before signing in')
  t.notOk(isCsrfToken(keys, { ...browser, handle: newHandle() }, token))
  t.notOk(isCsrfToken(keys, { ...browser, handle: undefined }, token))
  for (const bad of [undefined, '', token.slice(1), `${token}x`, [token]]) t.notOk(isCsrfToken(keys, browser, bad))
})

t.test('a handle from http opens nothing on https, and a session is no browser handle', async (t) => {
  const handle = newHandle()
  const hashes = [
    handleHash(keys, { isSecure: false }, 'session', handle),
    handleHash(keys, { isSecure: true }, 'session', handle),
    handleHash(keys, { isSecure: false }, 'browser', handle),
  ].map((hash) => hash.toString('hex'))
  t.equal(new Set(hashes).size, 3)
  t.equal(new Set(Array.from({ length: 1_000 }, newHandle)).size, 1_000)
})

t.test('cookies and sessions in a browser', async (t) => {
  const service = await startService(t)
  const open = async (address: string): Promise<string> => (await service.invite(address)).inviteRedeemUrl

  await t.test('cookies are for this host, hidden from scripts, and Secure on https', async (t) => {
    const page = await new Guest().get(await open('ana@partner.example'))
    const cookies = page.headers.getSetCookie()
    t.ok(cookies.length > 0)
    for (const cookie of cookies) {
      t.match(cookie, /^vb=[\w-]{43}; /)
      t.match(cookie, /HttpOnly/i)
      t.match(cookie, /SameSite=Lax/i)
      t.match(cookie, /Path=\//i)
      t.notMatch(cookie, /Domain=|Secure/i)
    }
    service.services.origins.set({ publicUrl: 'https://id.contoso.example' })
    const secure = await new Guest().get(
      await open('ana@partner.example').then((url) => url.replace('https://id.contoso.example', service.baseUrl)),
    )
    for (const cookie of secure.headers.getSetCookie()) t.match(cookie, /^__Host-vb=[\w-]{43};.*Secure/i)
    service.services.origins.set({ publicUrl: service.baseUrl })
  })

  await t.test('signing in changes the session, and so does accepting', async (t) => {
    const link = await open('bo@partner.example')
    const guest = new Guest()
    await guest.signIn(service, link, 'bo@partner.example')
    const first = guest.cookies.get('vs')
    t.match(first, /^[\w-]{43}$/)
    t.notMatch(JSON.stringify(await service.rows('select * from sessions')), first ?? 'none', 'only a hash is kept')
    await guest.post(link, { choice: 'accept' })
    const second = guest.cookies.get('vs')
    t.not(second, first)
    const thief = new Guest()
    thief.cookies.set('vs', first ?? '')
    t.equal((await thief.get(link)).name, 'start', 'the session before acceptance is over')
    const copy = new Guest()
    copy.cookies.set('vs', second ?? '')
    t.equal((await copy.get(link)).status, 303)
  })

  await t.test('a session that was planted before signing in is not the one afterwards', async (t) => {
    const link = await open('cy@partner.example')
    const guest = new Guest()
    const planted = newHandle()
    guest.cookies.set('vs', planted)
    await guest.signIn(service, link, 'cy@partner.example')
    t.not(guest.cookies.get('vs'), planted)
    const attacker = new Guest()
    attacker.cookies.set('vs', planted)
    t.equal((await attacker.get(link)).name, 'start')
  })

  await t.test('malformed cookies are none', async (t) => {
    const link = await open('dee@partner.example')
    for (const cookie of ['vs=; vb=', `vs=${'x'.repeat(5_000)}`, 'vs=a b; vb="', "vs=' or 1=1--", 'vs=%00; vb=%ff']) {
      const response = await fetch(link, { headers: { cookie } })
      t.equal(response.status, 200, cookie.slice(0, 20))
    }
  })

  await t.test('disabling or deleting the guest ends the session at once', async (t) => {
    const made = await service.invite('eve@partner.example')
    const guest = new Guest()
    await guest.accept(service, made.inviteRedeemUrl, 'eve@partner.example')
    t.equal((await guest.get(made.inviteRedeemUrl)).status, 303)
    await service.api('PATCH', `/users/${made.invitedUser.id}`, { accountEnabled: false })
    t.equal((await guest.get(made.inviteRedeemUrl)).status, 403)
    await service.api('PATCH', `/users/${made.invitedUser.id}`, { accountEnabled: true })
    t.equal((await guest.get(made.inviteRedeemUrl)).name, 'start', 'and enabling again does not bring it back')
  })
})
