import t from 'tap'
import {
  type DataType,
  defineExtensionProperty,
  deleteExtensionProperty,
  listExtensionProperties,
  type NewExtensionProperty,
} from '../../../src/directory/index.js'
import { holdAgainst } from '../../support/contract.js'
import { startService, type TestService } from '../../support/service.js'

const APP = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'
const named = (name: string) => `extension_${APP.replaceAll('-', '')}_${name}`
const EVENTUAL = { headers: { consistencylevel: 'eventual' } }

function define(
  service: TestService,
  name: string,
  more: Partial<NewExtensionProperty> = {},
  tenantId = service.tenantId,
) {
  const wish = { appId: APP, name, dataType: 'String' as DataType, targetObjects: ['User' as const], ...more }
  return service.services.database.withTenant(tenantId, (scope) =>
    defineExtensionProperty(service.services, scope, wish),
  )
}

const account = (name: string, more: object = {}) => ({
  accountEnabled: true,
  displayName: name,
  mailNickname: name,
  userPrincipalName: `${name}@contoso.example`,
  ...more,
})

t.test('directory extensions', async (t) => {
  const service = await startService(t, { workers: false })
  const { api } = service
  await define(service, 'partner')
  await define(service, 'count', { dataType: 'Integer' })
  await define(service, 'since', { dataType: 'DateTime' })
  await define(service, 'vip', { dataType: 'Boolean' })
  await define(service, 'skills', { isMultiValued: true })
  await define(service, 'project', { targetObjects: ['Group'] })
  const create = async (name: string, more: object = {}) => {
    const { status, body, text } = await api('POST', '/users', account(name, more))
    if (status !== 201) throw new Error(text)
    return body.id as string
  }
  const select = async (id: string, ...names: string[]) => {
    const { body } = await api('GET', `/users/${id}?$select=${names.map(named).join(',')}`)
    const { '@odata.context': _context, ...values } = body
    return values
  }
  const found = async (filter: string, isAdvanced = false) => {
    const count = isAdvanced ? '&$count=true' : ''
    const answer = await api(
      'GET',
      `/users?$filter=${encodeURIComponent(filter)}&$select=displayName${count}`,
      undefined,
      isAdvanced ? EVENTUAL : {},
    )
    if (answer.status !== 200) throw new Error(answer.text)
    return answer.body.value.map(({ displayName }: { displayName: string }) => displayName).sort()
  }

  const all = { [named('partner')]: 'Fabrikam', [named('count')]: 7, [named('since')]: '2026-01-31T10:00:00Z' }
  const ana = await create('ana', { ...all, [named('vip')]: true, [named('skills')]: ['Go', 'SQL'] })
  const bo = await create('bo', { [named('partner')]: 'Fabulous', [named('vip')]: false })

  await t.test('are kept on creating, and told only when they are selected', async (t) => {
    t.strictSame(await select(ana, 'partner', 'count', 'since', 'vip', 'skills'), {
      ...all,
      [named('vip')]: true,
      [named('skills')]: ['Go', 'SQL'],
    })
    const { body } = await api('GET', `/users/${ana}`)
    t.notOk(Object.keys(body).some((name) => name.startsWith('extension')))
  })

  await t.test('are left out where an object has none', async (t) => {
    t.strictSame(await select(bo, 'partner', 'count', 'skills'), { [named('partner')]: 'Fabulous' })
    const list = await api('GET', `/users?$select=id,${named('count')}`)
    t.equal(list.status, 200, list.text)
    t.strictSame(
      list.body.value.filter((user: object) => named('count') in user).map(({ id }: { id: string }) => id),
      [ana],
    )
  })

  await t.test('are found by value, whatever the type', async (t) => {
    const cases: [string, string[], isAdvanced?: true][] = [
      [`${named('partner')} eq 'fabrikam'`, ['ana']],
      [`${named('partner')} eq 'nobody'`, []],
      [`${named('partner')} in ('FABRIKAM','Fabulous')`, ['ana', 'bo']],
      [`startsWith(${named('partner')},'fab')`, ['ana', 'bo']],
      [`startsWith(${named('partner')},'fabr')`, ['ana']],
      [`${named('count')} eq 7`, ['ana']],
      [`${named('vip')} eq true`, ['ana']],
      [`${named('vip')} eq false`, ['bo']],
      [`${named('since')} ge 2026-01-31T10:00:00Z`, ['ana']],
      [`${named('since')} le 2026-01-31T09:59:59Z`, []],
      [`${named('skills')}/any(s:s eq 'go')`, ['ana']],
      [`${named('partner')} eq 'fabrikam' and ${named('count')} eq 7`, ['ana']],
      [`${named('partner')} eq 'fabrikam' or displayName eq 'bo'`, ['ana', 'bo']],
      [`${named('partner')} ne 'fabrikam' and startsWith(userPrincipalName,'bo')`, ['bo'], true],
      [`not(${named('partner')} eq 'fabrikam') and startsWith(displayName,'bo')`, ['bo'], true],
      [`${named('partner')} ne null`, ['ana', 'bo'], true],
      [`${named('count')} eq null and displayName in ('ana','bo')`, ['bo'], true],
    ]
    for (const [filter, names, isAdvanced] of cases) t.strictSame(await found(filter, isAdvanced), names, filter)
    const total = await api('GET', `/users/$count?$filter=${named('vip')} eq true`, undefined, EVENTUAL)
    t.equal(total.text, '1')
  })

  await t.test('are changed with the rest of a user, and taken away with null', async (t) => {
    const patched = await api('PATCH', `/users/${ana}`, { jobTitle: 'Auditor', [named('partner')]: 'Wingtip' })
    t.equal(patched.status, 204, patched.text)
    t.match(await select(ana, 'partner', 'count'), { [named('partner')]: 'Wingtip', [named('count')]: 7 })
    t.strictSame(await found(`${named('partner')} eq 'fabrikam'`), [])
    t.strictSame(await found(`${named('partner')} eq 'wingtip'`), ['ana'])
    t.equal((await api('PATCH', `/users/${ana}`, { [named('partner')]: null, [named('skills')]: [] })).status, 204)
    t.strictSame(await select(ana, 'partner', 'skills'), {})
    t.strictSame(await found(`${named('partner')} ne null`, true), ['bo'])
    t.strictSame(await found(`${named('skills')}/any(s:s eq 'go')`), [])
  })

  await t.test('come with an invitation', async (t) => {
    const { invitedUser } = await service.invite('gil@partner.example', {
      invitedUserProperties: { [named('partner')]: 'Northwind' },
    })
    t.strictSame(await select(invitedUser.id, 'partner'), { [named('partner')]: 'Northwind' })
    t.strictSame(await found(`${named('partner')} eq 'northwind'`), ['gil'])
  })

  await t.test('are of groups too, where they are defined for them', async (t) => {
    const group = { displayName: 'Audit', mailEnabled: false, mailNickname: 'audit', securityEnabled: true }
    const made = await api('POST', '/groups', { ...group, [named('project')]: 'Apollo' })
    t.equal(made.status, 201, made.text)
    const shown = await api('GET', `/groups/${made.body.id}?$select=id,${named('project')}`)
    t.equal(shown.body[named('project')], 'Apollo')
    t.equal((await api('PATCH', `/groups/${made.body.id}`, { [named('project')]: 'Gemini' })).status, 204)
    const list = await api('GET', `/groups?$filter=${named('project')} eq 'gemini'&$select=id`)
    t.strictSame(list.body.value, [{ id: made.body.id }])
    const user = await api('PATCH', `/users/${bo}`, { [named('project')]: 'x' })
    t.equal(user.status, 400)
  })

  await t.test('go with a user who is removed for good', async (t) => {
    const gone = await create('gone', { [named('partner')]: 'Fabrikam' })
    await api('DELETE', `/users/${gone}`)
    t.strictSame(await found(`${named('partner')} eq 'fabrikam'`), [], 'the deleted are found by nothing')
    t.equal((await api('DELETE', `/directory/deletedItems/${gone}`)).status, 204)
    t.equal((await service.rows(`select 1 from directory_values where object_id = '${gone}'`)).length, 0)
  })

  await t.test('are followed by delta, each as it is then and what was taken away as null', async (t) => {
    const follow = async (path: string) => {
      const { status, body, text } = await api('GET', path)
      if (status !== 200) throw new Error(text)
      return { items: body.value as any[], link: String(body['@odata.deltaLink']).split('/v1.0')[1] ?? '' }
    }
    const cleo = await create('cleo', { [named('partner')]: 'Fabrikam' })
    const first = await follow(`/users/delta?$select=displayName,${named('partner')},${named('count')}`)
    const told = new Map(first.items.map(({ id, ...rest }) => [id, rest]))
    t.strictSame(told.get(cleo), { displayName: 'cleo', [named('partner')]: 'Fabrikam' })
    t.match(told.get(ana), { [named('count')]: 7 })

    const only = await follow(`/users/delta?$select=${named('partner')}&$deltatoken=latest`)
    await api('PATCH', `/users/${cleo}`, { jobTitle: 'Auditor' })
    t.strictSame((await follow(only.link)).items, [], 'nothing that was selected changed')
    const followed = await follow(`/users/delta?$select=displayName,${named('partner')}&$deltatoken=latest`)
    await api('PATCH', `/users/${cleo}`, { [named('count')]: 8 })
    t.strictSame((await follow(only.link)).items, [], 'another extension is none of them')
    await api('PATCH', `/users/${cleo}`, { [named('partner')]: 'Wingtip', [named('count')]: 9 })
    t.strictSame(
      (await api('GET', followed.link, undefined, { headers: { prefer: 'return=minimal' } })).body.value,
      [{ id: cleo, [named('partner')]: 'Wingtip' }],
      'and of what was selected only what changed is told',
    )
    const changed = await follow(only.link)
    t.strictSame(changed.items, [{ id: cleo, [named('partner')]: 'Wingtip' }])
    await api('PATCH', `/users/${cleo}`, { [named('partner')]: null })
    t.strictSame((await follow(changed.link)).items, [{ id: cleo, [named('partner')]: null }])

    const group = (
      await api('POST', '/groups', {
        ...{ displayName: 'Apollo', mailEnabled: false, mailNickname: 'apollo', securityEnabled: true },
        [named('project')]: 'Apollo',
      })
    ).body.id
    const groups = await follow(`/groups/delta?$select=displayName,${named('project')}`)
    t.match(
      groups.items.find(({ id }) => id === group),
      { displayName: 'Apollo', [named('project')]: 'Apollo' },
    )
    await api('PATCH', `/groups/${group}`, { [named('project')]: 'Gemini' })
    t.match((await follow(groups.link)).items, [{ id: group, [named('project')]: 'Gemini' }])
    const unknown = await api('GET', `/users/delta?$select=${named('nowhere')}`)
    t.equal(unknown.status, 400)
    t.match(unknown.body.error.message, /Could not find a property named/)
    t.equal((await api('GET', `/users/delta?$select=${named('project')}`)).status, 400, 'defined for groups only')
  })

  await t.test('decide who is in a dynamic group', async (t) => {
    const make = (membershipRule: string, more: object = {}) =>
      api('POST', '/groups', {
        ...{ displayName: 'Filled', mailEnabled: false, mailNickname: 'filled', securityEnabled: true },
        ...{ groupTypes: ['DynamicMembership'], membershipRule },
        ...more,
      })
    const members = async (group: string) =>
      (await api('GET', `/groups/${group}/members?$select=id`)).body.value.map(({ id }: { id: string }) => id).sort()
    const filled = async (rule: string) => {
      const { status, body, text } = await make(rule)
      if (status !== 201) throw new Error(text)
      return body.id as string
    }
    const eve = await create('eve', { [named('partner')]: 'Tailspin', [named('vip')]: true, [named('count')]: 12 })
    const partner = await filled(
      `user.${named('partner').toUpperCase().replace('EXTENSION', 'extension')} -eq "tailspin"`,
    )
    const vip = await filled(`user.${named('vip')} -eq true -and user.userPrincipalName -startsWith "eve"`)
    const count = await filled(`user.${named('count')} -in ["12", "13"]`)
    const none = await filled(`user.${named('partner')} -eq null -and user.userPrincipalName -startsWith "eve"`)
    const attribute = await filled('user.extensionAttribute7 -match "^x"')
    for (const group of [partner, vip, count]) t.strictSame(await members(group), [eve])
    t.strictSame(await members(none), [])
    t.strictSame(await members(attribute), [])

    await api('PATCH', `/users/${eve}`, {
      ...{ [named('partner')]: null, [named('vip')]: false, [named('count')]: 14 },
      onPremisesExtensionAttributes: { extensionAttribute7: 'xy' },
    })
    for (const group of [partner, vip, count]) t.strictSame(await members(group), [])
    t.strictSame(await members(none), [eve])
    t.strictSame(await members(attribute), [eve])

    for (const name of ['nowhere', 'skills', 'project']) {
      const refused = await make(`user.userType -eq "Guest" -or user.${named(name)} -eq "x"`)
      t.equal(refused.status, 400, `${name} is nothing that a rule can ask a user`)
      t.match(refused.body.error, {
        code: 'DynamicGroupQueryParseError',
        message: `Unsupported property '${named(name)}'`,
        details: [{ message: 'Position 31' }],
      })
      const changed = await api('PATCH', `/groups/${vip}`, { membershipRule: `user.${named(name)} -eq "x"` })
      t.equal(changed.status, 400, name)
    }
    const paused = { membershipRuleProcessingState: 'Paused' }
    t.equal((await make(`user.${named('nowhere')} -eq "x"`, paused)).status, 400, 'checked while it is paused, too')
    t.equal((await make('user.extensionAttribute16 -eq "x"')).status, 400, 'there are fifteen')
  })

  await t.test('are another organization’s own', async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const there = { token: other.token }
    const unknown = await api('GET', `/users?$filter=${named('partner')} eq 'fabulous'`, undefined, there)
    t.equal(unknown.status, 400, 'not defined there')
    await define(service, 'partner', {}, other.tenantId)
    const none = await api('GET', `/users?$filter=${named('partner')} eq 'fabulous'`, undefined, there)
    t.strictSame(none.body.value, [])
    t.equal((await api('GET', `/users/${bo}?$select=${named('partner')}`, undefined, there)).status, 404)
  })

  await t.test('are listed for those who want to know which there are', async (t) => {
    const { status, body } = await api('POST', '/directoryObjects/getAvailableExtensionProperties')
    t.equal(status, 200)
    t.equal(body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#extensionProperties`)
    t.strictSame(
      body.value.map(({ name }: { name: string }) => name),
      ['partner', 'count', 'since', 'vip', 'skills', 'project'].map(named),
    )
    const [first] = body.value
    holdAgainst(t, 'microsoft.graph.extensionProperty', first)
    t.match(first, { dataType: 'String', isMultiValued: false, isSyncedFromOnPremises: false, targetObjects: ['User'] })
    const synced = await api('POST', '/users/getAvailableExtensionProperties', { isSyncedFromOnPremises: true })
    t.strictSame(synced.body.value, [])
  })

  await t.test('a name is taken once', async (t) => {
    await t.rejects(define(service, 'Partner'), { code: 'extensionPropertyExists' })
  })

  await t.test('a definition that is removed takes its values out of sight, for good', async (t) => {
    const inTenant = service.services.database.withTenant
    const [vip] = await inTenant(service.tenantId, (scope) => listExtensionProperties(scope, APP)).then((all) =>
      all.filter(({ name }) => name === named('vip')),
    )
    const remove = (appId: string) =>
      inTenant(service.tenantId, (scope) => deleteExtensionProperty(scope, appId, vip?.id ?? ''))
    t.equal(await remove(service.tenantId), false, 'not by another application')
    t.equal(await remove(APP), true)
    t.equal(await remove(APP), false)
    t.equal((await api('GET', `/users?$filter=${named('vip')} eq true`)).status, 400)
    t.equal((await api('PATCH', `/users/${bo}`, { [named('vip')]: true })).status, 400)
    await define(service, 'vip', { dataType: 'Boolean' })
    t.strictSame(await select(bo, 'vip'), {}, 'one of the same name is another one')
    t.strictSame(await found(`${named('vip')} eq false`), [])
  })
})
