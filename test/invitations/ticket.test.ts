import t from 'tap'
import { blockUrl, isBlockKey, makeTicket, readTicket, redeemUrl, ticketVersion } from '../../src/invitations/ticket.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { readLink } from '../../src/redemption/link.js'

const keys = deriveKeys('a secret for tests, 32 characters or more')
const otherKeys = deriveKeys('another secret for tests, 32 characters or more')
const tenantId = '01900000-0000-7000-8000-000000000001'
const otherTenant = '01900000-0000-7000-8000-000000000002'
const invitationId = '01900000-0000-7000-8000-00000000000a'
const userId = '01900000-0000-7000-8000-00000000000b'
const subject = { tenantId, invitationId, version: 3 }

t.test('a ticket finds its invitation and tells the version it was made for', async (t) => {
  const ticket = makeTicket(keys, subject)
  t.match(ticket, /^[A-Za-z0-9_-]{64}$/)
  const claimed = readTicket(ticket)
  t.equal(claimed?.invitationId, invitationId)
  t.equal(claimed && ticketVersion(keys, claimed.mac, tenantId, invitationId), 3)
  t.equal(makeTicket(keys, subject), ticket, 'nothing is stored: it can be made again')
})

t.test('a ticket of another tenant, invitation or secret is worth nothing', async (t) => {
  const { mac } = readTicket(makeTicket(keys, subject)) ?? { mac: Buffer.alloc(32) }
  t.equal(ticketVersion(keys, mac, otherTenant, invitationId), undefined)
  t.equal(ticketVersion(keys, mac, tenantId, userId), undefined)
  t.equal(ticketVersion(otherKeys, mac, tenantId, invitationId), undefined)
})

t.test('a ticket with any one character changed, cut or added is refused before a look-up', async (t) => {
  const ticket = makeTicket(keys, subject)
  for (let at = 0; at < ticket.length; at++) {
    const other = ticket[at] === 'A' ? 'B' : 'A'
    const claimed = readTicket(ticket.slice(0, at) + other + ticket.slice(at + 1))
    const version = claimed && ticketVersion(keys, claimed.mac, tenantId, claimed.invitationId)
    t.equal(version, undefined, `character ${at}`)
  }
  for (const bad of [
    '',
    ticket.slice(1),
    ticket.slice(0, -1),
    `${ticket}A`,
    `${ticket}=`,
    ` ${ticket}`,
    '*'.repeat(64),
  ])
    t.equal(readTicket(bad), undefined, bad)
})

t.test('only the one spelling in base64url counts', async (t) => {
  // 48 bytes fill 64 characters exactly, so what could differ is the alphabet.
  const ticket = Buffer.concat([Buffer.alloc(16, 0xff), Buffer.alloc(32, 0xfb)]).toString('base64url')
  t.ok(readTicket(ticket))
  t.equal(readTicket(ticket.replaceAll('_', '/').replaceAll('-', '+')), undefined)
})

t.test('old versions are recognised, so that their links read as outdated', async (t) => {
  for (const version of [1, 2, 64]) {
    const claimed = readTicket(makeTicket(keys, { ...subject, version }))
    t.equal(claimed && ticketVersion(keys, claimed.mac, tenantId, invitationId), version)
  }
})

t.test('a redeem link holds what the look-up needs', async (t) => {
  const url = new URL(redeemUrl('https://id.example', keys, { ...subject, userId }))
  t.equal(url.origin + url.pathname, 'https://id.example/redeem')
  t.equal(url.searchParams.get('ver'), '2.0')
  const query = Object.fromEntries(url.searchParams)
  t.strictSame(readLink(keys, query), { tenantId, userId, invitationId, ticketVersion: 3 })
  t.strictSame(readLink(keys, { ...query, tenant: tenantId.toUpperCase() }), {
    tenantId,
    userId,
    invitationId,
    ticketVersion: 3,
  })
  t.equal(readLink(keys, { ...query, tenant: otherTenant }), undefined)
  for (const missing of ['tenant', 'user', 'ticket'])
    t.equal(readLink(keys, { ...query, [missing]: undefined }), undefined)
  t.equal(readLink(keys, { ...query, user: 'ana' }), undefined)
})

t.test('a block link opens nothing but the block of its own invitation', async (t) => {
  const url = new URL(blockUrl('https://id.example', keys, tenantId, invitationId))
  const key = url.searchParams.get('key') ?? ''
  t.ok(isBlockKey(keys, tenantId, invitationId, key))
  t.notOk(isBlockKey(keys, otherTenant, invitationId, key))
  t.notOk(isBlockKey(keys, tenantId, userId, key))
  t.notOk(isBlockKey(otherKeys, tenantId, invitationId, key))
  t.notOk(isBlockKey(keys, tenantId, 'ana', key))
  t.notOk(isBlockKey(keys, tenantId, invitationId, ''))
  t.notOk(isBlockKey(keys, tenantId, invitationId, makeTicket(keys, subject)), 'a ticket is no block key')
})
