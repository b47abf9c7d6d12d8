import t from 'tap'
import { guestOf, organizationsOf, Person } from '../my-apps/world.js'
import { startService } from '../support/service.js'
import { changesNothing } from './scene.js'

t.test('an administrator cannot make a provider say who somebody is to other organizations', async (t) => {
  const service = await startService(t)
  const victim = await service.otherTenant('fabrikam.example')
  const mail = 'ceo@partner.example'
  const home = { issuer: 'ExternalAzureAD', subject: `${victim.tenantId}/${victim.adminId}` }
  await guestOf(service, mail, victim)
  await guestOf(service, 'other@partner.example', victim, home)
  const mallory = await guestOf(service, mail)
  const person = await new Person(service).signIn(`/myaccount?tenant=${service.tenantId}`, mail)
  t.strictSame(organizationsOf(person).switchable, ['fabrikam.example'], 'with the mailbox it is their own')

  // What a provider of Mallory's own could bring about here, told as what was proved: the session's words, at their worst.
  const words: [method: string, issuer: string, subject: string][] = [
    ['federated', 'mail', mail],
    ['federated', home.issuer, home.subject],
    ['emailOneTimePasscode', 'https://idp.evil.example', 'x'],
    ['emailOneTimePasscode', home.issuer, home.subject],
    ['organization', 'mail', mail],
    ['password', '', ''],
  ]
  for (const [method, issuer, subject] of words) {
    const quoted = (text: string) => (text === '' ? 'null' : `'${text}'`)
    await service.rows(`update sessions set authentication_method = '${method}', identity_issuer = ${quoted(issuer)},
      identity_subject = ${quoted(subject)} where user_id = '${mallory.id}'`)
    await changesNothing(
      t,
      service,
      async () => {
        await person.open(`/myaccount?tenant=${service.tenantId}`)
        t.equal(person.name, 'my-account', method)
        t.strictSame(organizationsOf(person).named, [], `${method} ${issuer}: nothing is told`)
        await person.submit({ to: victim.tenantId }, `/myapps/switch?tenant=${service.tenantId}`)
        t.equal(person.name, 'sign-in', `${method} ${issuer}: nothing is opened`)
      },
      // Where the sign-in that is asked for then waits.
      ['provider_state'],
    )
  }
})

t.test('an address that nobody proved tells nothing of other organizations', async (t) => {
  const service = await startService(t)
  const other = await service.otherTenant('fabrikam.example')
  const victim = 'ceo@partner.example'
  await guestOf(service, victim, other)
  const eve = await guestOf(service, 'eve@partner.example')
  const person = await new Person(service).signIn(`/myaccount?tenant=${service.tenantId}`, eve.mail)
  // An administrator of this organization writes the address of somebody else beside hers.
  for (const change of [{ otherMails: [victim] }, { mail: victim }]) {
    t.equal((await service.api('PATCH', `/users/${eve.id}`, change)).status, 204)
    await person.open(`/myaccount?tenant=${service.tenantId}`)
    t.strictSame(organizationsOf(person).named, [])
    await person.submit({ to: other.tenantId }, `/myapps/switch?tenant=${service.tenantId}`)
    t.equal(person.name, 'sign-in')
  }
})

t.test('apps, people and browsers of another organization are not there', async (t) => {
  const service = await startService(t)
  const other = await service.otherTenant('fabrikam.example')
  const mail = 'ana@partner.example'
  await guestOf(service, mail)
  const there = await guestOf(service, mail, other)
  const made = await service.api(
    'POST',
    '/applications',
    { displayName: 'Theirs', web: { homePageUrl: 'https://theirs.example/' } },
    { token: other.token },
  )
  const sp = await service.api('POST', '/servicePrincipals', { appId: made.body.appId }, { token: other.token })
  const role = { principalId: there.id, resourceId: sp.body.id, appRoleId: '00000000-0000-0000-0000-000000000000' }
  await service.api('POST', `/servicePrincipals/${sp.body.id}/appRoleAssignedTo`, role, { token: other.token })
  await service.api(
    'POST',
    `/servicePrincipals/${sp.body.id}/owners/$ref`,
    { '@odata.id': `https://graph.microsoft.com/v1.0/users/${there.id}` },
    { token: other.token },
  )
  await service.api('PATCH', '/policies/authorizationPolicy', {
    guestUserRoleId: '10dae51f-b6af-4016-8d66-8c2a99b929b3',
  })
  const person = await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, mail)
  t.notMatch(person.page, 'Theirs')
  for (const path of [`/myapps/open/${sp.body.id}`, `/myapps/manage/${sp.body.id}`]) {
    t.match(await person.open(`${path}?tenant=${service.tenantId}`), { status: 404, name: 'error' }, path)
  }
  await person.open(`/myaccount?tenant=${service.tenantId}`)
  await person.submit({ to: other.tenantId }, `/myapps/switch?tenant=${service.tenantId}`)
  t.match(person.page, 'Theirs', 'where they are, they are')
  t.equal((await person.open(`/myapps/open/${sp.body.id}?tenant=${other.tenantId}`)).url, 'https://theirs.example/')
})
