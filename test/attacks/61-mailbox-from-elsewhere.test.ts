import t from 'tap'
import { loadConfig } from '../../src/platform/config.js'
import { startService } from '../support/service.js'
import { changesNothing, send } from './scene.js'

// Seen to fail with the look at `Host` (src/mailbox/routes.tsx) taken out: every mail was read under the foreign name.
t.test('a page of another name that resolves to this machine reads no mail', async (t) => {
  const service = await startService(t)
  const invitation = await service.invite('ana@partner.example', { sendInvitationMessage: true })
  const [mail] = await service.waitForMails('ana@partner.example')
  const { port } = new URL(service.baseUrl)
  const paths = [
    '',
    '/messages',
    `/messages/${mail?.id}`,
    `/messages/${mail?.id}/html`,
    `/messages/${mail?.id}/text`,
    `/messages/${mail?.id}/raw`,
  ]
  const hosts = [
    'evil.example',
    `evil.example:${port}`,
    `localhost.evil.example:${port}`,
    `127.0.0.1:${port}`,
    `[::1]:${port}`,
    'localhost',
    `localhost:${Number(port) + 1}`,
    `localhost:${port}.evil.example`,
    `evil.example@localhost:${port}`,
  ]
  await changesNothing(t, service, async () => {
    for (const path of paths) {
      const url = `${service.baseUrl}/dev/mailbox${path}`
      t.equal((await send(url)).status, 200, `${path} under our own name`)
      for (const host of hosts) {
        const answer = await send(url, { headers: { host } })
        t.ok([400, 404].includes(answer.status), `${path} as ${host}: ${answer.status}`)
        t.notOk(answer.text.includes(invitation.id) || answer.text.includes('ana@partner.example'))
      }
      const forwarded = { host: 'evil.example', 'x-forwarded-host': `localhost:${port}` }
      t.equal((await send(url, { headers: forwarded })).status, 404, 'nor with the right name in another header')
    }
    const crossOrigin = await send(`${service.baseUrl}/dev/mailbox/messages`, {
      headers: { origin: 'https://evil.example' },
    })
    t.equal(crossOrigin.headers['access-control-allow-origin'], undefined, 'no script of another origin may read it')
  })
})

t.test('the service does not start with the mailbox open to other machines', async (t) => {
  for (const env of [
    { HOST: '0.0.0.0' },
    { HOST: '192.168.1.5' },
    { HOST: '::' },
    { VESTIBULE_PUBLIC_URL: 'https://guests.contoso.com' },
  ]) {
    t.throws(() => loadConfig(env), /MAIL_TRANSPORT/, JSON.stringify(env))
  }
})
