import t from 'tap'
import { guestOf, Person } from '../my-apps/world.js'
import { csrfIn } from '../provider/relying-party.js'
import { startService } from '../support/service.js'
import { changesNothing } from './scene.js'

t.test('nobody leaves, switches or signs out by a form of somebody else', async (t) => {
  const service = await startService(t)
  const other = await service.otherTenant('fabrikam.example')
  const ana = await guestOf(service, 'ana@partner.example')
  await guestOf(service, ana.mail, other)
  const eve = await guestOf(service, 'eve@partner.example')
  const account = `/myaccount?tenant=${service.tenantId}`
  const victim = await new Person(service).signIn(account, ana.mail)
  const attacker = await new Person(service).signIn(account, eve.mail)
  const stranger = await new Person(service).open(account)
  const forms: [path: string, fields: Record<string, string>][] = [
    ['/myaccount/leave', { choice: 'leave' }],
    ['/myapps/switch', { to: other.tenantId }],
    ['/myapps/sign-out', {}],
    ['/myaccount/browsers', { which: 'others' }],
    ['/myaccount/methods', { action: 'add' }],
    ['/myaccount/second-step', { code: '123456' }],
  ]
  await changesNothing(t, service, async () => {
    for (const [path, fields] of forms) {
      for (const csrf of ['', 'x', csrfIn(attacker.page), csrfIn(stranger.page)]) {
        const url = `${path}?tenant=${service.tenantId}`
        t.match(await victim.submit({ ...fields, csrf }, url), { status: 403, name: 'error' }, path)
      }
    }
  })
  t.match(await victim.open(account), { name: 'my-account' })

  for (const [path] of forms) {
    if (path === '/myaccount/leave' || path === '/myaccount/second-step') continue
    t.match(await victim.open(`${path}?tenant=${service.tenantId}&to=${other.tenantId}`), { status: 404 }, 'no GET')
  }
})

t.test('the code of our own sign-in is worth nothing, wherever it gets to', async (t) => {
  const service = await startService(t)
  const ana = await guestOf(service, 'ana@partner.example')
  const person = await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, ana.mail)
  person.browser.cookies.delete('org|/')
  // Signed in, the way through the provider is one redirect: its answer is what an eavesdropper would have.
  const authorize = new URL(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/authorize`)
  const query = {
    client_id: '2793995e-0a7d-40d7-bd35-6968ba142197',
    response_type: 'code',
    redirect_uri: `${service.baseUrl}/myapps/signed-in`,
    scope: 'openid',
    state: '/myapps',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }
  authorize.search = new URLSearchParams(query).toString()
  const answer = await person.browser.request(authorize.href)
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
  t.not(code, '')
  for (const more of [{}, { code_verifier: 'x'.repeat(43) }, { client_secret: 'x' }]) {
    const exchanged = await fetch(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: query.client_id,
        redirect_uri: query.redirect_uri,
        code,
        ...more,
      }),
    })
    t.ok(exchanged.status >= 400, JSON.stringify(more))
  }
  for (const redirect_uri of ['https://evil.example/myapps/signed-in', `${service.baseUrl}/myapps`]) {
    authorize.search = new URLSearchParams({ ...query, redirect_uri }).toString()
    t.ok((await person.browser.request(authorize.href)).status >= 400, redirect_uri)
  }
  for (const state of ['https://evil.example/', '//evil.example', '/redeem', 'javascript:alert(1)']) {
    const back = await person.browser.request(
      `${service.baseUrl}/myapps/signed-in?code=x&state=${encodeURIComponent(state)}`,
    )
    t.equal(back.headers.get('location'), '/myapps', state)
  }
})
