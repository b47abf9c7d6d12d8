import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { accepted, altered, changesNothing, invited, seen, signedIn } from './scene.js'

t.test("another organization's objects are not found, whatever is asked of them", async (t) => {
  const service = await startService(t, { workers: false })
  const fabrikam = await service.otherTenant('fabrikam.example')
  const ana = await invited(service, 'ana@partner.example')
  const as = { token: fabrikam.token }
  const wish = (more: object) => ({
    invitedUserEmailAddress: ana.address,
    inviteRedirectUrl: 'https://app.example/',
    ...more,
  })

  await changesNothing(t, service, async () => {
    const notFound: [string, string, unknown?][] = [
      ['GET', `/invitations/${ana.id}`],
      ['POST', `/invitations/${ana.id}/resend`],
      ['POST', `/invitations/${ana.id}/revoke`],
      ['GET', `/users/${ana.userId}`],
      ['GET', `/users/${encodeURIComponent('admin@contoso.example')}`],
      ['PATCH', `/users/${ana.userId}`, { displayName: 'Owned' }],
      ['DELETE', `/users/${ana.userId}`],
      ['POST', '/invitations', wish({ invitedUser: { id: ana.userId } })],
      ['POST', '/invitations', wish({ invitedUser: { id: ana.userId }, resetRedemption: true })],
    ]
    for (const [method, path, body] of notFound) {
      const answer = await service.api(method, path, body, as)
      t.equal(answer.status, 404, `${method} ${path}`)
      t.equal(answer.body.error.code, 'Request_ResourceNotFound')
    }
    const sponsored = wish({ invitedUserSponsors: [{ id: service.adminId }] })
    t.match(await service.api('POST', '/invitations', sponsored, as), {
      status: 400,
      body: { error: { innerError: { code: 'unknownSponsor' } } },
    })
    t.strictSame((await service.api('GET', '/invitations', undefined, as)).body.value, [])
    const users = await service.api('GET', '/users', undefined, as)
    t.strictSame(
      users.body.value.map(({ id }: { id: string }) => id),
      [fabrikam.adminId],
    )
  })
})

t.test('a ticket, a session and a page token of one organization open nothing in another', async (t) => {
  const service = await startService(t, { workers: false })
  const fabrikam = await service.otherTenant('fabrikam.example')
  const wish = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://other.example/' }
  const other = await service.api('POST', '/invitations', wish, { token: fabrikam.token })
  const ana = await invited(service, 'ana@partner.example')
  await invited(service, 'bo@partner.example')
  const browser = await accepted(service, ana)
  const page = await service.api('GET', '/invitations?$top=1')
  const skipToken = new URL(page.body['@odata.nextLink']).searchParams.get('$skiptoken') ?? ''

  await changesNothing(t, service, async () => {
    t.equal(seen(await new Guest().get(altered(ana.link, { tenant: fabrikam.tenantId }))), '404 error')
    const inOther = await browser.get(other.body.inviteRedeemUrl)
    t.equal(seen(inOther), '200 start', 'signed in at one organization is not signed in at the other')
    t.equal((await browser.post(other.body.inviteRedeemUrl, { choice: 'accept' })).location, null)
    const paged = await service.api('GET', `/invitations?$skiptoken=${skipToken}`, undefined, { token: fabrikam.token })
    t.equal(paged.status, 400)
  })
  t.ok(await signedIn(service, await invited(service, 'cy@partner.example')))
})
