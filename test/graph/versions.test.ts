import t from 'tap'
import { subscribe } from '../notifications/subscription.js'
import { startReceiver } from '../support/receiver.js'
import { startService } from '../support/service.js'

t.test('what may be changed in part says which version it is, and a change may insist on one', async (t) => {
  const service = await startService(t, { workers: false })
  const { api } = service
  const receiver = await startReceiver(t)
  const application = (await api('POST', '/applications', { displayName: 'Wiki' })).body
  const principal = (await api('POST', '/servicePrincipals', { appId: application.appId })).body
  const subscription = await subscribe(service, receiver, 'users')
  const etagOf = async (path: string) => (await api('GET', path)).headers.get('etag') ?? ''

  const at = (hours: number) => new Date(service.services.clock().getTime() + hours * 3_600_000).toISOString()
  const cases: { path: string; method?: string; change(n: number): object; shows(body: any): unknown }[] = [
    {
      path: '/policies/authorizationPolicy',
      change: (n) => ({ displayName: `Ours ${n}` }),
      shows: ({ displayName }) => displayName,
    },
    {
      path: '/policies/invitationDomainPolicy',
      method: 'PUT',
      change: (n) => ({ mode: 'blockList', domains: [`n${n}.example`] }),
      shows: ({ domains }) => domains.join(),
    },
    {
      path: '/policies/guestAuthenticationPolicy',
      change: (n) => ({ isMfaRequired: n % 2 === 1, isMfaAccepted: n > 1 }),
      shows: ({ isMfaRequired, isMfaAccepted }) => `${isMfaRequired} ${isMfaAccepted}`,
    },
    {
      path: `/subscriptions/${subscription.id}`,
      change: (n) => ({ expirationDateTime: at(30 + n) }),
      shows: ({ expirationDateTime }) => expirationDateTime,
    },
    {
      path: `/applications/${application.id}`,
      change: (n) => ({ displayName: `Wiki ${n}` }),
      shows: ({ displayName }) => displayName,
    },
    { path: `/servicePrincipals/${principal.id}`, change: (n) => ({ notes: `${n}` }), shows: ({ notes }) => notes },
  ]
  for (const { path, method = 'PATCH', change, shows } of cases) {
    await t.test(path.split('/').slice(1, 3).join('/'), async (t) => {
      const send = (n: number, etag: string) => api(method, path, change(n), { headers: { 'if-match': etag } })
      const first = await etagOf(path)
      t.match(first, /^W\/"[\w-]+"$/)
      t.equal(await etagOf(path), first, 'reading changes nothing')
      t.ok((await send(1, first)).status < 300)
      const { body, headers } = await api('GET', path)
      const second = headers.get('etag') ?? ''
      t.not(second, first)
      const stale = await send(2, first)
      t.equal(stale.status, 412, stale.text)
      t.equal(stale.body.error.innerError.code, 'versionChanged')
      t.equal(shows((await api('GET', path)).body), shows(body), 'nothing was changed')
      t.ok((await send(0, `${first}, ${second}`)).status < 300, 'one of several')
      t.ok((await send(1, '*')).status < 300)

      const third = await etagOf(path)
      const answers = await Promise.all(Array.from({ length: 4 }, (_, n) => send(n + 2, third)))
      t.equal(answers.filter(({ status }) => status < 300).length, 1, 'one of those who read the same version')
      t.equal(answers.filter(({ status }) => status === 412).length, 3)
    })
  }

  await t.test('a secret is part of its application', async (t) => {
    const path = `/applications/${application.id}`
    const before = await etagOf(path)
    const { body } = await api('POST', `${path}/addPassword`, { passwordCredential: { displayName: 'ci' } })
    const between = await etagOf(path)
    t.not(between, before)
    await api('POST', `${path}/removePassword`, { keyId: body.keyId })
    t.not(await etagOf(path), between)
  })

  await t.test('nothing of another version is deleted', async (t) => {
    for (const path of [
      `/subscriptions/${subscription.id}`,
      `/servicePrincipals/${principal.id}`,
      `/applications/${application.id}`,
    ]) {
      const etag = await etagOf(path)
      const remove = (version: string) => api('DELETE', path, undefined, { headers: { 'if-match': version } })
      t.equal((await remove('W/"stale"')).status, 412)
      t.equal((await api('GET', path)).status, 200)
      t.equal((await remove(etag)).status, 204, path)
    }
  })
})
