import { createHash } from 'node:crypto'
import { Redis } from 'ioredis'
import * as client from 'openid-client'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { makeTicket } from '../../src/invitations/ticket.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { startRelay } from '../../src/platform/outbox/relay.js'
import { TOPICS } from '../../src/services.js'
import { passcodeOf } from '../../src/sign-in/index.js'
import {
  acceptedGuest,
  Browser,
  pageName,
  relyingParty,
  signIn as signIntoApplication,
  start,
} from '../provider/relying-party.js'
import { engines } from '../support/engines.js'
import { Guest } from '../support/guest.js'
import { fetchToken, startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'
import { accepted, altered, changesNothing, invited, newestCode, seen, send, signedIn } from './scene.js'

/** Every row of every schema, queue included, as text. */
async function dump(service: TestService): Promise<string> {
  const { postgresAdmin } = await engines()
  const database = service.connection.database
  const sql = postgres({ ...postgresAdmin, database, max: 1, onnotice: () => {} })
  try {
    const tables = await sql<{ schema: string; name: string }[]>`
      select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`
    const texts: string[] = []
    for (const { schema, name } of tables) {
      // A mailbox is for reading mails; it is on only where there is nothing to protect.
      if (name === 'mailbox_messages') continue
      const rows = await sql.unsafe(`select r::text as row from "${schema}"."${name}" r`)
      texts.push(`# ${schema}.${name}`, ...rows.map(({ row }) => String(row)))
    }
    return texts.join('\n')
  } finally {
    await sql.end()
  }
}

/** Tokens that open something: of a browser, and of a device whose person is about to say yes. */
async function tokensOfApplications(t: Test, service: TestService): Promise<Record<string, string>> {
  const cy = await acceptedGuest(t, service, 'cy')
  const rp = await relyingParty(service, { isFallbackPublicClient: true })
  const browser = new Browser(service.baseUrl)
  const begun = await start(rp.config)
  const { url } = await signIntoApplication(service, browser, begun.url, cy.mail)
  const { access_token, refresh_token = '' } = await client.authorizationCodeGrant(
    rp.config,
    new URL(url),
    begun.checks,
  )
  const unused = await browser.follow((await start(rp.config)).url.href)
  const device = await client.initiateDeviceAuthorization(await rp.discover(undefined), { scope: 'openid' })
  const stranger = new Browser(service.baseUrl)
  const xsrf = (page: string | undefined) => /name="xsrf" value="([^"]*)"/.exec(page ?? '')?.[1] ?? ''
  const asked = await stranger.follow(device.verification_uri)
  const { user_code } = device
  const question = await stranger.follow(asked.url, { xsrf: xsrf(asked.page), user_code })
  const left = await stranger.follow(asked.url, { xsrf: xsrf(question.page), user_code, confirm: 'yes' })
  t.equal(pageName(left.page), 'sign-in', 'the device waits for somebody who signs in')
  return {
    'authorization code': new URL(unused.url).searchParams.get('code') ?? '',
    'access token of a person': access_token,
    'refresh token': refresh_token,
    'device code': device.device_code,
  }
}

t.test('a copy of the database holds no ticket, code, secret, session, token or private key', async (t) => {
  const service = await startService(t)
  const { baseUrl, tenantId, clientId, clientSecret, services } = service
  const ana = await invited(service, 'ana@partner.example', { sendInvitationMessage: true })
  await service.waitForMails(ana.address)
  const browser = await signedIn(service, ana)
  const code = await newestCode(service, ana.address)
  await service.invite('bo@partner.example', { sendInvitationMessage: true })
  const token = await fetchToken(baseUrl, tenantId, clientId, clientSecret)
  const { privateJwks } = await services.signingKeys.of(tenantId)
  const tokens = await tokensOfApplications(t, service)
  const text = await dump(service)
  t.ok(text.includes(ana.id) && text.includes('ana@partner.example'), 'it is a dump of this database')

  const bytes = Buffer.from(ana.ticket, 'base64url')
  const secrets: Record<string, string> = {
    ticket: ana.ticket,
    "ticket's signature": bytes.subarray(16).toString('base64url'),
    "ticket's signature in hexadecimal": bytes.subarray(16).toString('hex'),
    code,
    'hash of the code alone': createHash('sha256').update(code).digest('hex'),
    'client secret': clientSecret,
    'hash of the client secret alone': createHash('sha256').update(clientSecret).digest('hex'),
    session: browser.cookies.get('vs') ?? '',
    'hash of the session alone': createHash('sha256')
      .update(browser.cookies.get('vs') ?? '')
      .digest('hex'),
    browser: browser.cookies.get('vb') ?? '',
    token: token.split('.')[2] ?? '',
    ...tokens,
    'private exponent': privateJwks[0].d ?? '',
    prime: privateJwks[0].p ?? '',
    redeem: '/redeem?',
    pem: 'PRIVATE KEY',
  }
  for (const [what, secret] of Object.entries(secrets)) {
    t.ok(secret.length > 6, `there is a ${what}`)
    t.notOk(text.includes(secret), `no ${what}`)
    t.notOk(text.includes(Buffer.from(secret).toString('hex')), `no ${what} as bytes`)
  }
})

t.test('a copy of Redis with work waiting in it holds ids and nothing else', async (t) => {
  const service = await startService(t, { redis: true, workers: false })
  const { services } = service
  const ana = await invited(service, 'ana@partner.example', {
    sendInvitationMessage: true,
    invitedUserMessageInfo: { customizedMessageBody: 'the message that only the guest should read' },
  })
  const browser = new Guest()
  await browser.get(ana.link)
  await browser.post(ana.link, { action: 'send' })
  const code = await newestCode(service, ana.address)
  // A relay without workers: what it hands over stays in Redis.
  const relay = startRelay(services, TOPICS)
  await until(async () => (await waiting(services)) >= 2)
  await relay.close()
  t.equal(await waiting(services), 2, 'an invitation mail and a passcode mail wait')

  const redis = new Redis(services.config.redisUrl ?? '')
  t.teardown(() => redis.disconnect())
  const texts: string[] = []
  for (const key of await redis.keys('*')) {
    const kind = await redis.type(key)
    texts.push(key)
    if (kind === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)))
    else if (kind === 'list') texts.push(...(await redis.lrange(key, 0, -1)))
    else if (kind === 'zset') texts.push(...(await redis.zrange(key, '0', '-1')))
    else if (kind === 'set') texts.push(...(await redis.smembers(key)))
    else if (kind === 'stream') texts.push(JSON.stringify(await redis.xrange(key, '-', '+')))
    else texts.push((await redis.get(key)) ?? '')
  }
  const text = texts.join('\n')
  t.ok(text.includes(ana.id), 'it is a copy of this queue')
  for (const secret of [ana.ticket, code, ana.address, 'ana@', 'only the guest', 'app.example', '/redeem']) {
    t.notOk(text.includes(secret), `no ${secret.slice(0, 16)}`)
  }
})

async function waiting({ queues }: TestService['services']): Promise<number> {
  const depths = await Promise.all(TOPICS.map((topic) => queues.depth(topic)))
  return depths.reduce((sum, depth) => sum + depth, 0)
}

// Seen to fail with keys that do not depend on the secret (`deriveKeys`, src/platform/crypto.ts): tickets and codes made
// with any secret were good.
t.test('what can be made from a copy without the key opens nothing', async (t) => {
  const service = await startService(t, { workers: false })
  const { baseUrl, tenantId, clientId } = service
  const ana = await invited(service, 'ana@partner.example')
  const bo = await invited(service, 'bo@partner.example')
  await accepted(service, bo)
  const browser = new Guest()
  await browser.get(ana.link)
  await browser.post(ana.link, { action: 'send' })
  const [passcode] = await service.rows(
    `select id, encode(code_hash, 'base64') as hash from passcodes where address_folded = '${ana.address}'`,
  )
  const [session] = await service.rows(`select encode(handle_hash, 'base64') as hash from sessions`)
  const [credential] = await service.rows(`select encode(secret_hmac, 'base64') as hmac from application_credentials`)
  const urlSafe = (text: string) => text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

  await changesNothing(
    t,
    service,
    async () => {
      for (const secret of ['', 'vestibule', tenantId, 'a secret for tests', 'another secret, 32 characters or more']) {
        const keys = deriveKeys(secret)
        const ticket = makeTicket(keys, { tenantId, invitationId: ana.id, version: 1 })
        t.equal(
          seen(await new Guest().get(altered(ana.link, { ticket }))),
          '404 error',
          `a ticket of the key '${secret}'`,
        )
      }
      const thief = new Guest()
      thief.cookies.set('vs', urlSafe(session?.['hash']))
      t.equal(seen(await thief.get(bo.link)), '200 start', 'the stored session is no cookie')
      const answer = await send(`${baseUrl}/${tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: urlSafe(credential?.['hmac']),
          scope: 'https://graph.microsoft.com/.default',
        }).toString(),
      })
      t.equal(answer.status, 401, 'the stored secret is no secret')
      await browser.get(ana.link)
      const guess = passcodeOf(deriveKeys('another secret, 32 characters or more'), tenantId, passcode?.['id'])
      t.equal(seen(await browser.post(ana.link, { code: guess })), '422 code', 'nor is a code of another key')
    },
    // The wrong code costs a try.
    ['passcodes'],
  )
})
