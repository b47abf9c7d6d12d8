import t from 'tap'
import { startService } from '../support/service.js'
import { send } from './scene.js'

const EVIL = 'evil.example'

// Seen to fail with `of` (src/platform/origins.ts) answering from the Host header: the redeem link led to evil.example.
t.test('no header and no request target decides where a link leads', async (t) => {
  const service = await startService(t)
  const { baseUrl, tenantId } = service
  const token = await service.appToken(['User.Invite.All', 'User.Read.All'])
  const poisons: Record<string, Record<string, string>> = {
    host: { host: EVIL },
    'host with port': { host: `${EVIL}:443` },
    'host as user name': { host: `localhost@${EVIL}` },
    'x-forwarded-host': { 'x-forwarded-host': EVIL, 'x-forwarded-proto': 'https' },
    forwarded: { forwarded: `host=${EVIL};proto=https` },
    others: {
      'x-host': EVIL,
      'x-original-host': EVIL,
      'x-forwarded-server': EVIL,
      'x-original-url': `https://${EVIL}/`,
    },
  }
  let guest = 0
  for (const [how, headers] of Object.entries(poisons)) {
    const address = `guest${guest++}@partner.example`
    const made = await send(`${baseUrl}/v1.0/invitations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        invitedUserEmailAddress: address,
        inviteRedirectUrl: 'https://app.example/',
        sendInvitationMessage: true,
      }),
    })
    t.equal(made.status, 201, how)
    t.ok(made.body.inviteRedeemUrl.startsWith(`${baseUrl}/redeem?`), `${how}: the link in the answer`)
    t.ok(made.headers.location?.startsWith(`${baseUrl}/v1.0/invitations/`))
    const [mail] = await service.waitForMails(address)
    t.notOk(`${mail?.html}${mail?.text}`.includes(EVIL), `${how}: the mail`)

    const page = await send(made.body.inviteRedeemUrl, { headers })
    t.equal(page.status, 200)
    t.notOk(page.text.includes(EVIL), `${how}: the page`)
    const list = await send(`${baseUrl}/v1.0/invitations?$top=1`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
    t.notOk(list.text.includes(EVIL), `${how}: contexts and next links`)
    const discovery = await send(`${baseUrl}/${tenantId}/v2.0/.well-known/openid-configuration`, { headers })
    t.equal(discovery.body?.issuer, `${baseUrl}/${tenantId}/v2.0`, `${how}: the issuer`)
    t.notOk(discovery.text.includes(EVIL))
  }
})

t.test('a request target with a host in it is not repeated', async (t) => {
  const service = await startService(t, { workers: false })
  const { inviteRedeemUrl } = await service.invite('ana@partner.example')
  const path = inviteRedeemUrl.slice(service.baseUrl.length)
  const page = await send(inviteRedeemUrl, { target: `http://${EVIL}${path}` })
  t.notOk(page.text.includes(EVIL))
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const cookie = String(page.headers['set-cookie']).split(';')[0] ?? ''
  const sent = await send(inviteRedeemUrl, {
    method: 'POST',
    target: `http://${EVIL}${path}`,
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf, action: 'send' }).toString(),
  })
  t.equal(sent.status, 303)
  t.notOk(String(sent.headers.location).includes(EVIL), 'nor redirected to')
})
