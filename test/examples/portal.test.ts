import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

/** `examples/portal` as its README starts it, against a whole service. */
const service = await startService(t)
const { clientId, clientSecret } = await inviter()
const portal = await startPortal()

/** A client that may invite and nothing more. */
async function inviter() {
  const made = await service.api('POST', '/applications', { displayName: 'Portal' })
  const principal = await service.api('POST', '/servicePrincipals', { appId: made.body.appId })
  const { value } = (
    await service.api('GET', `/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'`)
  ).body
  const granted = await service.api('POST', `/servicePrincipals/${principal.body.id}/appRoleAssignments`, {
    principalId: principal.body.id,
    resourceId: value[0].id,
    appRoleId: '09850681-111b-4a89-9bed-3f2cae46d706',
  })
  if (granted.status !== 201) throw new Error(`the permission was not granted: ${granted.text}`)
  const { secretText } = (await service.api('POST', `/applications/${made.body.id}/addPassword`)).body
  return { clientId: made.body.appId as string, clientSecret: secretText as string }
}

async function startPortal(): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, ['examples/portal/portal.js'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      VESTIBULE_URL: service.baseUrl,
      VESTIBULE_TENANT: service.tenantId,
      VESTIBULE_CLIENT_ID: clientId,
      VESTIBULE_CLIENT_SECRET: clientSecret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  })
  if (!child.stdout) throw new Error('no output')
  for await (const line of createInterface(child.stdout)) {
    const url = /^Portal: (\S+)$/.exec(line)?.[1]
    if (url) return url
  }
  throw new Error('the portal did not start')
}

/** Somebody who fills the form in; answers with where it led. */
async function ask(visitor: Guest, fields: Record<string, string>) {
  const form = await visitor.get(`${portal}/`)
  const token = /name="token" value="([^"]+)"/.exec(form.html)?.[1] ?? ''
  return visitor.post(`${portal}/`, { token, ...fields })
}

t.test('a partner asks, is invited, accepts and sees so', async (t) => {
  const visitor = new Guest()
  const asked = await ask(visitor, { email: 'gil@partner.example', name: 'Gil <b>' })
  t.match(asked, { status: 303, location: '/state' })
  const state = await visitor.get(`${portal}/state`)
  t.match(state.html, 'data-status="PendingAcceptance"')
  t.match(state.html, 'gil@partner.example')
  t.notMatch(state.html, service.baseUrl, 'the link is in the mail and nowhere else')
  const [mail] = await service.waitForMails('gil@partner.example')
  const link = mail?.links.find((url) => url.includes('/redeem?')) ?? ''
  const token = /name="token" value="([^"]+)"/.exec(state.html)?.[1] ?? ''
  t.match(await visitor.post(`${portal}/state`, { token }), { status: 429 }, 'the mail is not sent again at once')
  const landed = await new Guest().accept(service, link, 'gil@partner.example')
  t.equal(landed.location, `${portal}/welcome`)
  t.match((await visitor.get(landed.location ?? '')).html, 'You have access now')
  t.match((await visitor.get(`${portal}/state`)).html, 'data-status="Completed"')
  const { value } = (await service.api('GET', "/users?$filter=mail eq 'gil@partner.example'&$select=displayName")).body
  t.equal(value[0].displayName, 'Gil <b>')
})

t.test('a form that is sent twice invites once', async (t) => {
  const visitor = new Guest()
  const form = await visitor.get(`${portal}/`)
  const token = /name="token" value="([^"]+)"/.exec(form.html)?.[1] ?? ''
  const fields = { token, email: 'twice@partner.example' }
  await Promise.all([visitor.post(`${portal}/`, fields), visitor.post(`${portal}/`, fields)])
  const { value } = (
    await service.api('GET', `/invitations?$filter=invitedUserEmailAddress eq 'twice@partner.example'`)
  ).body
  t.equal(value.length, 1)
})

t.test('nobody learns who is known, and nobody looks at the request of another', async (t) => {
  const visitor = new Guest()
  const employee = {
    accountEnabled: true,
    displayName: 'Eva',
    mailNickname: 'eva',
    userPrincipalName: 'eva@contoso.example',
    mail: 'eva@partner.example',
  }
  t.equal((await service.api('POST', '/users', employee)).status, 201)
  t.match(await ask(visitor, { email: 'eva@partner.example' }), { status: 303, location: '/state' })
  t.match((await visitor.get(`${portal}/state`)).html, 'If we can invite this address')
  const [invitation] = (await service.api('GET', '/invitations')).body.value
  const forger = new Guest()
  forger.cookies.set('asked', `${invitation.id}.${'A'.repeat(43)}`)
  t.match(await forger.get(`${portal}/state`), { status: 303, location: '/' })
})

t.test('what is wrong is said, kept as typed, and written as text', async (t) => {
  const visitor = new Guest()
  const wrong = await ask(visitor, { email: 'no address', name: '"><script>alert(1)</script>' })
  t.equal(wrong.status, 422)
  t.match(wrong.html, 'not an e-mail address')
  t.notMatch(wrong.html, '<script>')
  t.match(wrong.html, '&#60;script&#62;')
})

t.test('forms of other sites and of programs do nothing, and a network can ask only so often', async (t) => {
  const before = (await service.api('GET', '/invitations')).body.value.length
  const visitor = new Guest()
  await visitor.get(`${portal}/`)
  t.equal((await visitor.post(`${portal}/`, { token: 'x', email: 'a@partner.example' })).status, 403)
  await ask(visitor, { email: 'b@partner.example', website: 'https://spam.example' })
  t.equal((await service.api('GET', '/invitations')).body.value.length, before)
  const answers: number[] = []
  for (let n = 0; n < 12; n++) answers.push((await ask(new Guest(), { email: 'no address' })).status)
  t.ok(answers.includes(429))
})
