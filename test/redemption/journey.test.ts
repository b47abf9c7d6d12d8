import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

t.test('a guest goes from the link in the mail to where the invitation points, and the caller sees it', async (t) => {
  const service = await startService(t)
  const address = 'ana@partner.example'
  const invitation = await service.invite(address, { sendInvitationMessage: true })
  const [mail] = await service.waitForMails(address)
  const link = mail?.links.find((url) => url.includes('/redeem?')) ?? ''
  t.ok(link.startsWith(service.baseUrl))

  const landed = await new Guest().accept(service, link, address)
  t.equal(landed.status, 303)
  t.equal(landed.location, 'https://app.example/welcome')

  const seen = await service.api('GET', `/invitations/${invitation.id}`)
  t.equal(seen.body.status, 'Completed')
  t.strictSame(
    seen.body.history.map(({ event }: { event: string }) => event),
    ['invited', 'sent', 'redeemed'],
  )
  const user = await service.api('GET', `/users/${invitation.invitedUser.id}?$select=externalUserState,identities`)
  t.equal(user.body.externalUserState, 'Accepted')
  t.match(user.body.identities, [{ issuer: 'mail' }, { signInType: 'userPrincipalName' }])
})
