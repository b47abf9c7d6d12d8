import t from 'tap'
import { startService } from '../../support/service.js'
import { groupsOf, least, references } from './support.js'

t.test('groups under races', async (t) => {
  const service = await startService(t, { workers: false })
  const groups = groupsOf(service)
  const ana = await groups.guest('ana')
  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort()

  await t.test('fifty who add one member at once: one does, the others are told', async (t) => {
    const id = await groups.make()
    const answers = await Promise.all(Array.from({ length: 50 }, () => groups.add(id, ana)))
    t.strictSame(statuses(answers), [204, ...Array(49).fill(400)])
    t.strictSame(await groups.members(id), [ana])
    const removed = await Promise.all(Array.from({ length: 20 }, () => groups.remove(id, ana)))
    t.strictSame(statuses(removed), [204, ...Array(19).fill(404)])
  })

  await t.test('an add against the deletion of the group: a 204 means that the row was there before', async (t) => {
    for (let round = 0; round < 15; round++) {
      const id = await groups.make()
      const [added, deleted] = await Promise.all([groups.add(id, ana), service.api('DELETE', `/groups/${id}`)])
      t.equal(deleted.status, 204)
      const rows = await service.rows(`select 1 from group_members where group_id = '${id}'`)
      t.equal(rows.length, added.status === 204 ? 1 : 0, `round ${round}: ${added.status}`)
      t.ok(added.status === 204 || added.status === 404)
    }
  })

  await t.test('an add against the change to a rule: no member by hand is in a dynamic group', async (t) => {
    const rule = { groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "Nowhere"' }
    for (let round = 0; round < 15; round++) {
      const id = await groups.make()
      const [added, changed] = await Promise.all([groups.add(id, ana), groups.patch(id, rule)])
      t.equal(changed.status, 204)
      t.ok(added.status === 204 || added.status === 403, String(added.status))
      t.strictSame(await groups.members(id), [])
    }
  })

  await t.test('two adds that would close a circle between them: one is refused', async (t) => {
    for (let round = 0; round < 15; round++) {
      const [a, b, c] = [await groups.make(), await groups.make(), await groups.make()]
      const answers = await Promise.all([groups.add(a, b), groups.add(b, c), groups.add(c, a)])
      t.strictSame(statuses(answers), [204, 204, 400], `round ${round}`)
    }
  })

  await t.test(
    'a new name against an add, by hand or by a rule: the membership holds the name of its member',
    async (t) => {
      const dynamic = (name: string) => ({
        groupTypes: ['DynamicMembership'],
        membershipRule: `user.displayName -startsWith "${name}"`,
      })
      for (let round = 0; round < 15; round++) {
        const [byHand, byRule] = [await groups.make(), await groups.make()]
        const [user, nested] = [await groups.guest(`named${round}`), await groups.make()]
        const name = `Renamed ${round}`
        const answers = await Promise.all([
          groups.add(byHand, user),
          service.api('PATCH', `/users/${user}`, { displayName: name }),
          groups.patch(byRule, dynamic(name.slice(0, 7))),
          groups.add(byHand, nested),
          groups.patch(nested, { displayName: `Nested ${name}` }),
        ])
        t.strictSame(statuses(answers), Array(5).fill(204), `round ${round}`)
        const stale = await service.rows(`select m.member_id from group_members m
        left join users u on u.id = m.member_id left join groups g on g.id = m.member_id
        where m.member_name_folded is distinct from coalesce(u.display_name_folded, g.display_name_folded)`)
        t.strictSame([...stale], [], `round ${round}`)
      }
    },
  )

  await t.test('the last two owners who leave at once: one stays', async (t) => {
    const bo = await groups.guest('bo')
    for (let round = 0; round < 10; round++) {
      const id = await groups.make({ 'owners@odata.bind': references(ana, bo) })
      const leave = (owner: string) => service.api('DELETE', `/groups/${id}/owners/${owner}/$ref`)
      t.strictSame(statuses(await Promise.all([leave(ana), leave(bo)])), [204, 400])
    }
  })

  await t.test('a new rule against guests who are invited meanwhile: nobody is missed', async (t) => {
    for (let round = 0; round < 10; round++) {
      const invite = (n: number) => service.invite(`r${round}-${n}@race.example`)
      const [made] = await Promise.all([
        groups.make({ groupTypes: ['DynamicMembership'], membershipRule: `user.mail -startsWith "r${round}-"` }),
        ...Array.from({ length: 12 }, (_, n) => invite(n)),
      ])
      t.equal((await groups.members(String(made))).length, 12, `round ${round}`)
    }
  })

  await t.test('rules that change against each other, members and users: no deadlock', async (t) => {
    const id = await groups.make({ groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "a"' })
    const other = await groups.make()
    const work = Array.from({ length: 60 }, (_, n) => {
      if (n % 5 === 0) return groups.patch(id, { membershipRule: `user.city -eq "${n}"` })
      if (n % 5 === 1) return service.api('PATCH', `/users/${ana}`, { city: String(n) })
      if (n % 5 === 2) return groups.patch(other, { 'members@odata.bind': references(ana) })
      if (n % 5 === 3) return groups.remove(other, ana)
      return service.api('POST', '/groups', { ...least(`n${n}`), 'members@odata.bind': references(id) })
    })
    const seen = new Set(statuses(await Promise.all(work)))
    t.notOk(seen.has(503) || seen.has(500), [...seen].join())
  })
})
