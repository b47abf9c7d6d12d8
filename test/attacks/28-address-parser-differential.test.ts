import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, send } from './scene.js'

const wish = (more: object) => ({
  invitedUserEmailAddress: 'ana@partner.example',
  inviteRedirectUrl: 'https://app.example/',
  sendInvitationMessage: true,
  ...more,
})

t.test('an address that two parsers could read differently is none', async (t) => {
  const service = await startService(t)
  const tricks = [
    '"xclow3n@gmail.com x"@partner.example',
    '"ana@evil.example"@partner.example',
    'ana@evil.example@partner.example',
    'ana@partner.example,evil@evil.example',
    'ana@partner.example;evil@evil.example',
    'ana@partner.example evil@evil.example',
    'Ana <ana@partner.example>',
    '<evil@evil.example>ana@partner.example',
    'ana@partner.example(evil@evil.example)',
    'ana(evil)@partner.example',
    'group:ana@partner.example;',
    '=?utf-8?q?evil=40evil.example=3e?=@partner.example',
    '=?iso-8859-1?q?=61=62=63?=collab@partner.example',
    'ana%evil.example@partner.example\0',
    '@evil.example:ana@partner.example',
    'evil.example!ana\r\nBcc: evil@evil.example@partner.example',
    'ana@partner.example\nBcc: evil@evil.example',
    'ana@[127.0.0.1]',
    'ana@127.0.0.1',
    'ana@partner.example.',
    'ana@partner..example',
    'ana..b@partner.example',
    '.ana@partner.example',
    'ana@-partner.example',
    'ana@localhost',
    'ana\\@evil.example@partner.example',
    'ana@partner.example/evil.example',
    'ana@evil.example#partner.example',
    'ana@evil.example?partner.example',
    'ana@evil.example:25',
  ]
  await changesNothing(t, service, async () => {
    for (const address of tricks) {
      const invitation = await service.api('POST', '/invitations', wish({ invitedUserEmailAddress: address }))
      t.equal(invitation.status, 400, JSON.stringify(address))
      const copy = { invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { address } }] } }
      t.equal((await service.api('POST', '/invitations', wish(copy))).status, 400, `copy to ${JSON.stringify(address)}`)
      t.equal((await service.api('PATCH', `/users/${service.adminId}`, { mail: address })).status >= 400, true)
    }
  })
})

t.test('names around an address add no recipient', async (t) => {
  const service = await startService(t)
  const name = 'Ana" <evil@evil.example>, "x\r\nBcc: evil@evil.example\r\n\r\nHello =?utf-8?q?=40?='
  await service.invite('ana@partner.example', {
    sendInvitationMessage: true,
    invitedUserDisplayName: name,
    invitedUserMessageInfo: {
      ccRecipients: [{ emailAddress: { name, address: 'copy@partner.example' } }],
      customizedMessageBody: `.\r\nRCPT TO:<evil@evil.example>\r\nBcc: evil@evil.example`,
    },
  })
  const [mail] = await service.waitForMails('ana@partner.example')
  t.match(mail, { to: ['ana@partner.example'], cc: ['copy@partner.example'] })
  t.equal((await service.mails('evil@evil.example')).length, 0)
  const raw = await send(`${service.baseUrl}/dev/mailbox/messages/${mail?.id}/raw`)
  const [head = ''] = raw.text.split('\r\n\r\n')
  t.notMatch(head, /evil/i, 'no header names anybody else')
  t.notMatch(head, /^bcc:/im)
})
