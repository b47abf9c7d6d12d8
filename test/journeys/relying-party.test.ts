import t from 'tap'
import { freePort, startApache } from '../support/apache.js'
import { startJourneys } from '../support/browser.js'
import { swiftest } from '../support/swiftest.js'

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
    /** How long after now the page was still given to somebody who asked for it. */
    const heldFor = async () => {
      const begun = Date.now()
      let last = begun
      for (;;) {
        const asked = Date.now()
        const { title, name } = await guest.open(apache.protectedUrl)
        if (title !== 'Protected') return { name, ms: last - begun }
        last = asked
        if (last - begun > 30_000) return { name, ms: last - begun }
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

    /** Takes the page away and gives it back; tells how long it took to be gone. */
    const lost = async (take: () => Promise<unknown>, giveBack: () => Promise<{ status: number }>) => {
      await take()
      const { name, ms } = await heldFor()
      t.equal(name, 'sign-in')
      t.ok((await giveBack()).status < 300)
      t.match(await signInAgain(), { status: 200, title: 'Protected' }, 'and got back')
      return ms
    }
    const enabled = (accountEnabled: boolean) => service.api('PATCH', user, { accountEnabled })
    const disabledMs = await swiftest(1_000, () =>
      lost(
        () => enabled(false),
        () => enabled(true),
      ),
    )
    t.ok(disabledMs < 1_000, `lost within a second: ${disabledMs} ms`)
    const deletedMs = await swiftest(1_000, () =>
      lost(
        () => service.api('DELETE', user),
        () => service.api('POST', `/directory/deletedItems/${invited.invitedUser.id}/restore`),
      ),
    )
    t.ok(deletedMs < 1_000, `a deleted guest as well, who has what they had when restored: ${deletedMs} ms`)
    t.strictSame(guest.complaints, [])
  },
)
