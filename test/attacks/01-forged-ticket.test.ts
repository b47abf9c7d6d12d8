import t from 'tap'
import { makeTicket } from '../../src/invitations/ticket.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { altered, changesNothing, invited, seen } from './scene.js'

// Seen to fail with the comparison in `ticketVersion` (src/invitations/ticket.ts) taken out: the edited, the swapped
// and the self-made tickets opened the start page and sent codes.
t.test('a ticket that was edited, cut, swapped or made with another key opens nothing', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const bo = await invited(service, 'bo@partner.example')
  const bytes = Buffer.from(ana.ticket, 'base64url')
  const flipped = (at: number) => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))
  const boBytes = Buffer.from(bo.ticket, 'base64url')
  const strangerKeys = deriveKeys('a secret that the attacker made up, long enough')
  const subject = { tenantId: service.tenantId, invitationId: ana.id, version: 1 }
  const tickets: Record<string, string> = {
    'a bit of the id': flipped(15).toString('base64url'),
    'a bit of the signature': flipped(47).toString('base64url'),
    "another invitation's signature": Buffer.concat([bytes.subarray(0, 16), boBytes.subarray(16)]).toString(
      'base64url',
    ),
    'no signature': Buffer.concat([bytes.subarray(0, 16), Buffer.alloc(32)]).toString('base64url'),
    'cut short': ana.ticket.slice(0, 40),
    'cut to the id': ana.ticket.slice(0, 22),
    'with padding': `${ana.ticket}=`,
    'in the other alphabet': `${ana.ticket.slice(0, -1)}+`,
    'another key': makeTicket(strangerKeys, subject),
    nothing: '',
    'very long': 'A'.repeat(5_000),
  }
  await changesNothing(t, service, async () => {
    for (const [how, ticket] of Object.entries(tickets)) {
      const link = altered(ana.link, { ticket })
      const browser = new Guest()
      t.equal(seen(await browser.get(link)), '404 error', how)
      // With a CSRF token that is right for this browser, so that only the ticket can be what refuses.
      await browser.get(bo.link)
      for (const fields of [{ action: 'send' }, { code: '12345678' }, { choice: 'accept' }] as Record<
        string,
        string
      >[]) {
        t.equal(seen(await browser.post(link, fields)), '404 error', `${how}: ${JSON.stringify(fields)}`)
      }
    }
  })
  const unharmed = await new Guest().get(ana.link)
  t.equal(seen(unharmed), '200 start', 'the real ticket still works')
})

t.test('a real ticket with another organization or another user beside it opens nothing', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const bo = await invited(service, 'bo@partner.example')
  const links = {
    'another user': altered(ana.link, { user: bo.userId }),
    'the administrator': altered(ana.link, { user: service.adminId }),
    'another organization': altered(ana.link, { tenant: ana.id }),
    'no user': altered(ana.link, { user: '' }),
    'an address as user': altered(ana.link, { user: 'mallory@evil.example' }),
  }
  await changesNothing(t, service, async () => {
    for (const [how, link] of Object.entries(links)) t.equal(seen(await new Guest().get(link)), '404 error', how)
  })
})
