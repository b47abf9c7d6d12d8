import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { altered, changesNothing, invited, seen, send } from './scene.js'

t.test('ids are not counted up, and knowing all of them opens nothing', async (t) => {
  const service = await startService(t, { workers: false })
  const guests = []
  for (const name of ['ana', 'bo', 'cy']) guests.push(await invited(service, `${name}@partner.example`))
  // 74 random bits each: neighbours in time share nothing behind the time.
  const tails = guests.map(({ id }) => id.slice(15))
  t.equal(new Set(tails).size, 3)
  const [ana] = guests
  if (!ana) return
  const bytes = Buffer.from(ana.id.replaceAll('-', ''), 'hex')

  await changesNothing(t, service, async () => {
    const guesses = [ana.id, bytes.toString('base64url'), Buffer.concat([bytes, bytes, bytes]).toString('base64url')]
    for (const ticket of guesses)
      t.equal(seen(await new Guest().get(altered(ana.link, { ticket }))), '404 error', ticket)
    const block = `${service.baseUrl}/signin/block?tenant=${service.tenantId}&invitation=${ana.id}`
    for (const link of [block, `${block}&key=`, `${block}&key=${ana.id}`]) {
      t.equal(seen(await new Guest().get(link)), '404 error')
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      t.equal((await send(link, { method: 'POST', headers, body: 'List-Unsubscribe=One-Click' })).status, 404)
    }
    for (const path of [`/invitations/${ana.id}`, `/users/${ana.userId}`]) {
      t.equal((await service.api('GET', path, undefined, { token: null })).status, 401)
    }
    t.equal((await service.api('POST', `/invitations/${ana.id}/revoke`, undefined, { token: null })).status, 401)
  })
})
