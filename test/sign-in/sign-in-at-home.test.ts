import t from 'tap'
import { parseEmailAddress } from '../../src/kernel/email-address.js'
import { beginFlow, handleHash, SIGN_IN, waysToSignIn } from '../../src/sign-in/index.js'
import { Guest } from '../support/guest.js'
import type { OidcHome } from '../support/oidc-home.js'
import { startService, type TestService } from '../support/service.js'
import { ANA, follow, partnerHome, viaHome } from './home.js'

const records = new Map<string, string[]>()
const PAGE = '/signin/blocks?tenant='
let service: TestService
let home: OidcHome & { id: string }
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await partnerHome(t, service, records)
})

async function waysOf(text: string) {
  const tenant = await service.services.tenants.find(service.tenantId)
  const address = parseEmailAddress(text)
  if (!tenant || !address) throw new Error('no such address')
  const ways = await waysToSignIn(service.services, tenant, address)
  return { tenant, address, ways, keys: ways.map(({ key }) => key) }
}

/** From a sign-in page of ours to the home of an address, and back. */
async function signIn(address: string) {
  const { tenant, address: parsed, ways } = await waysOf(address)
  const [way] = ways
  if (!way || way.kind === 'passcode' || way.kind === 'local') throw new Error('that address has no home')
  const guest = new Guest()
  const path = `${PAGE}${tenant.id}`
  const page = await guest.get(service.baseUrl + path)
  const browser = guest.cookies.get('vb') ?? ''
  const left = await beginFlow(service.services, {
    tenant,
    browserHash: handleHash(service.services.keys, { isSecure: false }, 'browser', browser),
    origin: service.baseUrl,
    purpose: { kind: SIGN_IN, path },
    client: '127.0.0.1',
    home: way,
    address: parsed,
    chooseAccount: false,
  })
  if (!('location' in left)) throw new Error(`did not leave: ${JSON.stringify(left)}`)
  return { page: await follow(guest, { ...page, location: left.location }), path }
}

const sessions = () => service.rows('select user_id, address, identity_issuer, identity_subject from sessions')

t.test('a known guest signs in at home, and comes back to the page they left', async (t) => {
  home.signsInAs = ANA
  const { inviteRedeemUrl: link, invitedUser } = await service.invite('ana@partner.example')
  const first = new Guest()
  await viaHome(service, first, link)
  await first.post(link, { choice: 'accept' })
  await service.rows('delete from sessions')
  t.strictSame((await waysOf('ana@partner.example')).keys, ['organization'])
  const { page, path } = await signIn('ana@partner.example')
  t.equal(page.url, service.baseUrl + path)
  t.match(await sessions(), [{ user_id: invitedUser.id, identity_issuer: home.issuer, identity_subject: ANA.sub }])

  t.test('whatever address the home tells by now', async (t) => {
    home.signsInAs = { ...ANA, email: 'changed@partner.example' }
    await signIn('ana@partner.example')
    t.equal((await sessions()).length, 2)
  })

  t.test('and nobody else does, although they have the address', async (t) => {
    home.signsInAs = { ...ANA, sub: 'successor' }
    const { page } = await signIn('ana@partner.example')
    t.match(page.url, /&flow=/)
    t.equal((await sessions()).length, 2)
  })

  t.test('nor the guest once they are disabled', async (t) => {
    await service.api('PATCH', `/users/${invitedUser.id}`, { accountEnabled: false })
    home.signsInAs = ANA
    const { page } = await signIn('ana@partner.example')
    t.match(page.url, /&flow=/)
    t.equal((await sessions()).length, 0)
  })
})

t.test('a guest who has still to accept is signed in by a vouched address, and only by that', async (t) => {
  const { invitedUser } = await service.invite('bo@partner.example')
  home.signsInAs = { sub: 'bo', email: 'bo@partner.example', email_verified: false }
  t.match((await signIn('bo@partner.example')).page.url, /&flow=/)
  home.signsInAs = { sub: 'bo', email: 'bo@partner.example', email_verified: true }
  await signIn('bo@partner.example')
  t.match(await sessions(), [{ user_id: invitedUser.id, address: 'bo@partner.example' }])
  t.equal(
    (await service.rows("select 1 from user_identities where issuer_assigned_id = 'bo'")).length,
    0,
    'not known yet',
  )
})

t.test('strangers have the ways of their domain, members their mailbox', async (t) => {
  t.strictSame((await waysOf('nobody@partner.example')).keys, ['organization'])
  t.strictSame((await waysOf('nobody@elsewhere.example')).keys, ['code'])
  t.strictSame((await waysOf('admin@contoso.example')).keys, ['code'])
})
