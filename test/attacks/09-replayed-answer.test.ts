import { createHmac, createPublicKey } from 'node:crypto'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import t from 'tap'
import { ANA, absolute, follow, partnerHome, press } from '../sign-in/home.js'
import { Guest } from '../support/guest.js'
import type { OidcHome } from '../support/oidc-home.js'
import { startService, type TestService } from '../support/service.js'

// Zitadel CVE-2025-46815: an intent of an identity provider could be used again. With it: mix-up, code injection,
// fixation and login CSRF through the answer of a home (RFC 9700).
const records = new Map<string, string[]>()
/** What home and Vestibule share (`startOidcHome`). */
const SECRET = 'a secret between the two'
let service: TestService
let home: OidcHome & { id: string }
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await partnerHome(t, service, records)
})

/** Goes home and back, up to the answer that the home sends the browser away with. */
async function answerOf(guest: Guest, address: string): Promise<{ link: string; answer: URL }> {
  const { inviteRedeemUrl: link } = await service.invite(address)
  home.signsInAs = { ...ANA, sub: address, email: address }
  await guest.get(link)
  let page = await guest.post(link, { action: 'continue' })
  for (let hop = 0; hop < 6 && page.location && !page.location.startsWith(service.baseUrl); hop++) {
    page = await guest.get(new URL(page.location, home.origin).href)
  }
  return { link, answer: new URL(page.location ?? '') }
}

const sessions = async () => (await service.rows('select 1 from sessions')).length
const come = async (guest: Guest, url: URL | string) => follow(guest, absolute(service, await guest.get(String(url))))

t.test('an answer counts once', async (t) => {
  const guest = new Guest()
  const { link, answer } = await answerOf(guest, 'once@partner.example')
  t.match(await come(guest, answer), { name: 'consent', url: link })
  const asked = home.requests.filter((request) => request === 'POST /token').length
  const before = await sessions()
  await guest.get(answer.href)
  t.equal(await sessions(), before, 'again: no other session')
  t.equal(home.requests.filter((request) => request === 'POST /token').length, asked, 'and no call to the home')
  const both = new Guest()
  const other = await answerOf(both, 'twice@partner.example')
  await Promise.all([both.get(other.answer.href), both.get(other.answer.href), both.get(other.answer.href)])
  t.equal(await sessions(), before + 1, 'nor at the same moment')
})

t.test('an answer is for the browser that asked: nobody is signed in as somebody else (login CSRF)', async (t) => {
  const attacker = new Guest()
  const { answer } = await answerOf(attacker, 'attacker@partner.example')
  const victim = new Guest()
  const { inviteRedeemUrl } = await service.invite('victim@partner.example')
  await victim.get(inviteRedeemUrl)
  const before = await sessions()
  t.match(await come(victim, answer), { status: 400, name: 'error' })
  t.match(await come(new Guest(), answer), { status: 400, name: 'error' }, 'nor a browser that was never here')
  t.equal(await sessions(), before)
  t.match(await come(attacker, answer), { name: 'consent' }, 'and it is not used up by that')
})

t.test("a code of another sign-in does not pass in one's own (code injection)", async (t) => {
  const victim = new Guest()
  const stolen = await answerOf(victim, 'rich@partner.example')
  const attacker = new Guest()
  const own = await answerOf(attacker, 'poor@partner.example')
  const mixed = new URL(own.answer)
  mixed.searchParams.set('code', stolen.answer.searchParams.get('code') ?? '')
  const before = await sessions()
  t.match((await come(attacker, mixed)).html, /data-step="refused"/)
  t.equal(await sessions(), before)
})

t.test('a nonce of another sign-in, another audience, another issuer, another key', async (t) => {
  const wrong: [string, (claims: Record<string, unknown>) => Record<string, unknown>][] = [
    ['nonce', (claims) => ({ ...claims, nonce: 'of another sign-in' })],
    ['no nonce', ({ nonce: _, ...claims }) => claims],
    ['audience', (claims) => ({ ...claims, aud: 'another client' })],
    ['issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['several audiences, not for us', (claims) => ({ ...claims, aud: ['vestibule', 'other'], azp: 'other' })],
    ['no subject', ({ sub: _, ...claims }) => claims],
  ]
  for (const [title, alter] of wrong) {
    const guest = new Guest()
    const { answer } = await answerOf(guest, `n${crypto.randomUUID()}@partner.example`)
    const before = await sessions()
    home.alter = alter
    t.match((await come(guest, answer)).html, /data-step="refused"/, title)
    home.alter = undefined
    t.equal(await sessions(), before, title)
  }
})

t.test('an ID token that is not signed by a key that the home publishes, with its algorithm', async (t) => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const foreign = await generateKeyPair('RS256')
  const publicOf = ({ kty, n, e }: JWK) => ({ kty, n, e })
  const hmac = (header: object, claims: object, secret: string | Buffer) => {
    const input = `${part(header)}.${part(claims)}`
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }
  const signed = (header: object, claims: object) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', ...header }).sign(foreign.privateKey)
  const forged: [title: string, token: (claims: object, key: JWK) => Promise<string>][] = [
    ['by nobody', async (claims) => `${part({ alg: 'none' })}.${part(claims)}.`],
    ['by nobody, in other letters', async (claims, { kid }) => `${part({ alg: 'nOnE', kid })}.${part(claims)}.`],
    ['by the secret of the client', async (claims) => hmac({ alg: 'HS256' }, claims, SECRET)],
    [
      'by the public key as if it were a secret',
      async (claims, key) => {
        const pem = createPublicKey({ key: publicOf(key) as never, format: 'jwk' }).export({
          type: 'spki',
          format: 'pem',
        })
        return hmac({ alg: 'HS256', kid: key.kid }, claims, pem)
      },
    ],
    ['by another key under the name of the home’s', (claims, { kid }) => signed({ kid }, claims)],
    [
      'by a key that it brings along',
      async (claims) => signed({ jwk: publicOf(await exportJWK(foreign.publicKey)) }, claims),
    ],
    [
      'by a key that it says where to read',
      (claims, { kid }) => signed({ kid, jku: `${home.origin}/keys-of-the-attacker` }, claims),
    ],
    [
      'by the home, for other claims',
      async (claims, key) => {
        const own = await new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'RS256', kid: key.kid ?? '' })
          .sign(await importJWK(key, 'RS256'))
        const [header, , signature] = own.split('.')
        return `${header}.${part({ ...claims, sub: 'somebody else' })}.${signature}`
      },
    ],
  ]
  for (const [title, forge] of forged) {
    const guest = new Guest()
    const { answer } = await answerOf(guest, `f${crypto.randomUUID()}@partner.example`)
    const before = await sessions()
    home.alter = (claims, key) => forge(claims, key)
    t.match((await come(guest, answer)).html, /data-step="(?:refused|misconfigured)"/, title)
    home.alter = undefined
    t.equal(await sessions(), before, title)
  }
  t.notOk(home.requests.some((line) => line.includes('keys-of-the-attacker')))
  const guest = new Guest()
  const { answer } = await answerOf(guest, `f${crypto.randomUUID()}@partner.example`)
  const before = await sessions()
  home.alter = (claims) => ({ ...claims })
  await come(guest, answer)
  home.alter = undefined
  t.equal(await sessions(), before + 1, 'one that is signed as it should be is taken')
})

t.test('an answer of one home does not pass for that of another (mix-up)', async (t) => {
  const evil = await partnerHome(t, service, records, 'evil.example')
  const guest = new Guest()
  const { answer } = await answerOf(guest, 'mixed@partner.example')
  const elsewhere = new URL(answer)
  elsewhere.pathname = elsewhere.pathname.replace(home.id, evil.id)
  const before = await sessions()
  t.match((await come(guest, elsewhere)).html, /data-step="refused"/, "at the other's address")
  t.notOk(evil.requests.includes('POST /token'), 'the other home never sees the code')

  const second = new Guest()
  const other = await answerOf(second, 'mixed2@partner.example')
  other.answer.searchParams.set('iss', evil.issuer)
  t.match((await come(second, other.answer)).html, /data-step="refused"/, 'by the name of the other (RFC 9207)')
  const third = new Guest()
  const nameless = await answerOf(third, 'mixed3@partner.example')
  nameless.answer.searchParams.delete('iss')
  t.match((await come(third, nameless.answer)).html, /data-step="refused"/, 'without a name, of a home that gives it')
  t.equal(await sessions(), before)
})

t.test('a state that was made up, cut or is of another organization', async (t) => {
  const other = await service.otherTenant('fabrikam.example')
  const guest = new Guest()
  const { answer } = await answerOf(guest, 'state@partner.example')
  const before = await sessions()
  for (const state of ['', 'x', 'A'.repeat(43), `${answer.searchParams.get('state')}A`]) {
    const forged = new URL(answer)
    forged.searchParams.set('state', state)
    t.match(await come(guest, forged), { status: 400, name: 'error' })
  }
  const elsewhere = new URL(answer)
  elsewhere.pathname = elsewhere.pathname.replace(service.tenantId, other.tenantId)
  t.match(await come(guest, elsewhere), { status: 400, name: 'error' })
  service.advance(21 * 60_000)
  t.match((await come(guest, answer)).html, /data-step="lost"/, 'nor one that took too long')
  t.equal(await sessions(), before)
})

t.test('the session after a home is a new one (fixation)', async (t) => {
  const guest = new Guest()
  guest.cookies.set('vs', 'A'.repeat(43))
  const { link, answer } = await answerOf(guest, 'fixed@partner.example')
  t.match(await come(guest, answer), { name: 'consent' })
  const first = guest.cookies.get('vs')
  t.not(first, 'A'.repeat(43))
  await press(service, guest, link, { choice: 'accept' })
  t.not(guest.cookies.get('vs'), first, 'and once more at consent')
})
