import t from 'tap'
import { assignedApp, guestOf, Person, tilesOf } from '../my-apps/world.js'
import { startService } from '../support/service.js'

t.test('an app opens https and nothing that runs, reads or leads elsewhere', async (t) => {
  const service = await startService(t)
  const ana = await guestOf(service, 'ana@partner.example')
  const { principalId, id } = await assignedApp(service, ana.id)
  const person = await new Person(service).signIn('/myapps', ana.mail)
  t.strictSame(tilesOf(person), ['Wiki'])
  const addresses = [
    'javascript:alert(document.cookie)',
    ' javascript:alert(1)',
    'JAVASCRIPT://wiki.example/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'http://wiki.example/',
    'http://localhost.evil.example/',
    'https://wiki.example@evil.example/',
    'ftp://wiki.example/',
    '//evil.example/',
    '/redeem',
  ]
  for (const address of addresses) {
    for (const change of [{ web: { homePageUrl: address } }]) {
      const { status } = await service.api('PATCH', `/applications/${id}`, change)
      if (address.startsWith('/') || address.startsWith('http')) continue
      t.equal(status, 400, `${address} is not taken`)
    }
    // Past the API: from before it looked, or by hand.
    for (const set of [
      `web = jsonb_build_object('homePageUrl', $$${address}$$), principal_profile = '{}'`,
      `web = '{}', principal_profile = jsonb_build_object('loginUrl', $$${address}$$)`,
    ]) {
      await service.rows(`update applications set ${set} where id = '${id}'`)
      await person.open('/myapps')
      t.notMatch(person.page, 'evil.example')
      t.match(await person.open(`/myapps/open/${principalId}`), { status: 404, name: 'error' }, address)
    }
  }
})
