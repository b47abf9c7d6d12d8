import t from 'tap'
import { askForSecondStep } from '../support/authenticator.js'
import { challengeIn, type Lie, Passkey } from '../support/passkey.js'
import { startService } from '../support/service.js'
import { invited, rowsOf, signedIn } from './scene.js'

const EVIL = 'https://localhost.evil.example'

t.test('a passkey that says anything but this page, this session and this moment is refused', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const ben = await invited(service, 'ben@partner.example')
  const link = `${ana.link}&with=fido2`
  const origin = service.baseUrl
  const first = await signedIn(service, ana)
  const setUp = await first.get(link)
  const passkey = new Passkey()
  const created = passkey.create(setUp.html, origin)

  await t.test('when it is set up', async (t) => {
    const lies: [title: string, lie: Lie][] = [
      ['another origin', { origin: EVIL }],
      ['this host on another port', { origin: 'http://localhost:1' }],
      ['another domain', { rpId: 'evil.example' }],
      ['a challenge of its own', { challenge: Buffer.alloc(40, 1).toString('base64url') }],
    ]
    for (const [title, lie] of lies) {
      const page = await first.post(link, { credential: new Passkey().create(setUp.html, origin, lie) })
      t.equal(page.status, 422, title)
    }
    service.advance(16 * 60_000)
    t.equal((await first.post(link, { credential: created })).status, 422, 'a page from a quarter of an hour ago')
    const stranger = await signedIn(service, ben)
    await stranger.get(`${ben.link}&with=fido2`)
    const theirs = passkey.create((await first.get(link)).html, origin)
    t.equal((await stranger.post(`${ben.link}&with=fido2`, { credential: theirs })).status, 422, 'another session')
    t.strictSame(await rowsOf(service, 'select * from authentication_methods'), [])
  })

  const fresh = passkey.create((await first.get(link)).html, origin)
  t.equal((await first.post(link, { credential: fresh })).status, 303)

  await t.test('when it is asked for', async (t) => {
    const sign = async () => {
      service.advance(3 * 3_600_000)
      const guest = await signedIn(service, ana)
      return { guest, page: await guest.get(ana.link) }
    }
    const { guest, page } = await sign()
    const other = new Passkey()
    const attempts: [title: string, credential: string][] = [
      ['another origin', passkey.get(page.html, origin, { origin: EVIL })],
      ['another domain', passkey.get(page.html, origin, { rpId: 'evil.example' })],
      ['nobody there', passkey.get(page.html, origin, { flags: 0 })],
      ['the passkey of somebody else', other.get(page.html, origin)],
    ]
    for (const [title, credential] of attempts) t.equal((await guest.post(ana.link, { credential })).status, 422, title)

    const next = await sign()
    const registration = challengeIn(setUp.html)
    const further: [title: string, credential: string][] = [
      ['a challenge for setting up', passkey.get(next.page.html, origin, { challenge: registration })],
      ['a challenge of another session', passkey.get(page.html, origin)],
      ['a copy of the key that fell behind', passkey.get(next.page.html, origin, { counter: 1 })],
      ['no JSON', '{'],
    ]
    for (const [title, credential] of further)
      t.equal((await next.guest.post(ana.link, { credential })).status, 422, title)

    const last = await sign()
    const good = passkey.get(last.page.html, origin)
    t.equal((await last.guest.post(ana.link, { credential: good })).status, 303)
    const replay = await sign()
    t.equal((await replay.guest.post(ana.link, { credential: good })).status, 422, 'what was used before')
  })
})
