import t from 'tap'
import { raiseVersion, updateTenant } from '../../src/tenants/index.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

const service = await startService(t)

t.test('a guest goes from the link in the mail to where the invitation points, and the caller sees it', async (t) => {
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

t.test('before they agree, guests read with whom, what it learns, whom to ask and where they go next', async (t) => {
  const address = 'bo@partner.example'
  const { inviteRedeemUrl: link } = await service.invite(address)
  const guest = new Guest()
  const page = await guest.signIn(service, link, address)
  t.match(page, { status: 200, name: 'consent' })
  const facts = [
    'Contoso',
    'contoso.example',
    'Contoso will see your name, e-mail address and photo, if you have one when you sign in and which of its apps you open',
    'It will not see your password, your mail or other organizations you work with',
    'Next page app.example',
    'Invited by Every permission an application of Contoso',
    'You are signed in as bo@partner.example',
    'Contoso can change or remove your guest account.',
    'You can leave at any time under My account.',
  ]
  for (const fact of facts) t.match(textOf(page.html), fact)
  t.match(textOf(page.html), 'Contoso has not published a privacy statement.')
  t.notMatch(textOf(page.html), 'Contact')

  await service.services.database.withTenant(service.tenantId, async ({ orm }) => {
    const contactAddress = 'guests@contoso.example'
    await updateTenant(orm, service.tenantId, {
      contactAddress,
      privacyStatementUrl: 'https://contoso.example/privacy',
    })
    await raiseVersion(orm, service.tenantId)
  })
  service.services.tenants.forget(service.tenantId)
  const { html } = await guest.get(link)
  t.match(html, '<a href="https://contoso.example/privacy">')
  t.match(textOf(html), 'Contoso privacy statement')
  t.match(html, '<a href="mailto:guests@contoso.example">')

  const policy = { allowExternalIdentitiesToLeave: false }
  t.equal((await service.api('PATCH', '/policies/externalIdentitiesPolicy', policy)).status, 204)
  t.notMatch(textOf((await guest.get(link)).html), 'You can leave', 'nothing is promised that is switched off')
})

/** What a reader sees. */
function textOf(html: string): string {
  return html
    .replace(/<head>[\s\S]*?<\/head>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,])/g, '')
}
