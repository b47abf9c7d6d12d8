import { createHash } from 'node:crypto'
import t from 'tap'
import { guestOf, Person } from '../my-apps/world.js'
import { startService } from '../support/service.js'
import { changesNothing } from './scene.js'

t.test('nobody signs out a browser of somebody else, or learns of one', async (t) => {
  const service = await startService(t)
  const other = await service.otherTenant('fabrikam.example')
  const eve = await guestOf(service, 'eve@partner.example')
  const ana = await guestOf(service, 'ana@partner.example')
  const far = await guestOf(service, 'far@partner.example', other)
  const account = `/myaccount?tenant=${service.tenantId}`
  const victim = await new Person(service).signIn(account, ana.mail)
  const distant = await new Person(service).signIn(`/myaccount?tenant=${other.tenantId}`, far.mail)
  const person = await new Person(service).signIn(account, eve.mail)

  // Ids as they are shown, which only their owners see; Eve has them all the same.
  const idOf = (handle: Buffer) => createHash('sha256').update('session').update(handle).digest('hex')
  const handles = [
    ...(await service.rows(`select handle_hash from sessions where user_id = '${ana.id}'`)),
    ...(await service.rows(`select handle_hash from sessions where user_id = '${far.id}'`, other.tenantId)),
  ].map((row) => row['handle_hash'] as Buffer)
  t.equal(handles.length, 2)
  await person.open(account)
  for (const handle of handles) {
    t.notMatch(person.page, idOf(handle))
    await changesNothing(t, service, async () => {
      await person.submit({ id: idOf(handle) }, `/myaccount/browsers?tenant=${service.tenantId}`)
      t.match(person.page, 'signed out already')
      await person.submit({ id: handle.toString('hex') }, `/myaccount/browsers?tenant=${service.tenantId}`)
    })
  }
  await person.submit({ which: 'others' }, `/myaccount/browsers?tenant=${service.tenantId}`)
  t.match(await victim.open(account), { name: 'my-account' })
  t.match(await distant.open(`/myaccount?tenant=${other.tenantId}`), { name: 'my-account' })
  for (const id of ["' or 1=1 --", 'x'.repeat(64), '']) {
    t.match(await person.submit({ id }, `/myaccount/browsers?tenant=${service.tenantId}`), { status: 200 })
  }
})
