import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing } from './scene.js'

const EVIL = 'https://evil.example/collect'

t.test('a caller cannot choose the link that the guest is sent', async (t) => {
  const service = await startService(t)
  const address = 'ana@partner.example'
  const made = await service.invite(address, {
    sendInvitationMessage: true,
    inviteRedeemUrl: EVIL,
    'inviteRedeemUrl@odata.type': EVIL,
    invitedUserMessageInfo: { customizedMessageBody: 'See {inviteRedeemUrl} or {{link}} or %LINK%' },
  })
  t.ok(made.inviteRedeemUrl.startsWith(`${service.baseUrl}/redeem?`), 'a read-only property is ignored')
  const [mail] = await service.waitForMails(address)
  t.notOk(`${mail?.html}${mail?.text}`.includes('evil.example'))
  t.ok(mail?.text.includes('{inviteRedeemUrl} or {{link}} or %LINK%'), 'the message is no template')

  await changesNothing(t, service, async () => {
    for (const name of ['redeemUrl', 'link', 'callbackUrl', 'baseUrl', 'acceptUrl']) {
      const wish = {
        invitedUserEmailAddress: 'bo@partner.example',
        inviteRedirectUrl: 'https://app.example/',
        [name]: EVIL,
      }
      const answer = await service.api('POST', '/invitations', wish)
      t.match(answer, { status: 400, body: { error: { target: name, innerError: { code: 'unknownProperty' } } } })
    }
  })
})
