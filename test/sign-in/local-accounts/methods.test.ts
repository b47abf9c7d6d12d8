import t from 'tap'
import { Guest } from '../../support/guest.js'
import { acceptedByPassword, accountPage, PASSWORD, signInByPassword, stepOf, withoutPasscodes } from './local.js'

t.setTimeout(900_000)
const ID = '28c10230-6103-485e-b985-444c60001490'

t.test('a password is one of Graph’s authentication methods: seen without its value, and taken away', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const base = `/users/${ana.userId}/authentication`
  const { body } = await service.api('GET', `${base}/methods`)
  t.match(body.value[0], { '@odata.type': '#microsoft.graph.passwordAuthenticationMethod', id: ID, password: null })
  t.match(Date.parse(body.value[0].createdDateTime), Number)
  t.match((await service.api('GET', `${base}/passwordMethods`)).body.value, [{ id: ID, password: null }])
  t.match((await service.api('GET', `${base}/passwordMethods/${ID}`)).body, { id: ID, password: null })

  await t.test('another organization sees and takes nothing', async (t) => {
    const { token } = await service.otherTenant('fabrikam.example')
    for (const method of ['GET', 'DELETE']) {
      t.equal((await service.api(method, `${base}/passwordMethods/${ID}`, undefined, { token })).status, 404)
    }
  })
  await t.test('who may only read takes nothing', async (t) => {
    const token = await service.appToken(['UserAuthenticationMethod.Read.All'])
    t.equal((await service.api('DELETE', `${base}/passwordMethods/${ID}`, undefined, { token })).status, 403)
  })
  t.equal((await signInByPassword(ana, PASSWORD)).status, 303)

  t.equal((await service.api('DELETE', `${base}/passwordMethods/${ID}`)).status, 204)
  t.equal((await service.api('DELETE', `${base}/passwordMethods/${ID}`)).status, 404)
  t.equal((await service.api('GET', `${base}/passwordMethods/${ID}`)).status, 404)
  t.equal((await signInByPassword(ana, PASSWORD)).status, 422)
  t.equal(stepOf(await new Guest().get(accountPage(ana))), 'account intro', 'the mailbox is proved anew')
})

t.test('an account is of one organization: the same address has another one, or none, in another', async (t) => {
  const service = await withoutPasscodes(t)
  await acceptedByPassword(service, 'ana@partner.example')
  const other = await service.otherTenant('fabrikam.example')
  const as = { token: other.token }
  await service.api('DELETE', '/identity/identityProviders/EmailOtpSignup-OAUTH', undefined, as)
  const wish = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/' }
  const { body } = await service.api('POST', '/invitations', wish, as)
  const there = { link: body.inviteRedeemUrl as string }
  const guest = new Guest()
  t.equal(stepOf(await guest.get(accountPage(there))), 'account intro')
  t.equal((await guest.post(accountPage(there), { password: PASSWORD })).status, 422)
  t.equal((await service.rows('select user_id from local_passwords', other.tenantId)).length, 0)
  const mixed = there.link.replace(other.tenantId, service.tenantId)
  t.equal((await guest.get(accountPage({ link: mixed }))).status, 404, 'a link of one is none of the other')
})
