import t from 'tap'
import { startService } from '../support/service.js'
import { assignedApp, guestOf, Person, tilesOf } from './world.js'

t.test('tiles', async (t) => {
  const service = await startService(t)
  const ana = await guestOf(service, 'ana@partner.example')
  await assignedApp(service, ana.id)
  await assignedApp(service, undefined, { displayName: 'Unassigned' })
  const person = await new Person(service).signIn('/myapps', ana.mail)
  t.match(person, { status: 200, name: 'my-apps' })
  t.strictSame(tilesOf(person), ['Wiki'])
})
