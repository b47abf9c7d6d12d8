import t from 'tap'
import { freePort, startApache } from '../support/apache.js'
import { startJourneys } from '../support/browser.js'

/**
 * A relying party nobody here wrote: Apache with mod_auth_openidc protects a page. An invitation opens it, disabling the
 * guest closes it, enabling them opens it again.
 */
const { service, visitor } = await startJourneys(t)

t.test(
  'a guest invited by API reaches a page behind mod_auth_openidc, loses it at once and gets it back',
  async (t) => {
    const port = await freePort()
    const redirect = `http://localhost:${port}/protected/redirect_uri`
    const application = (
      await service.api('POST', '/applications', {
        displayName: 'Protected page',
        web: { redirectUris: [redirect], backChannelLogoutUrl: `${redirect}?logout=backchannel` },
      })
    ).body
    const principal = (
      await service.api('POST', '/servicePrincipals', { appId: application.appId, appRoleAssignmentRequired: true })
    ).body
    const { secretText } = (await service.api('POST', `/applications/${application.id}/addPassword`)).body
    const apache = await startApache(t, port, {
      metadata: `${service.baseUrl}/${service.tenantId}/v2.0/.well-known/openid-configuration`,
      clientId: application.appId,
      clientSecret: secretText,
    })
    const address = 'ana@partner.example'
    const invited = await service.invite(address, {
      inviteRedirectUrl: apache.protectedUrl,
      invitedUserAppRoleAssignments: [{ resourceId: principal.id }],
    })

    const guest = await visitor(t)
    t.match(await guest.open(apache.protectedUrl), { name: 'sign-in' })
    await guest.page.fill('input[name=email]', address)
    const { code } = await guest.codeFrom(address, () => guest.press('Send code'))
    t.match(await guest.enter(code), { name: 'consent' }, 'the invitation is accepted on the way')
    t.match(await guest.press('Accept'), { status: 200, title: 'Protected', headers: { 'x-user': address } })
    t.match(await guest.open(apache.protectedUrl), { title: 'Protected' }, 'and is remembered')

    const user = `/users/${invited.invitedUser.id}`
    /**
     * What they see who lost it, once they do. A machine with nothing else to do loads some thirty pages in the second
     * in which it must be lost; one that is slow in all things loads fewer, and so does whoever tells Apache.
     */
    const losing = async () => {
      const begun = Date.now()
      for (let loads = 1; ; loads++) {
        const { title, name } = await guest.open(apache.protectedUrl)
        if (title === 'Protected' && loads < 30) continue
        t.not(title, 'Protected', `lost at load ${loads}, within ${Date.now() - begun} ms`)
        return name
      }
    }
    const signInAgain = async () => {
      // One code in 30 s for an address.
      service.advance(31_000)
      await guest.open(apache.protectedUrl)
      await guest.page.fill('input[name=email]', address)
      const { code } = await guest.codeFrom(address, () => guest.press('Send code'))
      return guest.enter(code)
    }

    await service.api('PATCH', user, { accountEnabled: false })
    t.equal(await losing(), 'sign-in')
    await service.api('PATCH', user, { accountEnabled: true })
    t.match(await signInAgain(), { status: 200, title: 'Protected' }, 'and got back')

    await service.api('DELETE', user)
    t.equal(await losing(), 'sign-in')
    t.equal((await service.api('POST', `/directory/deletedItems/${invited.invitedUser.id}/restore`)).status, 200)
    t.match(await signInAgain(), { status: 200, title: 'Protected' }, 'a restored guest has what they had')
    t.strictSame(guest.complaints, [])
  },
)
