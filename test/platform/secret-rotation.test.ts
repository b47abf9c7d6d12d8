import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { countOutdatedSecrets } from '../../src/applications/index.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import type { TenantScope } from '../../src/platform/database.js'
import { countSigningKeys } from '../../src/provider/index.js'
import { openServices } from '../../src/services.js'
import { countOutdatedHomes, passcodeOf, sealHomesAnew, sendPasscodeMail } from '../../src/sign-in/index.js'
import { countOutdatedConnectors, sealConnectorsAnew } from '../../src/user-flows/index.js'
import { invited, signedIn } from '../attacks/scene.js'
import { askForSecondStep } from '../support/authenticator.js'
import { makeAuthority } from '../support/authority.js'
import { startConnector } from '../support/connector.js'
import { Guest } from '../support/guest.js'
import { fetchToken, startService, TEST_SECRET, type TestService } from '../support/service.js'
import { NO_TEXTS, stepCode } from '../support/text-messages.js'

const SECOND = 'the secret that takes its place, long enough'
const LANDING = 'https://app.example/welcome'

t.test('keys of earlier secrets recognise what they made, and make nothing', async (t) => {
  const [old, renewed, strange] = [
    deriveKeys(TEST_SECRET),
    deriveKeys(SECOND, ['a third one that was in force before that', TEST_SECRET]),
    deriveKeys(SECOND),
  ]
  const sealed = old.seal('signing-key', Buffer.from('plain'))
  t.equal(renewed.open('signing-key', sealed).toString(), 'plain')
  t.equal(renewed.isOutdated('signing-key', sealed), true)
  t.throws(() => strange.open('signing-key', sealed))
  t.throws(() => renewed.open('ticket', sealed), 'for another purpose nothing opens it')
  const anew = renewed.seal('signing-key', Buffer.from('plain'))
  t.equal(renewed.isOutdated('signing-key', anew), false)
  t.equal(strange.open('signing-key', anew).toString(), 'plain')
  t.strictSame(renewed.mac('ticket', 'a'), strange.mac('ticket', 'a'))
  t.strictSame(renewed.macs('ticket', 'a')[2], old.mac('ticket', 'a'))
  t.notSame(old.fingerprint, renewed.fingerprint)
  t.strictSame(strange.fingerprint, renewed.fingerprint)
})

/** Another process on the same database, with these secrets; returns where it listens and what it derives. */
async function restarted(t: Test, service: TestService, secret: string, previousSecrets: string[]) {
  const { config, log, clock } = service.services
  const services = await openServices({
    config: { ...config, previousSecrets },
    log,
    clock,
    connection: service.connection,
    secret,
  })
  const app = await buildApp(services)
  await app.listen({ port: 0, host: '127.0.0.1' })
  services.origins.set({ publicUrl: service.baseUrl })
  t.teardown(async () => {
    await app.close()
    await services.close()
  })
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  const url = `http://localhost:${address.port}`
  return {
    services,
    url,
    /** A link of the service, at this process. */
    at: (link: string) => link.replace(service.baseUrl, url),
    get: (path: string, token: string) =>
      fetch(path.startsWith('http') ? path.replace(service.baseUrl, url) : `${url}/v1.0${path}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    token: () => fetchToken(url, service.tenantId, service.clientId, service.clientSecret),
    async invite(address: string, token: string): Promise<string> {
      const response = await fetch(`${url}/v1.0/invitations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ invitedUserEmailAddress: address, inviteRedirectUrl: LANDING }),
      })
      return ((await response.json()) as { inviteRedeemUrl: string }).inviteRedeemUrl
    },
    async redeem(link: string, folded: string, guest = new Guest()): Promise<Guest> {
      const here = link.replace(service.baseUrl, url)
      await guest.get(here)
      await guest.post(here, { action: 'send' })
      const [row] = await service.rows(`select id from passcodes where address_folded = '${folded}' order by id desc`)
      await guest.post(here, { code: passcodeOf(services.keys, service.tenantId, row?.['id']) })
      t.equal((await guest.get(here)).name, 'consent')
      const accepted = await guest.post(here, { choice: 'accept' })
      t.equal(accepted.location, LANDING)
      return guest
    },
    outdated: async () => {
      const now = { ...services, clock }
      const { outdated, opened, stored } = await countSigningKeys(now, service.tenantId)
      const secrets = await services.database.withTenant(service.tenantId, (scope) =>
        countOutdatedSecrets(scope, services.keys, clock()),
      )
      return { keys: outdated, unopened: stored - opened, secrets }
    },
  }
}

t.test('a secret is replaced while everything goes on, and given up when nothing needs it', async (t) => {
  const service = await startService(t, { workers: false })
  const before = await restarted(t, service, TEST_SECRET, [])
  const oldToken = await before.token()
  const [ana, bo, cy] = await Promise.all(
    ['ana', 'bo', 'cy'].map((name) => before.invite(`${name}@partner.example`, oldToken)),
  )
  const guest = await before.redeem(ana ?? '', 'ana@partner.example')
  const page = (await (await before.get('/users?$top=1', oldToken)).json()) as { '@odata.nextLink': string }

  const during = await restarted(t, service, SECOND, [TEST_SECRET])
  t.match(await during.outdated(), { keys: 1, unopened: 0, secrets: 1 })
  t.equal((await during.get('/users', oldToken)).status, 200, 'tokens stay good')
  t.match(await during.outdated(), { keys: 0, secrets: 1 }, 'the key that signs them is sealed anew')
  t.equal((await during.get(page['@odata.nextLink'], oldToken)).status, 200, 'and so do links to the next page')
  const newToken = await during.token()
  t.match(await during.outdated(), { keys: 0, secrets: 0 }, 'a client secret is kept anew when it is used')
  await during.redeem(bo ?? '', 'bo@partner.example')
  t.equal((await guest.get(during.at(ana ?? ''))).location, LANDING, 'whoever was signed in still is')
  const dan = await during.invite('dan@partner.example', newToken)

  const after = await restarted(t, service, SECOND, [])
  t.match(await after.outdated(), { keys: 0, unopened: 0, secrets: 0 })
  t.equal((await after.get('/users', oldToken)).status, 200)
  t.ok(await after.token(), 'the same client secret')
  await after.redeem(dan, 'dan@partner.example')
  t.equal((await new Guest().get(after.at(cy ?? ''))).status, 404, 'links of before end with the secret they hang on')
  t.equal((await after.get(page['@odata.nextLink'], oldToken)).status, 400)

  const strange = await restarted(t, service, 'a secret that was never in force anywhere', [])
  t.match(await strange.outdated(), { unopened: 1, secrets: 1 })
  await t.rejects(strange.token())
})

t.test('what is on its way when the secret changes arrives', async (t) => {
  const service = await startService(t, { workers: false })
  const before = await restarted(t, service, TEST_SECRET, [])
  const token = await before.token()
  const invite = (url: string, address: string) =>
    fetch(`${url}/v1.0/invitations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'order-1' },
      body: JSON.stringify({ invitedUserEmailAddress: address, inviteRedirectUrl: LANDING }),
    }).then((response) => response.json() as Promise<{ id: string; inviteRedeemUrl: string }>)
  const first = await invite(before.url, 'ana@partner.example')
  const guest = new Guest()
  await guest.get(before.at(first.inviteRedeemUrl))
  await guest.post(before.at(first.inviteRedeemUrl), { action: 'send' })

  const during = await restarted(t, service, SECOND, [TEST_SECRET])
  t.equal((await invite(during.url, 'ana@partner.example')).id, first.id, 'the key is remembered')
  const link = during.at(first.inviteRedeemUrl)
  const [row] = await service.rows('select id from passcodes')
  const mail = async (services: TestService['services']) => {
    const work = { id: row?.['id'], tenantId: service.tenantId, subjectId: row?.['id'], attempt: 1, failures: 0 }
    const needs = {
      ...services,
      publicUrl: () => service.baseUrl,
      mailFrom: services.config.mail.from,
      counted: () => {},
    }
    await sendPasscodeMail(needs, { ...work, createdAt: new Date().toISOString() })
    return (await service.mails('ana@partner.example')).map(({ text }) => /\b\d{8}\b/.exec(text)?.[0])
  }
  const strange = await restarted(t, service, 'a secret that was never in force anywhere', [])
  t.strictSame(await mail(strange.services), [], 'a process without the secret leaves the mail to another')

  const seen = await guest.get(link)
  t.equal(seen.name, 'code', 'the page knows that a code is on its way')
  const [code] = await mail(during.services)
  t.equal(code, passcodeOf(service.services.keys, service.tenantId, row?.['id']), 'and the mail has the code')
  t.equal((await guest.post(link, { code: '00000000' })).status, 422)
  const [kept] = await service.rows('select tries_left from passcodes')
  t.equal(kept?.['tries_left'], 4, 'tries count on')
  t.equal((await guest.post(link, { code: code ?? '' })).status, 303)
  t.equal((await guest.get(link)).name, 'consent')

  const after = await restarted(t, service, SECOND, [])
  t.equal((await invite(after.url, 'ana@partner.example')).id, first.id)
})

t.test('without the earlier secret nothing of before is recognised', async (t) => {
  const service = await startService(t, { workers: false })
  const before = await restarted(t, service, TEST_SECRET, [])
  const token = await before.token()
  const link = await before.invite('ana@partner.example', token)
  const after = await restarted(t, service, SECOND, [])
  t.equal((await new Guest().get(after.at(link))).status, 404)
  await t.rejects(after.token())
  t.not((await after.get('/users', token)).status, 200)
})

t.test('a code of a second step that is on its way outlives a change of the secret', async (t) => {
  const service = await startService(t, { workers: false, env: NO_TEXTS })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  const url = `${ana.link}&with=phone`
  await guest.get(url)
  await guest.post(url, { phone: '+442079460958' })
  const code = await stepCode(service, '+442079460958')
  const renewed = await restarted(t, service, SECOND, [TEST_SECRET])
  await guest.get(renewed.at(url))
  t.equal((await guest.post(renewed.at(url), { code })).status, 303)
  t.match(await service.rows('select kind from authentication_methods'), [{ kind: 'phone' }])
})

t.test(
  'what proves us to connectors and homes is sealed anew by the workers, and needs the earlier secret no more',
  async (t) => {
    const authority = makeAuthority(t)
    const service = await startService(t, { workers: false })
    const connector = await startConnector(t)
    const mutual = authority.issue('vestibule')
    const make = async (path: string, body: object): Promise<string> => {
      const made = await service.api('POST', path, body)
      if (made.status !== 201) throw new Error(made.text)
      return made.body.id
    }
    const wish = { displayName: 'Partners', targetUrl: connector.url }
    const basic = await make('/identity/apiConnectors', {
      ...wish,
      authenticationConfiguration: {
        '@odata.type': '#microsoft.graph.basicAuthentication',
        username: 'vestibule',
        password: 'open sesame',
      },
    })
    const certificate = await make('/identity/apiConnectors', {
      ...wish,
      authenticationConfiguration: {
        '@odata.type': '#microsoft.graph.pkcs12Certificate',
        pkcs12Value: mutual.pkcs12,
        password: mutual.password,
      },
    })
    await make('/identity/identityProviders', {
      '@odata.type': '#microsoft.graph.socialIdentityProvider',
      identityProviderType: 'Google',
      clientId: 'vestibule',
      clientSecret: 'a secret between the two',
    })
    t.equal((await fetch(`${service.baseUrl}/signin/saml/${service.tenantId}/metadata`)).status, 200)

    const during = await restarted(t, service, SECOND, [TEST_SECRET])
    const token = await during.token()
    const asked = async (at: Awaited<ReturnType<typeof restarted>>, id: string) => {
      const response = await fetch(`${at.url}/v1.0/identity/apiConnectors/${id}/test`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"claims": {}}',
      })
      return ((await response.json()) as { reading: { action: string; reason: string | null } }).reading
    }
    t.match(await asked(during, basic), { action: 'Continue' }, 'meanwhile it is read with the earlier one')
    const early = await restarted(t, service, SECOND, [])
    for (const id of [basic, certificate]) {
      t.match(await asked(early, id), {
        action: 'Failed',
        reason: /cannot be opened, as after a change of VESTIBULE_SECRET/,
      })
    }
    const { keys, database } = during.services
    const within = <T>(work: (scope: TenantScope) => Promise<T>) => database.withTenant(service.tenantId, work)
    const outdated = () =>
      within(async (scope) => [await countOutdatedConnectors(scope, keys), await countOutdatedHomes(scope, keys)])
    t.strictSame(await outdated(), [2, 2])
    await Promise.all([1, 2].map(() => within((scope) => sealConnectorsAnew(scope, keys))))
    await Promise.all([1, 2].map(() => within((scope) => sealHomesAnew(scope, keys))))
    t.strictSame(await outdated(), [0, 0])

    const after = await restarted(t, service, SECOND, [])
    for (const id of [basic, certificate]) t.match(await asked(after, id), { action: 'Continue' })
    t.equal(connector.asked.length, 3)
    t.match(
      connector.asked[1]?.headers.authorization,
      `Basic ${Buffer.from('vestibule:open sesame').toString('base64')}`,
    )
    const [provider] = await service.rows('select client_secret_sealed as sealed from identity_providers')
    const [saml] = await service.rows('select private_key_sealed as sealed from saml_keys')
    const { keys: alone } = after.services
    t.equal(alone.open('identity-provider', provider?.['sealed']).toString(), 'a secret between the two')
    t.match(alone.open('saml-key', saml?.['sealed']).toString(), 'PRIVATE KEY')
  },
)
