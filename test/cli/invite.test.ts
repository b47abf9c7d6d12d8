import t from 'tap'
import { createMailboxTransport } from '../../src/mailbox/index.js'
import { MailNotAccepted } from '../../src/platform/mail/mail.js'
import { Guest } from '../support/guest.js'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'
import { command, outcomeOf, startCommand } from './command.js'

const environment = (service: TestService) => ({
  VESTIBULE_URL: service.baseUrl,
  VESTIBULE_TENANT: service.tenantId,
  VESTIBULE_CLIENT_ID: service.clientId,
  VESTIBULE_CLIENT_SECRET: service.clientSecret,
})

const redirect = ['--redirect', 'https://app.example/welcome']

/** The invitation of an address once the command has made it. */
async function invitationOf(service: TestService, address: string): Promise<any> {
  const filter = encodeURIComponent(`invitedUserEmailAddress eq '${address}'`)
  let found: any[] = []
  await until(async () => {
    found = (await service.api('GET', `/invitations?$filter=${filter}`)).body.value
    return found.length > 0
  }, `somebody invited ${address}`)
  return found[0]
}

async function linkTo(service: TestService, address: string): Promise<string> {
  const [mail] = await service.waitForMails(address)
  return mail?.links.find((url) => url.includes('/redeem?')) ?? ''
}

t.test('inviting', async (t) => {
  const service = await startService(t)
  const env = environment(service)
  const vestibule = (...args: string[]) => command(args, env)

  await t.test('an invitation is mailed, and its id, status and link are printed', async (t) => {
    const { code, out, err } = await outcomeOf(startCommand(['invite', 'ana@partner.example', ...redirect], env))
    t.equal(code, 0, err)
    const made = await invitationOf(service, 'ana@partner.example')
    t.match(out, made.id)
    t.match(out, 'PendingAcceptance')
    t.match(out, `${service.baseUrl}/redeem?`)
    t.equal((await service.waitForMails('ana@partner.example')).length, 1)
  })

  await t.test('every option reaches the service, and --json prints what it answered', async (t) => {
    const wish = [
      ['--message', 'See you on Monday'],
      ['--language', 'de'],
      ['--display-name', 'Ben Bond'],
      ['--cc', 'cleo@partner.example'],
      ['--expires', '2099-12-31T18:00'],
      ['--contact-url', 'https://help.example/me'],
      ['--sponsor', service.adminId],
      ['--type', 'Member'],
    ].flat()
    const { code, out, err } = await vestibule('invite', 'ben@partner.example', ...redirect, ...wish, '--json')
    t.equal(code, 0, err)
    t.match(JSON.parse(out), {
      inviteRedeemUrl: /\/redeem\?/,
      inviteRedirectUrl: 'https://app.example/welcome',
      sendInvitationMessage: true,
      invitedUserDisplayName: 'Ben Bond',
      invitedUserType: 'Member',
      expiresDateTime: '2099-12-31T18:00:00.000Z',
      contactUrl: 'https://help.example/me',
      invitedUserMessageInfo: {
        customizedMessageBody: 'See you on Monday',
        messageLanguage: 'de',
        ccRecipients: [{ emailAddress: { address: 'cleo@partner.example' } }],
      },
    })
    const sponsors = await service.rows('select sponsor_id from user_sponsors')
    t.strictSame(
      sponsors.map((row) => row['sponsor_id']),
      [service.adminId],
    )
  })

  await t.test('with --no-mail the link is all there is, and never means no end', async (t) => {
    const { code, out } = await vestibule(
      'invite',
      'dan@partner.example',
      ...redirect,
      '--no-mail',
      '--expires',
      'never',
      '--json',
    )
    t.equal(code, 0)
    t.match(JSON.parse(out), { sendInvitationMessage: false, expiresDateTime: null, inviteRedeemUrl: String })
    const made = await invitationOf(service, 'dan@partner.example')
    t.equal(made.delivery, null)
  })

  await t.test('the same idempotency key invites once', async (t) => {
    const args = ['invite', 'eva@partner.example', ...redirect, '--idempotency-key', 'order-1', '--json']
    const first = JSON.parse((await vestibule(...args)).out)
    const second = JSON.parse((await vestibule(...args)).out)
    t.equal(second.id, first.id)
  })

  await t.test("the service's refusal ends with 1, in Graph's words and as JSON", async (t) => {
    const { code, out, err } = await vestibule('invite', 'nobody', ...redirect, '--json')
    t.equal(code, 1)
    t.match(err, /invitedUserEmailAddress: .*\(BadRequest\)/)
    t.match(JSON.parse(out).error, { code: 'BadRequest', message: /invitedUserEmailAddress/, innerError: Object })
  })

  await t.test('a refusal by policy ends with 3', async (t) => {
    const policy = '/policies/authorizationPolicy'
    const closed = await service.api('PATCH', policy, { allowInvitesFrom: 'none' })
    t.equal(closed.status, 204)
    const { code, err } = await outcomeOf(startCommand(['invite', 'finn@partner.example', ...redirect], env))
    t.equal(code, 3, err)
    t.match(err, '(Forbidden)')
    await service.api('PATCH', policy, { allowInvitesFrom: 'everyone' })
  })

  await t.test('a wrong secret ends with 1 and does not show it', async (t) => {
    const { code, out, err } = await command(['invite', 'gil@partner.example', ...redirect, '--json'], {
      ...env,
      VESTIBULE_CLIENT_SECRET: 'not-the-secret',
    })
    t.equal(code, 1)
    t.equal(JSON.parse(out).error.code, 'invalid_client')
    t.notMatch(out + err, 'not-the-secret')
  })
})

t.test('waiting', async (t) => {
  const service: TestService = await startService(t, {
    transport: ({ clock }) => ({
      name: 'mailbox',
      async send(mail) {
        if (mail.to.address === 'unknown@partner.example') {
          throw new MailNotAccepted('no such mailbox', { permanent: true })
        }
        return createMailboxTransport(service.services.database.sql, clock).send(mail)
      },
      verify: async () => {},
      close: async () => {},
    }),
  })
  const env = environment(service)
  const wait = (address: string, ...more: string[]) => command(['invite', address, ...redirect, '--wait', ...more], env)

  await t.test('acceptance ends it with 0, and what happened is told line by line', async (t) => {
    const outcome = outcomeOf(startCommand(['invite', 'ana@partner.example', ...redirect, '--wait'], env))
    const link = await linkTo(service, 'ana@partner.example')
    await new Guest().accept(service, link, 'ana@partner.example')
    const { code, out, err } = await outcome
    t.equal(code, 0, err)
    t.match(out, 'ana@partner.example accepted the invitation.')
    const events = [...err.matchAll(/^\d\d:\d\d:\d\dZ (\w+)$/gm)].map(([, event]) => event)
    t.strictSame(events, ['invited', 'sent', 'redeemed'])
  })

  await t.test('declining ends it with 5, and --json prints the invitation as it is then, with its link', async (t) => {
    const outcome = wait('ben@partner.example', '--json')
    const guest = new Guest()
    const link = await linkTo(service, 'ben@partner.example')
    await guest.signIn(service, link, 'ben@partner.example')
    await guest.post(link, { choice: 'decline' })
    const { code, out, err } = await outcome
    t.equal(code, 5, err)
    t.match(err, 'ben@partner.example declined')
    const shown = JSON.parse(out)
    t.equal(shown.inviteRedeemUrl, link)
    t.equal(shown.status, 'PendingAcceptance')
    t.equal(shown.history.at(-1).event, 'declined')
  })

  await t.test('revocation ends it with 5', async (t) => {
    const outcome = wait('cleo@partner.example')
    const { id } = await invitationOf(service, 'cleo@partner.example')
    await service.api('POST', `/invitations/${id}/revoke`)
    t.match(await outcome, { code: 5, err: /revoked/ })
  })

  await t.test('a mail that nobody takes ends it with 5 and says why', async (t) => {
    t.match(await wait('unknown@partner.example'), {
      code: 5,
      err: /did not get the mail.*no such mailbox/,
    })
  })

  await t.test('the end of the time given ends it with 4 and leaves the invitation open', async (t) => {
    const { code, err } = await wait('dan@partner.example', '--timeout', '1s')
    t.equal(code, 4, err)
    t.match(err, /has not answered within 1s/)
    t.equal((await invitationOf(service, 'dan@partner.example')).status, 'PendingAcceptance')
  })

  await t.test('on a terminal one line tells how long it has been, and is gone in the end', async (t) => {
    const args = ['invite', 'eva@partner.example', ...redirect, '--wait', '--timeout', '1s']
    const { code, err } = await command(args, env, true)
    t.equal(code, 4)
    const [, ...drawn] = err.split('\r\u001b[K')
    t.ok(drawn.some((text) => text.startsWith('Waiting 0:00, mail ')))
    t.match(drawn.at(-1), /^eva@partner.example has not answered within 1s/)
  })
})
