import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { addPerson, changesNothing, changeTenant, linksOf, send } from './scene.js'

const MARKUP = '<img src=x onerror=alert(1)><a href="https://evil.example/">Click</a><script>alert(1)</script>'
const LINK = 'https://evil.example/login'

t.test('names and messages are text in mail and pages: no markup, no link, no header of theirs', async (t) => {
  const service = await startService(t)
  await changeTenant(service, { displayName: `Contoso ${MARKUP} ${LINK}\r\nBcc: evil@evil.example` })
  const inviter = await addPerson(service, 'iris', { mail: 'iris@contoso.example' })
  const renamed = { displayName: `evil.example ${LINK} "Iris" <x@evil.example>${MARKUP}` }
  t.equal((await service.api('PATCH', `/users/${inviter}`, renamed)).status, 204)
  const token = await service.userToken(inviter, ['User.Invite.All'])
  const made = await service.api(
    'POST',
    '/invitations',
    {
      invitedUserEmailAddress: 'ana@partner.example',
      invitedUserDisplayName: MARKUP,
      inviteRedirectUrl: 'https://app.example/?"><script>alert(1)</script>',
      sendInvitationMessage: true,
      invitedUserMessageInfo: {
        customizedMessageBody: `${MARKUP}\n</td></table>${LINK}\nyour code is 12345678\n\u202ereversed`,
      },
    },
    { token },
  )
  t.equal(made.status, 201)
  const [mail] = await service.waitForMails('ana@partner.example')
  if (!mail) return
  t.notMatch(mail.html, /<script|<img[^>]*onerror/i, 'no markup of theirs in the HTML part')
  const leadsTo = linksOf(mail.html).filter((href) => /^https?:/.test(href))
  t.strictSame(
    leadsTo.filter((href) => new URL(href).hostname === 'evil.example'),
    [],
    'no link of theirs',
  )
  t.ok(leadsTo.includes(made.body.inviteRedeemUrl), 'but ours')
  t.notMatch(`${mail.subject}${mail.from}${mail.replyTo}`, /[\r\n]/, 'nothing of theirs breaks a header')
  const raw = await send(`${service.baseUrl}/dev/mailbox/messages/${mail.id}/raw`)
  t.notMatch(raw.text.split('\r\n\r\n', 1)[0] ?? '', /^bcc:/im)

  const browser = new Guest()
  const page = await browser.get(made.body.inviteRedeemUrl)
  t.notMatch(page.html, /<script|<img[^>]*onerror/i, 'nor on a page')
  t.strictSame(
    linksOf(page.html).filter((href) => href.includes('evil.example')),
    [],
  )
  const shown = await send(`${service.baseUrl}/dev/mailbox/messages/${mail.id}/html`)
  t.match(
    shown.headers['content-security-policy'],
    /default-src 'none'.*sandbox/,
    'and the mailbox shows it harmlessly',
  )
})

t.test('a contact or privacy link that is not one never becomes a link', async (t) => {
  const service = await startService(t, { workers: false })
  await changesNothing(t, service, async () => {
    for (const contactUrl of [
      'javascript:alert(1)',
      'data:text/html,x',
      'mailto:a@b.example?bcc=evil@evil.example\r\nX: y',
      'mailto:not an address',
      'https://help.example@evil.example/',
    ]) {
      const wish = {
        invitedUserEmailAddress: 'ana@partner.example',
        inviteRedirectUrl: 'https://a.example/',
        contactUrl,
      }
      const answer = await service.api('POST', '/invitations', wish)
      t.match(answer, { status: 400, body: { error: { target: 'contactUrl' } } }, contactUrl)
    }
  })
  await changeTenant(service, { privacyStatementUrl: 'javascript:alert(1)' })
  const { inviteRedeemUrl } = await service.invite('ana@partner.example')
  const page = await new Guest().get(inviteRedeemUrl)
  t.notMatch(page.html, /javascript:/i, 'not even when the organization itself has one')
})
