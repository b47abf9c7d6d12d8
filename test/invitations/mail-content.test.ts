import t from 'tap'
import { updateTenant } from '../../src/tenants/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('the mail that arrives', async (t) => {
  const service = await startService(t)
  const { services, tenantId, baseUrl } = service
  const change = async (changes: Parameters<typeof updateTenant>[2]) => {
    await updateTenant(services.database.orm, tenantId, changes)
    services.tenants.forget(tenantId)
  }
  let number = 0
  const mail = async (wish: Record<string, unknown>, options: { address?: string; token?: string } = {}) => {
    number += 1
    const address = options.address ?? `guest${number}@partner.example`
    const before = (await service.mails(address)).length
    const answer = await service.api(
      'POST',
      '/invitations',
      {
        invitedUserEmailAddress: address,
        inviteRedirectUrl: 'https://app.example/start',
        sendInvitationMessage: true,
        ...wish,
      },
      options.token === undefined ? {} : { token: options.token },
    )
    if (answer.status !== 201) throw new Error(answer.text)
    const [newest] = await service.waitForMails(address, before + 1)
    if (!newest) throw new Error('no mail')
    return { ...newest, invitation: answer.body }
  }
  const languageOf = ({ html }: { html: string }) => /<html[^>]* lang="([^"]+)"/.exec(html)?.[1]
  const speak = (messageLanguage: string) => ({ invitedUserMessageInfo: { messageLanguage } })

  await t.test('the language: of the call, then the guest, then the organization, then English', async (t) => {
    t.equal(languageOf(await mail({})), 'en')
    t.equal(languageOf(await mail(speak('fr-CA'))), 'fr')
    t.equal(languageOf(await mail(speak('xx'))), 'en', 'one we do not speak counts as none')
    await change({ notificationLanguage: 'es' })
    t.equal(languageOf(await mail({})), 'es')
    t.equal(languageOf(await mail(speak('de'))), 'de')

    const { invitedUser } = await service.invite('ja@partner.example')
    await service.api('PATCH', `/users/${invitedUser.id}`, { preferredLanguage: 'ja-JP' })
    t.equal(languageOf(await mail({}, { address: 'ja@partner.example' })), 'ja')
    t.equal(languageOf(await mail(speak('ar'), { address: 'ja@partner.example' })), 'ar')
    t.equal(languageOf(await mail(speak('xx'), { address: 'ja@partner.example' })), 'ja')
    await change({ notificationLanguage: null })
    t.equal(languageOf(await mail(speak('de-AT'))), 'de', 'a message of the caller does not change that')
  })

  await t.test('the link in it is the one that was answered, and works', async (t) => {
    const { links, invitation } = await mail({})
    t.ok(links.includes(invitation.inviteRedeemUrl))
    t.equal((await fetch(invitation.inviteRedeemUrl)).status, 200)
  })

  await t.test('an application’s message is sent, and attributed to the application', async (t) => {
    const { html, text, replyTo } = await mail({
      invitedUserMessageInfo: { customizedMessageBody: 'See you <soon> & often' },
    })
    t.match(text, 'See you <soon> & often')
    t.match(html, 'See you &lt;soon> &amp; often')
    t.match(text, 'Every permission')
    t.equal(replyTo, null)
  })

  await t.test('a person’s mail answers to the person, and names them', async (t) => {
    const inviter = await person(service, 'inga')
    const sent = await mail({}, { token: await service.userToken(inviter, ['User.Invite.All']) })
    t.match(sent.replyTo, 'inga@contoso.example')
    t.match(sent.subject, 'inga')
    t.match(sent.from, 'Contoso')
  })

  await t.test('the copy goes to the one who was named', async (t) => {
    const { cc } = await mail({
      invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { name: 'Bo', address: 'bo@copy.example' } }] },
    })
    t.strictSame(cc, ['bo@copy.example'])
  })

  await t.test('it can be refused with one click', async (t) => {
    const { id } = await mail({})
    const raw = await (await fetch(`${baseUrl}/dev/mailbox/messages/${id}/raw`)).text()
    t.match(raw.replace(/\r\n[ \t]+/g, ' '), /List-Unsubscribe: <http[^>]+\/signin\/block\?/)
    t.match(raw, 'List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  })

  await t.test('the organization’s privacy statement and contact, or a word that there is none', async (t) => {
    t.notMatch((await mail({})).links.join(), 'privacy.example')
    await change({ privacyStatementUrl: 'https://privacy.example/', contactAddress: 'help@contoso.example' })
    const sent = await mail({})
    t.ok(sent.links.includes('https://privacy.example/'))
    const own = await mail({ contactUrl: 'https://helpdesk.example/' })
    t.match(own.html + own.text, 'https://helpdesk.example/')
  })

  await t.test('for somebody who is in already it says so, and leads on', async (t) => {
    const first = await service.invite('in@partner.example')
    await service.rows(
      `update users set external_user_state = 'Accepted', external_user_state_change_date_time = now() where id = '${first.invitedUser.id}'`,
    )
    const { links, invitation } = await mail({}, { address: 'in@partner.example' })
    t.equal(invitation.status, 'Completed')
    t.ok(links.includes(invitation.inviteRedeemUrl))
  })
})
