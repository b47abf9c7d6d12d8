import t from 'tap'
import { blockUrl } from '../../src/invitations/ticket.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { altered, changesNothing, invited, newestCode, parameter, seen, send } from './scene.js'

t.test('what was made for one purpose is worth nothing for another', async (t) => {
  const service = await startService(t, { workers: false })
  const { baseUrl, tenantId, services } = service
  const ana = await invited(service, 'ana@partner.example')
  const key = parameter(blockUrl(baseUrl, services.keys, tenantId, ana.id), 'key')
  const mac = Buffer.from(ana.ticket, 'base64url').subarray(16).toString('base64url')
  const token = await service.appToken(['User.Read.All'])

  await changesNothing(t, service, async () => {
    const asTicket = {
      'the key that blocks mails': key,
      'an access token': token,
      'a client secret': service.clientSecret,
    }
    for (const [what, ticket] of Object.entries(asTicket)) {
      t.equal(seen(await new Guest().get(altered(ana.link, { ticket }))), '404 error', `${what} as ticket`)
    }
    const id = Buffer.from(ana.id.replaceAll('-', ''), 'hex')
    const composed = Buffer.concat([id, Buffer.from(key, 'base64url')]).toString('base64url')
    t.equal(seen(await new Guest().get(altered(ana.link, { ticket: composed }))), '404 error', 'signed for blocking')

    for (const [what, value] of Object.entries({ ticket: ana.ticket, "a ticket's signature": mac })) {
      const link = `${baseUrl}/signin/block?tenant=${tenantId}&invitation=${ana.id}&key=${value}`
      t.equal(seen(await new Guest().get(link)), '404 error', `${what} as key that blocks`)
      const oneClick = { 'content-type': 'application/x-www-form-urlencoded' }
      const posted = await send(link, { method: 'POST', headers: oneClick, body: 'List-Unsubscribe=One-Click' })
      t.equal(posted.status, 404)
    }
    const bearer = await service.api('GET', '/users', undefined, { token: ana.ticket })
    t.equal(bearer.status, 401, 'a ticket is no access token')
    const paged = await service.api('GET', `/invitations?$skiptoken=${ana.ticket}`)
    t.match(paged, { status: 400, body: { error: { code: 'Directory_ExpiredPageToken' } } })
  })
})

t.test('a code for the page of blocks opens no invitation, and the other way round', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const blocks = `${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`
  const browser = new Guest()
  await browser.get(blocks)
  await browser.post(blocks, { email: ana.address })
  const blocksCode = await newestCode(service, ana.address)

  await changesNothing(t, service, async () => {
    await browser.get(ana.link)
    t.equal(seen(await browser.post(ana.link, { code: blocksCode })), '422 code')
    t.equal(seen(await browser.get(ana.link)), '200 start')
  })

  service.advance(31_000)
  t.equal((await browser.post(ana.link, { action: 'send' })).status, 303)
  const redeemCode = await newestCode(service, ana.address)
  await browser.get(blocks)
  t.equal(seen(await browser.post(blocks, { code: redeemCode })), '422 code', 'and it costs a try there')
  t.match((await browser.get(blocks)).html, /name="code"/, 'the list stays closed')
})
