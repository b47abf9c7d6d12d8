import t from 'tap'
import { resultOf } from '../../src/sign-in/connection-tests/rules.js'
import { Guest } from '../support/guest.js'
import type { OidcHome } from '../support/oidc-home.js'
import type { SamlHome } from '../support/saml-home.js'
import { startService, type TestService } from '../support/service.js'
import { ANA, absolute, follow, partnerHome } from './home.js'
import { bringBack, samlPartner } from './saml.js'

const records = new Map<string, string[]>()
let service: TestService
let home: OidcHome & { id: string }
let saml: SamlHome & { id: string }
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await partnerHome(t, service, records)
  saml = await samlPartner(t, service, records, 'second.example')
})

const itemOf = (which: 'oidc' | 'saml') =>
  which === 'oidc' ? `/identity/identityProviders/${home.id}` : `/directory/federationConfigurations/${saml.id}`
const offer = async (which: 'oidc' | 'saml' = 'oidc') =>
  (await service.api('POST', `${itemOf(which)}/testConnection`)).body.signIn
const read = async (testId: string, which: 'oidc' | 'saml' = 'oidc') =>
  service.api('GET', `${itemOf(which)}/connectionTests/${testId}`)
/** Opens the link and signs in wherever it leads. */
const open = async (guest: Guest, signInUrl: string) => follow(guest, await guest.get(signInUrl))
const leftBehind = async () => [
  ...(await service.rows('select user_id from sessions')),
  ...(await service.rows('select user_id from user_identities')),
  ...(await service.rows("select id from users where external_user_state = 'Accepted'")),
]

t.test('what would happen to somebody, as one rule', async (t) => {
  const said = { issuer: 'https://home.example', subject: 's', told: { sub: 's' } }
  const address = { vouchedAddress: { text: 'Ana@partner.example', folded: 'ana@partner.example' } }
  const cases: [string, Parameters<typeof resultOf>, string][] = [
    ['a known identity', [said, { userId: 'u', isPending: false }], 'known'],
    [
      'a guest who has still to accept',
      [
        { ...said, ...address },
        { userId: 'u', isPending: true },
      ],
      'redeems',
    ],
    ['an address that waits for its invitation', [{ ...said, ...address }, undefined], 'free'],
    ['an address nobody vouches for', [{ ...said, toldAddress: 'ana@elsewhere.example' }, undefined], 'refused'],
    ['no address at all', [said, undefined], 'refused'],
  ]
  for (const [title, given, verdict] of cases) t.equal(resultOf(...given).verdict, verdict, title)
  const big = resultOf({ ...said, told: { sub: 's', groups: 'x'.repeat(100_000), name: 'Ana' } }, undefined)
  t.strictSame(Object.keys(big.claims), ['sub'], 'a home that says megabytes does not fill the database')
})

t.test('an administrator sees what an OpenID provider says of them, and nobody is signed in', async (t) => {
  home.signsInAs = { ...ANA, department: 'Research' }
  const { testId, signInUrl } = await offer()
  t.match((await read(testId)).body, { id: testId, status: 'waiting', result: null })
  const guest = new Guest()
  const page = await open(guest, signInUrl)
  t.match(page, { status: 200, name: 'connection-test' })
  t.match(page.html, /email_verified/)
  t.notMatch(page.html, /ana@partner\.example|Research/, 'the page names claims and tells none')
  t.notOk(guest.cookies.has('vs'))
  t.strictSame(await leftBehind(), [])
  const { body } = await read(testId)
  t.match(body, {
    status: 'finished',
    result: {
      verdict: 'free',
      identity: { issuer: home.issuer, issuerAssignedId: ANA.sub },
      address: ANA.email,
      userId: null,
      trouble: null,
      claims: { sub: ANA.sub, email: ANA.email, email_verified: true, iss: home.issuer },
    },
  })

  await t.test('with whoever is invited by then named', async (t) => {
    const { invitedUser } = await service.invite(ANA.email)
    const { testId, signInUrl } = await offer()
    await open(new Guest(), signInUrl)
    t.match((await read(testId)).body.result, { verdict: 'redeems', userId: invitedUser.id })
    t.match((await service.api('GET', `/users/${invitedUser.id}?$select=externalUserState`)).body, {
      externalUserState: 'PendingAcceptance',
    })
  })

  await t.test('what is kept cannot be read from the database', async (t) => {
    const rows = await service.rows('select encode(result_sealed, $$escape$$) as text from connection_tests')
    t.ok(rows.length > 0)
    for (const { text } of rows) t.notMatch(String(text), /partner\.example/)
  })
})

t.test('the same for a SAML partner', async (t) => {
  saml.signsInAs = { nameId: 'bo', email: 'bo@second.example' }
  const { testId, signInUrl } = await offer('saml')
  const guest = new Guest()
  const left = await guest.get(signInUrl)
  const form = JSON.parse((await guest.get(left.location ?? '')).html)
  const page = await bringBack(service, guest, form)
  t.match(page, { status: 200, name: 'connection-test' })
  t.match((await read(testId, 'saml')).body.result, {
    verdict: 'free',
    address: 'bo@second.example',
    identity: { issuer: saml.issuer, issuerAssignedId: 'bo' },
    claims: { nameID: 'bo' },
  })
  t.equal((await read(testId)).status, 404, 'a test is of one provider')
})

t.test('what a home refuses, or nobody vouches for, is said where the test was started', async (t) => {
  home.signsInAs = { ...ANA, email: 'ana@elsewhere.example' }
  const other = await offer()
  await open(new Guest(), other.signInUrl)
  t.match((await read(other.testId)).body.result, { verdict: 'refused', address: null, message: /not among those/ })

  home.signsInAs = undefined
  const refused = await offer()
  t.match(await open(new Guest(), refused.signInUrl), { status: 200, name: 'connection-test' })
  t.match((await read(refused.testId)).body.result, { verdict: 'failed', trouble: 'cancelled', message: String })

  const down = await offer()
  service.advance(11 * 60_000)
  const late = await offer()
  t.match(await open(new Guest(), down.signInUrl), { status: 400, name: 'error' }, 'ten minutes are over')
  home.before = (_request, response) => response.writeHead(503).end() && true
  await service.api('POST', `${itemOf('oidc')}/testConnection`)
  t.match(await new Guest().get(late.signInUrl), { status: 200, name: 'connection-test' })
  t.match((await read(late.testId)).body.result, { verdict: 'failed', trouble: 'unreachable' })
  home.before = undefined
})

t.test('a link opens once, in one organization, and its result is for the browser that opened it', async (t) => {
  home.signsInAs = ANA
  const { testId, signInUrl } = await offer()
  const elsewhere = await service.otherTenant('fabrikam.example')
  const [path = '', query = ''] = signInUrl.split('?')
  const foreign = `${path.slice(0, path.lastIndexOf('/'))}/${elsewhere.tenantId}?${query}`
  t.match(await new Guest().get(foreign), { status: 400, name: 'error' })
  t.equal(
    (await service.api('GET', `${itemOf('oidc')}/connectionTests/${testId}`, undefined, { token: elsewhere.token }))
      .status,
    404,
  )
  const guest = new Guest()
  const left = await guest.get(signInUrl)
  t.match(await guest.get(signInUrl), { status: 400, name: 'error' }, 'a second time')
  const page = await follow(guest, absolute(service, left))
  t.match(page, { name: 'connection-test' })
  t.match(await new Guest().get(page.url), { status: 400, name: 'error' }, 'another browser')
  t.match(await guest.get(page.url), { status: 200, name: 'connection-test' }, 'the same one, once more')

  await t.test('after an hour nothing is left of it', async (t) => {
    await service.rows(`update connection_tests set created_date_time = created_date_time - interval '1 hour'`)
    t.equal((await read(testId)).status, 404)
    t.match(await guest.get(page.url), { status: 400, name: 'error' })
    await offer()
    t.equal((await service.rows(`select id from connection_tests where id = '${testId}'`)).length, 0)
  })
})
