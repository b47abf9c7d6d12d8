import t from 'tap'
import { ROLES } from '../../../src/policies/index.js'
import { person } from '../../support/people.js'
import { startService } from '../../support/service.js'

const NAME = 'com.contoso.roamingSettings'
const TYPE = '#microsoft.graph.openTypeExtension'
const wish = { '@odata.type': TYPE, extensionName: NAME, theme: 'dark', sizes: [1, 2], isOn: true }
const kept = { '@odata.type': TYPE, id: NAME, extensionName: NAME, theme: 'dark', sizes: [1, 2], isOn: true }

t.test('open extensions', async (t) => {
  const service = await startService(t, { workers: false })
  const { api, baseUrl } = service
  const { invitedUser } = await service.invite('ana@partner.example')
  const ana = invitedUser.id
  const group = (
    await api('POST', '/groups', {
      displayName: 'Audit',
      mailEnabled: false,
      mailNickname: 'audit',
      securityEnabled: true,
    })
  ).body.id

  for (const [set, id] of [
    ['users', ana],
    ['groups', group],
  ]) {
    const path = `/${set}/${id}/extensions`
    await t.test(`of ${set}`, async (t) => {
      const made = await api('POST', path, wish)
      t.equal(made.status, 201, made.text)
      t.strictSame(made.body, {
        '@odata.context': `${baseUrl}/v1.0/$metadata#${set}('${id}')/extensions/$entity`,
        ...kept,
      })
      t.equal(made.headers.get('location'), `${baseUrl}/v1.0${path}/${NAME}`)

      for (const name of [NAME, NAME.toUpperCase(), `microsoft.graph.openTypeExtension.${NAME}`]) {
        const { status, body } = await api('GET', `${path}/${name}`)
        t.equal(status, 200, name)
        t.equal(body.theme, 'dark')
      }
      const list = await api('GET', path)
      t.strictSame(list.body, {
        '@odata.context': `${baseUrl}/v1.0/$metadata#${set}('${id}')/extensions`,
        value: [kept],
      })

      const patched = await api('PATCH', `${path}/${NAME}`, { '@odata.type': TYPE, theme: 'light', size: null })
      t.equal(patched.status, 204, patched.text)
      const after = (await api('GET', `${path}/${NAME}`)).body
      t.equal(after.theme, 'light')
      t.notOk('sizes' in after || 'size' in after, 'what is not named is gone')
      const shown = await api(
        'PATCH',
        `${path}/${NAME}`,
        { theme: 'dark' },
        { headers: { prefer: 'return=representation' } },
      )
      t.equal(shown.status, 200)
      t.equal(shown.body.theme, 'dark')

      const again = await api('POST', path, { extensionName: NAME.toUpperCase() })
      t.equal(again.status, 409)
      t.match(again.body.error, { code: 'Request_BadRequest', message: 'An extension already exists with given id.' })

      const expanded = await api('GET', `/${set}/${id}?$select=id&$expand=extensions`)
      t.strictSame(expanded.body.extensions, [{ '@odata.type': TYPE, theme: 'dark', id: NAME, extensionName: NAME }])
      const all = await api('GET', `/${set}?$expand=extensions($select=id)`)
      t.equal(all.status, 200, all.text)
      const found = all.body.value.find((item: { id: string }) => item.id === id)
      t.strictSame(found.extensions, [{ '@odata.type': TYPE, id: NAME }])
      t.ok(all.body.value.every((item: object) => 'extensions' in item))

      await api('POST', path, { extensionName: 'com.contoso.other', a: 1 })
      for (const [filter, names] of [
        [`id eq '${NAME}'`, [NAME]],
        [`id eq 'microsoft.graph.openTypeExtension.${NAME.toLowerCase()}'`, [NAME]],
        [`id eq '${NAME}' or id eq 'com.contoso.other'`, ['com.contoso.other', NAME]],
        ["id eq 'com.contoso.nothing'", []],
      ] as const) {
        const some = await api('GET', `/${set}/${id}?$expand=extensions($filter=${filter};$select=id)`)
        t.equal(some.status, 200, some.text)
        t.strictSame(some.body.extensions.map((item: { id: string }) => item.id).sort(), names, filter)
      }
      for (const expand of ["extensions($filter=theme eq 'dark')", "memberOf($filter=id eq 'x')"]) {
        t.equal((await api('GET', `/${set}/${id}?$expand=${expand}`)).status, 400, expand)
      }
      await api('DELETE', `${path}/com.contoso.other`)

      t.equal((await api('DELETE', `${path}/${NAME}`)).status, 204)
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const gone = await api(method, `${path}/${NAME}`, method === 'PATCH' ? {} : undefined)
        t.equal(gone.status, 404, method)
        t.match(gone.body.error, { code: 'ResourceNotFound', message: 'Extension with given id not found.' })
      }
    })
  }

  await t.test('take what Graph takes', async (t) => {
    const path = `/users/${ana}/extensions`
    const refused: [object, string][] = [
      [{}, 'missingProperty'],
      [{ extensionName: 'a b' }, 'malformedExtensionName'],
      [{ extensionName: '../x' }, 'malformedExtensionName'],
      [{ extensionName: 'com.x', inner: { a: 1 } }, 'extensionContent'],
      [{ extensionName: 'com.x', inner: [{ a: 1 }] }, 'extensionContent'],
      [{ extensionName: 'com.x', text: 'x'.repeat(2_048) }, 'extensionTooLarge'],
    ]
    for (const [body, code] of refused) {
      const answer = await api('POST', path, body)
      t.equal(answer.status, 400, code)
      t.equal(answer.body.error.innerError.code, code)
    }
    t.equal((await api('GET', path)).body.value.length, 0, 'nothing was kept')
  })

  await t.test('are two at most of one client with one object, however many ask at once', async (t) => {
    const path = `/users/${ana}/extensions`
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => api('POST', path, { extensionName: `com.contoso.n${n}` })),
    )
    t.strictSame(answers.map(({ status }) => status).sort(), [201, 201, 403, 403, 403, 403])
    const other = await service.appToken(['User.ReadWrite.All'])
    t.equal((await api('POST', path, { extensionName: 'com.other' }, { token: other })).status, 201)
    for (const { status, body } of answers) if (status === 201) await api('DELETE', `${path}/${body.id}`)
  })

  await t.test('are for those who may read and change the object', async (t) => {
    const path = `/users/${ana}/extensions`
    const guest = await service.userToken(ana, ['User.Read', 'User.ReadWrite'])
    const own = await api('POST', '/me/extensions', { extensionName: 'com.mine', a: 1 }, { token: guest })
    t.equal(own.status, 201, own.text)
    t.match((await api('GET', '/me/extensions/com.mine', undefined, { token: guest })).body, { a: 1 })
    const admin = `/users/${service.adminId}/extensions`
    t.equal((await api('POST', admin, { extensionName: 'com.theirs' }, { token: guest })).status, 403)
    t.ok((await api('GET', admin, undefined, { token: guest })).status >= 403)
    const reader = await service.appToken(['User.Read.All'])
    t.equal((await api('GET', path, undefined, { token: reader })).status, 200)
    t.equal((await api('POST', path, { extensionName: 'com.x' }, { token: reader })).status, 403)
    const member = await person(service, 'member')
    const basic = await service.userToken(member, ['User.ReadBasic.All'])
    t.equal((await api('GET', path, undefined, { token: basic })).status, 403, 'no part of the basic profile')
    const listed = await api('GET', '/users?$expand=extensions', undefined, { token: basic })
    t.ok(listed.body.value.every(({ id, extensions }: any) => id === member || extensions.length === 0))
    const administrator = await person(service, 'chief', { role: ROLES.userAdministrator })
    const chief = await service.userToken(administrator, ['User.ReadWrite.All'])
    t.equal((await api('POST', path, { extensionName: 'com.chief' }, { token: chief })).status, 201)
  })

  await t.test('are another organization’s own', async (t) => {
    const { token } = await service.otherTenant('fabrikam.example')
    for (const path of [
      `/users/${ana}/extensions`,
      `/users/${ana}/extensions/com.mine`,
      `/groups/${group}/extensions`,
    ]) {
      t.equal((await api('GET', path, undefined, { token })).status, 404, path)
    }
    t.equal((await api('POST', `/users/${ana}/extensions`, { extensionName: 'com.x' }, { token })).status, 404)
  })

  await t.test('go with the object that is removed for good', async (t) => {
    await api('DELETE', `/users/${ana}`)
    t.equal((await api('DELETE', `/directory/deletedItems/${ana}`)).status, 204)
    t.equal((await service.rows(`select 1 from open_extensions where owner_id = '${ana}'`)).length, 0)
  })
})
