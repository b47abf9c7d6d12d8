import t from 'tap'
import { ANA, partnerHome, viaHome } from '../sign-in/home.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { invited, newestCode } from './scene.js'

// From a review of the design: a guest of a federated domain tries the passcode road.
t.test('whoever reads the mailbox does not get around the home', async (t) => {
  const records = new Map<string, string[]>()
  const service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  const early = await invited(service, 'early@partner.example')
  const browser = new Guest()
  await browser.get(early.link)
  await browser.post(early.link, { action: 'send' })
  await browser.get(early.link)
  const signedIn = new Guest()
  const before = await invited(service, 'before@partner.example')
  await signedIn.get(before.link)
  await signedIn.post(before.link, { action: 'send' })
  await signedIn.get(before.link)
  await signedIn.post(before.link, { code: await newestCode(service, before.address) })
  t.match(await signedIn.get(before.link), { name: 'consent' })

  const home = await partnerHome(t, service, records)

  t.test('no code is sent, whatever form is posted', async (t) => {
    const who = await invited(service, 'ana@partner.example')
    const guest = new Guest()
    await guest.get(who.link)
    for (const fields of [
      { action: 'send' },
      { choice: 'code' },
      { code: '12345678' },
      { action: 'send', choice: 'code' },
    ]) {
      t.match(await guest.post(who.link, fields), { status: 200, name: 'start' })
    }
    t.equal((await service.rows("select 1 from passcodes where address_folded = 'ana@partner.example'")).length, 0)
  })

  t.test('a code from before the federation opens nothing', async (t) => {
    const page = await browser.post(early.link, { code: await newestCode(service, early.address) })
    t.match(page, { status: 200, name: 'start' })
    t.equal((await service.rows('select 1 from sessions')).length, 1, 'only the one from before')
  })

  t.test('nor does a session that a code opened before it', async (t) => {
    t.match(await signedIn.post(before.link, { choice: 'accept' }), { status: 200, name: 'start' })
    t.equal((await service.rows("select 1 from users where external_user_state = 'Accepted'")).length, 0)
    home.signsInAs = { ...ANA, sub: 'before', email: 'before@partner.example' }
    t.match(await viaHome(service, signedIn, before.link), { name: 'consent' })
  })

  t.test('unless an administrator allows it for the domain', async (t) => {
    const allowed = { invitationRedemptionIdentityProviderConfiguration: { passcodeDomains: ['partner.example'] } }
    t.equal((await service.api('PATCH', '/policies/crossTenantAccessPolicy/default', allowed)).status, 204)
    const who = await invited(service, 'bo@partner.example')
    const guest = new Guest()
    t.match((await guest.get(who.link)).html, /value="choose"/)
    t.equal((await guest.post(who.link, { choice: 'code' })).status, 303)
  })
})
