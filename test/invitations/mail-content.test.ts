import t from 'tap'
import { LANGUAGES, textsIn } from '../../src/platform/i18n/index.js'
import { line, textOf } from '../../src/platform/mail/lines.js'
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

  await t.test(
    'the language: of the call, the guest, their organization at home, the inviting one, English',
    async (t) => {
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

      const home = await service.otherTenant('home.example')
      const atHome = () => ({ address: `guest${number}@HOME.example` })
      t.equal(languageOf(await mail({}, atHome())), 'es', 'an organization that names none has none')
      await updateTenant(services.database.orm, home.tenantId, { notificationLanguage: 'fr' })
      t.equal(languageOf(await mail({}, atHome())), 'fr')
      t.equal(languageOf(await mail(speak('de'), atHome())), 'de')
      t.equal(languageOf(await mail({}, { address: 'guest@sub.home.example' })), 'es', 'a name below is not theirs')
      await change({ notificationLanguage: null })
      t.equal(languageOf(await mail(speak('de-AT'))), 'de', 'a message of the caller does not change that')
    },
  )

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

  // Spec section 4, in its order. Catalogues differ in their words; what they must name is the same.
  await t.test('both parts tell everything in order, in every language', async (t) => {
    const token = await service.userToken(await person(service, 'iris'), ['User.Invite.All'])
    const organization = 'Contoso'
    for (const { code } of LANGUAGES) {
      const texts = textsIn(code)
      const say = (...line_: Parameters<typeof line>) => bare(textOf(texts, line(...line_)))
      const sent = await mail(
        { invitedUserMessageInfo: { messageLanguage: code, customizedMessageBody: 'Come in.' } },
        { token },
      )
      t.equal(languageOf(sent), code)
      t.match(sent.subject, texts.say('mail.invitation.subject', { inviter: 'iris' }))
      t.match(sent.from, texts.say('mail.from', { organization }))
      const block = sent.links.find((link) => link.includes('/signin/block?')) ?? 'no block link'
      const why = { address: sent.to[0] ?? '', inviter: 'iris', organization, mail: 'iris@contoso.example' }
      const parts = [
        say('mail.invitation.caution', { inviter: 'iris' }),
        bare('contoso.example'),
        say('mail.invitation.heading', { inviter: 'iris', organization }),
        say('mail.invitation.writes', { inviter: 'iris' }),
        bare('Come in.'),
        say('mail.invitation.accept'),
        bare('https://app.example/start'),
        say('mail.invitation.why.mail', why),
        say('mail.invitation.block', { organization }),
        say('mail.invitation.privacy.none', { organization }),
      ]
      for (const [name, part] of [
        ['html', sent.html],
        ['text', sent.text],
      ] as const) {
        // The domain stands beside the heading: before it in one part, after it in the other.
        const inOrder = parts.filter((_, index) => index !== 1).map((each) => bare(part).lastIndexOf(each))
        t.ok(
          inOrder.every((at) => at >= 0),
          `${code}, ${name}: every part is there`,
          { inOrder, part },
        )
        t.strictSame(
          [...inOrder].sort((a, b) => a - b),
          inOrder,
          `${code}, ${name}: in order`,
        )
        t.ok(bare(part).includes(parts[1] ?? ''), `${code}, ${name}: the domain`)
      }
      for (const link of [sent.invitation.inviteRedeemUrl, block]) {
        t.ok(sent.text.split('\n').includes(link), `${code}: a link stands whole on a line`)
        t.ok(sent.html.includes(`href="${link.replaceAll('&', '&amp;')}"`), `${code}: and can be pressed`)
      }
    }
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

/** What a reader sees, without white space: Japanese lines break anywhere. */
function bare(text: string): string {
  return text
    .replace(/<head>[\s\S]*?<\/head>|<[^>]*>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
    .replace(/[\s\u2066-\u2069]/g, '')
}
