import fc from 'fast-check'
import t from 'tap'
import { person } from '../../support/people.js'
import { type Answer, startService } from '../../support/service.js'
import { EVENTUAL, groupsOf, references } from './support.js'

const REFERENCE_FILTER = 'The specified filter to the reference property query is currently not supported.'
const ids = ({ body }: Answer): string[] => body.value.map(({ id }: { id: string }) => id)

t.test('what lists of related objects are asked without a cast', async (t) => {
  const service = await startService(t, { workers: false })
  const groups = groupsOf(service)
  const get = (path: string, options = EVENTUAL) => service.api('GET', path, undefined, options)
  const plain = (path: string) => service.api('GET', path)
  const named = async (name: string, displayName: string) => {
    const id = await groups.guest(name)
    await service.api('PATCH', `/users/${id}`, { displayName })
    return id
  }
  const ana = await named('ana', 'Ána Álvarez')
  const bo = await named('bo', 'bo Baker')
  const cy = await named('cy', 'Zeta Cyan')
  const inner = await groups.make({ displayName: 'Baker street', description: 'where Zeta works' })
  const other = await groups.make({ displayName: 'Other', 'members@odata.bind': references(ana) })
  const id = await groups.make({ 'members@odata.bind': references(ana, bo, cy, inner) })
  const members = `/groups/${id}/members`

  await t.test('filters by what any of them has, in advanced queries; by id in all', async (t) => {
    for (const [filter, found] of [
      ["startsWith(displayName,'b')", [inner, bo]],
      ["displayName eq 'BO BAKER'", [bo]],
      ["displayName in ('bo baker','baker street')", [inner, bo]],
      ["displayName ge 'c'", [cy, ana]],
      ["mail eq 'BO@partner.example'", [bo]],
      ["mail eq 'nobody@partner.example'", []],
      ["startsWith(userPrincipalName,'bo_')", [bo]],
      ["userType eq 'Guest'", [ana, bo, cy]],
      ["userType ne 'Guest'", [inner]],
      ["not(startsWith(displayName,'b'))", [ana, cy]],
      ["securityEnabled eq true or displayName eq 'zeta cyan'", [cy, inner]],
      ["description eq 'where zeta works'", [inner]],
      ["accountEnabled eq true and startsWith(displayName,'b')", [bo]],
      ["groupTypes/any(x:x eq 'Unified')", []],
      ['owners/$count eq 0', [inner]],
      ["mail in ('bo@partner.example','cy@partner.example')", [bo, cy]],
    ] as const) {
      const answer = await get(`${members}?$count=true&$select=id&$filter=${encodeURIComponent(filter)}`)
      t.equal(answer.status, 200, answer.text)
      t.equal(answer.body['@odata.count'], found.length, filter)
      const isRange = /^(?:startsWith\(displayName|displayName ge)/.test(filter) || filter.includes('and starts')
      t.strictSame(ids(answer), isRange ? found : [...found].sort(), filter)
      const counted = await get(`${members}/$count?$filter=${encodeURIComponent(filter)}`)
      t.equal(counted.text, String(found.length), filter)
      const refused = await plain(`${members}?$filter=${encodeURIComponent(filter)}`)
      t.equal(refused.status, 400, filter)
      t.match(refused.body.error, { code: 'Request_UnsupportedQuery', message: REFERENCE_FILTER })
    }
    for (const [filter, found] of [
      [`id eq '${inner}'`, [inner]],
      [`id eq '${other}'`, []],
      [`id in ('${bo}','${inner}','${other}')`, [bo, inner]],
    ] as const) {
      t.strictSame(ids(await plain(`${members}?$filter=${filter}`)), [...found].sort(), filter)
      t.strictSame(ids(await plain(`/groups/${id}/transitiveMembers?$filter=${filter}`)), [...found].sort(), filter)
    }
    for (const [filter, message] of [
      [
        "preferredDataLocation eq 'EUR'",
        "specified for property 'preferredDataLocation' of resource 'DirectoryObject'",
      ],
      ["colour eq 'red'", "specified for property 'colour' of resource 'DirectoryObject'"],
      ["contains(displayName,'b')", "specified for property 'displayName' of resource 'DirectoryObject'"],
    ] as const) {
      const refused = await get(`${members}?$count=true&$filter=${filter}`)
      t.equal(refused.status, 400)
      t.match(refused.body.error.message, message)
    }
  })

  await t.test('sorts by name in advanced queries, in pages of any size, whatever the type', async (t) => {
    const order = [inner, bo, cy, ana]
    for (const size of [1, 2, 3, 100]) {
      for (const [direction, wanted] of [
        ['', order],
        [' desc', [...order].reverse()],
      ] as const) {
        const path = `${members}?$count=true&$orderby=displayName${direction}&$top=${size}`
        t.strictSame(await groups.ids(path, EVENTUAL), wanted, path)
        const narrowed = `${members}?$count=true&$orderby=displayName${direction}&$top=${size}&$filter=startsWith(displayName,'b')`
        t.strictSame(
          await groups.ids(narrowed, EVENTUAL),
          wanted.filter((one) => one === inner || one === bo),
          narrowed,
        )
      }
    }
    const refused = await plain(`${members}?$orderby=displayName`)
    t.equal(refused.status, 400)
    t.match(refused.body.error, { code: 'Request_UnsupportedQuery', message: /^Operator 'orderby' is not supported/ })
    const strange = await get(`${members}?$count=true&$orderby=mail`)
    t.equal(strange.body.error.message, "Unsupported sort property 'mail' for 'DirectoryObject'.")
  })

  await t.test('a new name is a new place in the order', async (t) => {
    await service.api('PATCH', `/users/${bo}`, { displayName: 'Zzz' })
    t.strictSame(await groups.ids(`${members}?$count=true&$orderby=displayName`, EVENTUAL), [inner, cy, bo, ana])
    await groups.patch(inner, { displayName: 'zzzz' })
    t.strictSame(
      await groups.ids(`${members}/microsoft.graph.group?$count=true&$filter=startsWith(displayName,'zzzz')`, EVENTUAL),
      [inner],
    )
    t.strictSame(await groups.ids(`${members}?$count=true&$orderby=displayName desc`, EVENTUAL), [ana, inner, bo, cy])
    await service.api('PATCH', `/users/${bo}`, { displayName: 'bo Baker' })
    await groups.patch(inner, { displayName: 'Baker street' })
  })

  await t.test('searches by words with the header alone', async (t) => {
    const search = async (text: string, more = '') =>
      ids(await get(`${members}?$select=id&$search=${encodeURIComponent(text)}${more}`))
    t.strictSame(await search('"displayName:bak"'), [bo, inner].sort())
    t.strictSame(await search('"displayName:bak"', '&$orderby=displayName&$count=true'), [inner, bo])
    t.strictSame(await search('"description:zeta"'), [inner])
    t.strictSame((await search('"description:zeta" OR "displayName:zeta"')).sort(), [cy, inner].sort())
    t.strictSame(await search('"displayName:bak" AND "description:zeta"'), [inner])
    t.strictSame(await search('"displayName:other"'), [])
    t.strictSame(
      await groups.ids(`${members}?$top=1&$search="displayName:b" OR "displayName:zeta"`, EVENTUAL),
      [inner, bo, cy].sort((one, two) => Number(one === cy) - Number(two === cy) || (one < two ? -1 : 1)),
      'page after page',
    )
    t.equal((await get(`${members}/$count?$search="displayName:bak"`)).text, '2')
    const refused = await plain(`${members}?$search="displayName:bak"`)
    t.match(refused.body.error, {
      code: 'Request_UnsupportedQuery',
      message:
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    })
    t.match((await get(`${members}?$search="mail:bo"`)).body.error.message, "property 'mail' of resource")
  })

  await t.test('expands what its type has', async (t) => {
    await service.api('PUT', `/users/${ana}/manager/$ref`, { '@odata.id': `x/users/${cy}` })
    const { body } = await plain(`${members}?$select=id&$expand=manager($select=id)`)
    t.strictSame(
      body.value.find((item: { id: string }) => item.id === ana),
      { '@odata.type': '#microsoft.graph.user', id: ana, manager: { '@odata.type': '#microsoft.graph.user', id: cy } },
    )
    t.notOk(body.value.some((item: { id: string; manager?: unknown }) => item.id !== ana && item.manager))
    const above = (await plain(`/users/${ana}/memberOf?$select=id&$expand=members($select=id)`)).body.value
    t.equal(above.find((item: { id: string }) => item.id === other).members.length, 1)
    t.equal((await get(`${members}?$count=true&$expand=manager`)).status, 400)
    t.equal((await plain(`${members}?$expand=colour`)).status, 400)
  })

  await t.test('what somebody is in and owns, who reports to somebody, and who answers for somebody', async (t) => {
    const owned = await groups.make({ displayName: 'Mine', 'owners@odata.bind': references(ana) })
    for (const [path, filter, found] of [
      [`/users/${ana}/memberOf`, "displayName eq 'other'", [other]],
      [`/users/${ana}/transitiveMemberOf`, "startsWith(displayName,'o')", [other]],
      [`/groups/${inner}/memberOf`, 'securityEnabled eq true', [id]],
      [`/users/${ana}/ownedObjects`, "startsWith(displayName,'mi')", [owned]],
      [`/groups/${owned}/owners`, "mail eq 'ana@partner.example'", [ana]],
      [`/users/${cy}/directReports`, "startsWith(userPrincipalName,'ana')", [ana]],
      [`/users/${cy}/directReports`, "startsWith(userPrincipalName,'bo')", []],
    ] as const) {
      t.strictSame(ids(await get(`${path}?$count=true&$filter=${filter}`)), found, `${path} ${filter}`)
      t.equal((await plain(`${path}?$filter=${filter}`)).body.error.message, REFERENCE_FILTER)
      t.equal((await get(`${path}/$count?$filter=${filter}`)).text, String(found.length))
      t.equal((await get(`${path}?$search="displayName:nothing"`)).body.value.length, 0)
      t.equal((await get(`${path}?$count=true&$orderby=displayName`)).status, 200)
    }
    t.strictSame(ids(await get(`/users/${ana}/memberOf?$search="displayName:oth"`)), [other])
    const all = await groups.ids(`/users/${ana}/memberOf?$count=true&$orderby=displayName&$top=1`, EVENTUAL)
    t.strictSame(all.filter((one) => one === other || one === id).length, 2)
  })

  await t.test('one of them as what it is: cast to its type it is shown, to another one it is not there', async (t) => {
    const owned = await groups.make({ displayName: 'Owned', 'owners@odata.bind': references(bo) })
    const role = (await service.api('GET', `/users/${service.adminId}/memberOf/graph.directoryRole`)).body.value[0].id
    const NONE = ['application', 'device', 'orgContact', 'servicePrincipal', 'administrativeUnit', 'directoryRole']
    for (const [path, type, others] of [
      [`${members}/${ana}`, 'user', ['group', ...NONE.slice(0, 4)]],
      [`${members}/${inner}`, 'group', ['user', ...NONE.slice(0, 4)]],
      [`/groups/${id}/transitiveMembers/${bo}`, 'user', ['group', ...NONE.slice(0, 4)]],
      [`/groups/${owned}/owners/${bo}`, 'user', ['group', ...NONE.slice(0, 4)]],
      [`/users/${bo}/ownedObjects/${owned}`, 'group', ['application', 'servicePrincipal']],
      [`/users/${ana}/memberOf/${other}`, 'group', ['directoryRole', 'administrativeUnit']],
      [`/users/${ana}/transitiveMemberOf/${other}`, 'group', ['directoryRole', 'administrativeUnit']],
      [`/users/${service.adminId}/memberOf/${role}`, 'directoryRole', ['group', 'administrativeUnit']],
      [`/groups/${inner}/memberOf/${id}`, 'group', ['administrativeUnit']],
      [`/users/${cy}/directReports/${ana}`, 'user', ['orgContact']],
    ] as const) {
      const shown = await plain(`${path}/graph.${type}?$select=id,displayName`)
      t.equal(shown.status, 200, `${path} ${shown.text}`)
      t.strictSame(Object.keys(shown.body), ['@odata.context', 'id', 'displayName'], 'it is of the declared type')
      t.match(shown.body['@odata.context'], `$metadata#${type}s(id,displayName)/$entity`)
      t.equal(shown.body.id, path.split('/').at(-1))
      for (const cast of others) {
        const refused = await plain(`${path}/microsoft.graph.${cast}?$select=id`)
        t.equal(refused.status, 404, `${path} ${cast}`)
        t.match(refused.body.error, {
          code: 'Request_ResourceNotFound',
          message: `Resource '${shown.body.id}' does not exist or one of its queried reference-property objects are not present.`,
        })
      }
    }
    t.equal((await plain(`${members}/${other}/graph.group`)).status, 404, 'a group that is not in it')
    t.equal((await plain(`${members}/nobody/graph.user`)).status, 404)
    t.equal((await plain(`/groups/${ana}/members/${ana}/graph.user`)).status, 404, 'no such group')
    const expanded = (await plain(`${members}/${ana}/graph.user?$select=id&$expand=manager($select=id)`)).body
    t.equal(expanded.manager.id, cy)
    t.equal((await plain(`${members}/${ana}/graph.user?$expand=colour`)).status, 400)
    t.equal((await plain(`${members}/${ana}/graph.device?$filter=id eq 'x'`)).status, 400)
  })

  await t.test('casts to what is never in a list are empty, whatever is asked of them', async (t) => {
    for (const query of [
      '$orderby=deviceId',
      '$search="displayName:x" AND "deviceId:y"',
      '$expand=registeredOwners($select=id)',
      "$filter=startsWith(displayName,'x')&$orderby=displayName desc&$count=true&$top=1",
    ]) {
      const empty = await get(`${members}/graph.device?${query}`)
      t.strictSame([empty.status, empty.body.value], [200, []], `${query}: ${empty.text}`)
    }
    for (const query of ['$orderby=a b c', '$search=x:', '$expand=(', "$filter=displayName eq '", '$skip=1', '$top=0'])
      t.equal((await get(`${members}/graph.device?${query}`)).status, 400, query)
    t.equal((await get(`${members}/graph.device/$count?$search="displayName:x"`)).text, '0')
  })

  await t.test('nobody asks about what they do not see', async (t) => {
    const [guest, theirs] = [await groups.guest('guest'), await groups.make({ displayName: 'Secret' })]
    await groups.add(theirs, guest)
    await groups.add(id, guest)
    const token = { ...EVENTUAL, token: await service.userToken(guest, ['User.Read.All', 'Group.Read.All']) }
    const hidden = await get(`/me/memberOf?$count=true&$filter=displayName eq 'secret'`, token)
    t.equal(hidden.status, 403, 'a restricted guest sees ids')
    t.equal(ids(await get(`/me/memberOf?$count=true&$filter=id eq '${theirs}'`, token)).length, 1)
    const level = (guestUserRoleId: string) =>
      service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })
    await level('10dae51f-b6af-4016-8d66-8c2a99b929b3')
    t.equal((await get(`${members}?$count=true&$filter=displayName eq 'bo baker'`, token)).status, 200)
    for (const path of [members, `${members}/microsoft.graph.user`]) {
      t.equal(
        (await get(`${path}?$count=true&$filter=department eq 'x'`, token)).status,
        403,
        'a limited one: not that',
      )
      t.equal((await get(`${path}/$count?$filter=department eq 'x'`, token)).status, 403)
    }
    await level('2af84b1e-32c8-42b7-82bc-daa82404023b')
  })

  await t.test('who may read groups and nobody in them is told ids alone', async (t) => {
    const reader = await person(service, 'reader')
    const token = { ...EVENTUAL, token: await service.userToken(reader, ['GroupMember.Read.All']) }
    const { body } = await get(`${members}/${ana}?$select=id,displayName`, token)
    t.match(body, { '@odata.type': '#microsoft.graph.user', id: ana, displayName: null })
    t.equal((await get(`${members}?$count=true&$filter=displayName eq 'bo baker'`, token)).status, 403)
    t.equal((await get(`${members}?$search="displayName:bak"`, token)).status, 403)
    t.equal((await get(`${members}/$ref?$count=true&$orderby=displayName`, token)).status, 403)
  })

  await t.test('another organization sees none of it', async (t) => {
    const { token } = await service.otherTenant('fabrikam.example')
    const options = { ...EVENTUAL, token }
    for (const path of [members, `/groups/${id}/transitiveMembers`, `/users/${ana}/memberOf`])
      t.equal((await get(`${path}?$count=true&$filter=startsWith(displayName,'b')`, options)).status, 404, path)
    const theirs = await groups.make({ displayName: 'theirs' }, { token })
    for (const filter of ["mail eq 'bo@partner.example'", "startsWith(displayName,'b')", `id eq '${bo}'`])
      t.strictSame(ids(await get(`/groups/${theirs}/members?$count=true&$filter=${filter}`, options)), [], filter)
    t.strictSame(ids(await get(`/groups/${theirs}/members?$search="displayName:bak"`, options)), [])
  })
})

/** An object of the random directory, and what queries see of it. */
type Made = { id: string; name: string; isUser: boolean; members: number[] }

t.test('pages of random queries hold what memory says, each once and in order', async (t) => {
  const service = await startService(t, { workers: false })
  const groups = groupsOf(service)
  const made: Made[] = []
  const words = ['a', 'Ab', 'b c', 'B', 'ba', 'Å', 'zz']
  for (let n = 0; n < 14; n++) {
    const name = words[n % words.length] ?? ''
    const id = await person(service, `user${n}`)
    await service.api('PATCH', `/users/${id}`, { displayName: name })
    made.push({ id, name, isUser: true, members: [] })
  }
  // Ten levels, each with people of its own and some of others, and two that hold each other's inner groups.
  for (let n = 0; n < 12; n++) {
    const inner = n === 0 ? [] : n === 11 ? [14 + 3, 14 + 9] : [14 + n - 1]
    const members = [...new Set([n % 14, (n * 5 + 1) % 14, (n * 3) % 14, ...inner])]
    const name = words[(n * 2) % words.length] ?? ''
    const id = await groups.make({
      displayName: name,
      'members@odata.bind': references(...members.map((index) => made[index]?.id ?? '')),
    })
    made.push({ id, name, isUser: false, members })
  }
  const reached = (index: number, seen = new Set<number>()): Set<number> => {
    for (const member of made[index]?.members ?? []) {
      if (seen.has(member)) continue
      seen.add(member)
      reached(member, seen)
    }
    return seen
  }
  const fold = (text: string) => text.toLowerCase()
  const filters: [string, (one: Made) => boolean][] = [
    ['', () => true],
    ["startsWith(displayName,'b')", ({ name }) => fold(name).startsWith('b')],
    ["userType eq 'Member'", ({ isUser }) => isUser],
    ["userType ne 'Member'", ({ isUser }) => !isUser],
    ["displayName le 'b'", ({ name }) => Buffer.compare(Buffer.from(fold(name)), Buffer.from('b')) <= 0],
    ["not(displayName eq 'a') and securityEnabled eq true", ({ name, isUser }) => fold(name) !== 'a' && !isUser],
    [
      "displayName in ('zz','å') or securityEnabled eq true",
      ({ name, isUser }) => ['zz', 'å'].includes(fold(name)) || !isUser,
    ],
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...filters),
      fc.integer({ min: 14, max: 25 }),
      fc.constantFrom('members', 'transitiveMembers'),
      fc.constantFrom('', 'displayName', 'displayName desc'),
      fc.integer({ min: 1, max: 6 }),
      async ([filter, holds], index, list, orderBy, size) => {
        const group = made[index]
        const inside = list === 'members' ? new Set(group?.members) : reached(index)
        const expected = made.filter((one, at) => inside.has(at) && holds(one))
        const sign = orderBy.endsWith('desc') ? -1 : 1
        const byName = orderBy !== '' || /^(?:startsWith|displayName le)/.test(filter)
        expected.sort((one, other) => {
          const names = byName ? Buffer.compare(Buffer.from(fold(one.name)), Buffer.from(fold(other.name))) : 0
          return (names || (one.id < other.id ? -1 : 1)) * sign
        })
        const query = [
          '$count=true',
          `$top=${size}`,
          ...(filter === '' ? [] : [`$filter=${encodeURIComponent(filter)}`]),
          ...(orderBy === '' ? [] : [`$orderby=${orderBy}`]),
        ].join('&')
        const path = `/groups/${group?.id}/${list}`
        const found = await groups.ids(`${path}?${query}`, EVENTUAL)
        if (JSON.stringify(found) !== JSON.stringify(expected.map(({ id }) => id))) throw new Error(`${path}?${query}`)
        const { text } = await service.api(
          'GET',
          `${path}/$count${filter === '' ? '' : `?$filter=${encodeURIComponent(filter)}`}`,
          undefined,
          EVENTUAL,
        )
        if (text !== String(expected.length)) throw new Error(`${path}/$count ${filter}: ${text}`)
      },
    ),
    { numRuns: 120 },
  )
})
