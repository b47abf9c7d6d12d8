import t from 'tap'
import { samlPartner, viaSaml } from '../sign-in/saml.js'
import { Guest } from '../support/guest.js'
import type { SamlHome, Told } from '../support/saml-home.js'
import { startService, type TestService } from '../support/service.js'

// SAMLStorm CVE-2025-29774 and 29775, samlify CVE-2025-47949, node-saml CVE-2025-54369 and 54419: what was signed and
// what was read were not the same.
const records = new Map<string, string[]>()
let service: TestService
let home: SamlHome & { id: string }
let link: string
t.before(async () => {
  service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  home = await samlPartner(t, service, records)
  link = (await service.invite('victim@partner.example')).inviteRedeemUrl
})
t.beforeEach(() => {
  home.signsInAs = { nameId: 'attacker', email: 'attacker@partner.example' }
  home.tell = undefined
  home.alter = undefined
  home.signs = true
})

const ASSERTION = /<saml:Assertion[\s\S]*<\/saml:Assertion>/
const SIGNATURE = /<ds:Signature[\s\S]*?<\/ds:Signature>/
const part = (xml: string, pattern: RegExp) => pattern.exec(xml)?.[0] ?? ''
/** The same assertion, of the victim, under another id and without a signature. */
const forged = (xml: string) =>
  part(xml, ASSERTION)
    .replace(SIGNATURE, '')
    .replace(/ID="[^"]*"/, 'ID="_forged"')
    .replaceAll('attacker', 'victim')

const variants: [title: string, alter: (xml: string) => string][] = [
  ['the forged assertion before the signed one', (xml) => xml.replace(ASSERTION, (signed) => forged(xml) + signed)],
  ['the forged assertion after it', (xml) => xml.replace(ASSERTION, (signed) => signed + forged(xml))],
  [
    'the signed one inside the forged one',
    (xml) => xml.replace(ASSERTION, (signed) => forged(xml).replace('</saml:Assertion>', `${signed}</saml:Assertion>`)),
  ],
  [
    'the signed one inside the signature of the forged one',
    (xml) =>
      xml.replace(ASSERTION, (signed) => {
        const signature = part(xml, SIGNATURE).replace(
          '</ds:Signature>',
          `<ds:Object>${signed}</ds:Object></ds:Signature>`,
        )
        return forged(xml).replace('</saml:Issuer>', `</saml:Issuer>${signature}`)
      }),
  ],
  [
    'the signed one in an extension of the response',
    (xml) =>
      xml
        .replace(ASSERTION, forged(xml))
        .replace('<samlp:Status>', `<samlp:Extensions>${part(xml, ASSERTION)}</samlp:Extensions><samlp:Status>`),
  ],
  [
    'the whole signed response inside a forged one',
    (xml) => xml.replace(ASSERTION, forged(xml)).replace('</samlp:Response>', `${xml}</samlp:Response>`),
  ],
  [
    'the forged one under the id that was signed',
    (xml) => {
      const id = /<saml:Assertion[^>]* ID="([^"]*)"/.exec(xml)?.[1] ?? ''
      return xml.replace(ASSERTION, (signed) => forged(xml).replace('_forged', id) + signed)
    },
  ],
  [
    'the signature moved to the forged one',
    (xml) => xml.replace(ASSERTION, forged(xml).replace('</saml:Issuer>', `</saml:Issuer>${part(xml, SIGNATURE)}`)),
  ],
  [
    'a digest hidden in a comment',
    (xml) => xml.replaceAll('attacker', 'victim').replace(/(<ds:DigestValue>)/, '$1<!--x-->'),
  ],
  [
    'two SignedInfo',
    (xml) => xml.replaceAll('attacker', 'victim').replace(/<ds:SignedInfo>[\s\S]*?<\/ds:SignedInfo>/, '$&$&'),
  ],
  ['the address changed', (xml) => xml.replaceAll('attacker@partner.example', 'victim@partner.example')],
  ['the signature taken off', (xml) => xml.replace(SIGNATURE, '').replaceAll('attacker', 'victim')],
  ['a document type with entities', (xml) => `<!DOCTYPE x [<!ENTITY a "victim">]>${xml.replaceAll('attacker', '&a;')}`],
]

t.test('a signature counts for what it signs, and for nothing else', async (t) => {
  for (const [title, alter] of variants) {
    home.alter = alter
    const page = await viaSaml(service, new Guest(), link)
    t.ok(page.name === 'error' || page.name === 'wrong-account', `${title}: ${page.name}`)
    t.notMatch(page.html, /data-page="consent"/, title)
    t.equal((await service.rows('select 1 from sessions')).length, 0, title)
  }
})

t.test('a comment in a name identifier does not end it', async (t) => {
  home.tell = () => ({ nameId: 'victim' })
  home.signsInAs = { nameId: 'victim', email: 'victim@partner.example' }
  const guest = new Guest()
  t.match(await viaSaml(service, guest, link), { name: 'consent' })
  await guest.post(link, { choice: 'accept' })
  // The home signs `victim.evil`; canonicalization drops comments, so the signature still holds.
  home.signsInAs = { nameId: 'victim.evil', email: 'evil@partner.example' }
  home.tell = undefined
  home.alter = (xml) => xml.replace('victim.evil', 'victim<!---->.evil')
  const page = await viaSaml(service, new Guest(), link)
  t.match(page, { name: 'wrong-account' })
})

t.test('assertions that are not for us, not of the partner, or not of now', async (t) => {
  link = (await service.invite('second@partner.example')).inviteRedeemUrl
  home.signsInAs = { nameId: 'second', email: 'second@partner.example' }
  const minutes = (count: number) => new Date(Date.now() + count * 60_000)
  const wrong: [title: string, told: Partial<Told>, step: string][] = [
    ['expired', { notBefore: minutes(-20), notOnOrAfter: minutes(-10) }, 'clock'],
    ['not valid yet', { notBefore: minutes(5), notOnOrAfter: minutes(10) }, 'clock'],
    ['for another service', { audience: 'https://elsewhere.example/metadata' }, 'refused'],
    ['sent to another address', { recipient: 'https://elsewhere.example/acs' }, 'refused'],
    ['of another issuer', { issuer: 'https://evil.example/idp' }, 'refused'],
    ['of a passing name', { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }, 'refused'],
    ['of an address as a name', { nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' }, 'refused'],
    ['of nobody', { nameId: '' }, 'refused'],
  ]
  for (const [title, told, step] of wrong) {
    home.tell = () => told
    const page = await viaSaml(service, new Guest(), link)
    t.match(page.html, new RegExp(`data-step="${step}"`), title)
  }
  home.tell = undefined
  home.signs = false
  t.match((await viaSaml(service, new Guest(), link)).html, /data-step="refused"/, 'not signed at all')
})

t.test('an assertion that was used counts for nothing, in whatever flow it comes', async (t) => {
  link = (await service.invite('third@partner.example')).inviteRedeemUrl
  home.signsInAs = { nameId: 'third', email: 'third@partner.example' }
  home.tell = () => ({ assertionId: '_the-same-each-time' })
  t.match(await viaSaml(service, new Guest(), link), { name: 'consent' })
  t.match((await viaSaml(service, new Guest(), link)).html, /data-step="refused"/)
})

t.test('a partner speaks for its domain only', async (t) => {
  link = (await service.invite('fourth@partner.example')).inviteRedeemUrl
  for (const email of ['admin@contoso.example', 'fourth@other.example', '']) {
    home.signsInAs = { nameId: 'fourth', email }
    t.match((await viaSaml(service, new Guest(), link)).html, /data-step="unverified"/, email)
  }
})
