import t from 'tap'
import { approversOf, readUserFlow, userFlowOfApplication } from '../../src/user-flows/index.js'
import { makeAuthority } from '../support/authority.js'
import { startService, type TestService } from '../support/service.js'

const FLOWS = '/identity/b2xUserFlows'
const ATTRIBUTES = '/identity/userFlowAttributes'
const PAGE = 'overridesPages/selfasserted1_1/$value'

const authority = makeAuthority(t)
let service: TestService
t.before(async () => {
  service = await startService(t, { workers: false })
})

const at = (path: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/${path}` })
const get = async (path: string) => (await service.api('GET', path)).body
const create = async (id: string, more: object = {}) => {
  const { status, body, text } = await service.api('POST', FLOWS, { id, ...more })
  if (status !== 201) throw new Error(text)
  return `${FLOWS}/${body.id}`
}
const attribute = async (displayName: string, dataType: string) =>
  (await service.api('POST', ATTRIBUTES, { displayName, dataType })).body.id as string
const ask = (flow: string, id: string, more: object = {}) =>
  service.api('POST', `${flow}/userAttributeAssignments`, { userAttribute: { id }, ...more })
const read = (id: string) => readUserFlow(service.services.database.sql, service.tenantId, id)
const status = async (method: string, path: string, body?: unknown) => (await service.api(method, path, body)).status

t.test('nobody signs up by themselves until the organization says so', async (t) => {
  const POLICY = '/policies/authenticationFlowsPolicy'
  await create('Switch')
  t.match(await get(POLICY), { id: 'authenticationFlowsPolicy', selfServiceSignUp: { isEnabled: false } })
  t.match(await read('B2X_1_Switch'), { id: 'B2X_1_Switch', isEnabled: false })

  const { headers } = await service.api('GET', POLICY)
  const ifMatch = { headers: { 'if-match': headers.get('etag') ?? '' } }
  const on = { selfServiceSignUp: { isEnabled: true } }
  t.equal((await service.api('PATCH', POLICY, on, ifMatch)).status, 204)
  t.equal((await service.api('PATCH', POLICY, on, ifMatch)).status, 412, 'changed since')
  t.match(await get(POLICY), on)
  t.equal((await read('B2X_1_Switch'))?.isEnabled, true)

  t.equal(await status('PATCH', `${FLOWS}/B2X_1_Switch`, { isEnabled: false }), 204)
  t.equal((await read('b2x_1_switch'))?.isEnabled, false, 'each flow has a switch of its own')
})

t.test('a flow is changed in the version that was read, and deleted with all that hangs on it', async (t) => {
  const flow = await create('Versions', { termsOfUseUrl: 'https://contoso.example/terms' })
  const etag = async () => (await service.api('GET', flow)).headers.get('etag') ?? ''
  const first = await etag()
  await ask(flow, 'city')
  t.not(await etag(), first, 'what hangs on it is part of it')
  const old = { headers: { 'if-match': first } }
  t.equal((await service.api('PATCH', flow, { requiresApproval: true }, old)).status, 412)
  t.equal((await service.api('DELETE', flow, undefined, old)).status, 412)
  const now = { headers: { 'if-match': await etag(), prefer: 'return=representation' } }
  const changed = await service.api('PATCH', flow, { requiresApproval: true, requestLifetimeDays: 5 }, now)
  t.match(changed, { status: 200, body: { requiresApproval: true, requestLifetimeDays: 5 } })
  t.match(await read('B2X_1_Versions'), {
    requiresApproval: true,
    requestLifetimeDays: 5,
    termsOfUseUrl: 'https://contoso.example/terms',
  })
  t.equal(await status('DELETE', flow), 204)
  t.equal(await read('B2X_1_Versions'), undefined)
  t.equal(await status('GET', flow), 404)
  t.equal((await service.rows(`select 1 from user_flow_assignments where attribute_id = 'city'`)).length, 0)
  t.equal(await status('POST', FLOWS, { id: 'versions' }), 201, 'its id is free again')
  const [audit] = await service.rows(`select * from audit_events where activity_display_name = 'Delete user flow'`)
  t.match(audit, { category: 'Policy', additional_details: { id: 'B2X_1_Versions' } })
})

t.test('a flow offers Entra ID and what else the organization has', async (t) => {
  const flow = await create('Providers', { identityProviders: [{ id: 'EmailOtpSignup-OAuth', type: 'x', name: 'y' }] })
  const list = `${flow}/userFlowIdentityProviders`
  const offered = async () => (await read('B2X_1_Providers'))?.identityProviderIds
  t.strictSame(await offered(), ['AADSignup-OAUTH', 'EmailOtpSignup-OAUTH'])
  const google = { identityProviderType: 'Google', clientId: 'c', clientSecret: 's', displayName: 'Google' }
  const made = { '@odata.type': '#microsoft.graph.socialIdentityProvider', ...google }
  t.equal(await status('POST', '/identity/identityProviders', made), 201)
  t.equal(await status('POST', `${list}/$ref`, at('identityProviders/google-oauth')), 204, 'in whatever case')
  t.strictSame(await offered(), ['AADSignup-OAUTH', 'EmailOtpSignup-OAUTH', 'Google-OAUTH'])
  t.equal(await status('POST', `${list}/$ref`, at('identityProviders/Google-OAUTH')), 400, 'once')
  t.equal(
    await status('POST', `${list}/$ref`, at('identityProviders/Facebook-OAUTH')),
    404,
    'the organization has none',
  )
  t.equal(await status('POST', `${list}/$ref`, at('users/Google-OAUTH')), 400)
  t.equal(await status('DELETE', `${list}/AADSignup-OAUTH/$ref`), 400, 'always on')

  const names = (body: any) => body.value.map(({ id }: any) => id)
  t.strictSame(names(await get(list)), ['AADSignup-OAUTH', 'EmailOtpSignup-OAUTH', 'Google-OAUTH'])
  t.match((await get(list)).value[2], {
    '@odata.type': '#microsoft.graph.socialIdentityProvider',
    clientSecret: '******',
  })
  t.match(await get(`${flow}/identityProviders/Google-OAUTH`), {
    type: 'Google',
    name: 'Google',
    clientSecret: '******',
  })
  const references = (await get(`${list}/$ref`)).value
  t.match(references[2], { '@odata.id': `${service.baseUrl}/v1.0/identity/identityProviders/Google-OAUTH` })
  t.equal((await service.api('GET', `${list}/$count`)).text, '3')
  t.strictSame(
    names({ value: (await get(`${flow}?$expand=userFlowIdentityProviders`)).userFlowIdentityProviders }),
    names(await get(list)),
  )

  t.equal(await status('DELETE', '/identity/identityProviders/Google-OAUTH'), 204)
  t.strictSame(names(await get(list)), ['AADSignup-OAUTH', 'EmailOtpSignup-OAUTH'], 'given up: no longer listed')
  t.equal(await status('DELETE', `${list}/$ref?@id=https://x/identity/identityProviders/EmailOtpSignup-OAUTH`), 204)
  t.equal(await status('DELETE', `${list}/EmailOtpSignup-OAUTH/$ref`), 404, 'it is not there any more')
})

t.test('custom attributes are directory extensions of one application', async (t) => {
  const [size, hobbies] = await Promise.all([attribute('Shoe size', 'int64'), attribute('Hobbies', 'stringCollection')])
  const form = /^extension_([0-9a-f]{32})_(\w+)$/
  t.match([form.exec(size ?? '')?.[2], form.exec(hobbies ?? '')?.[2]], ['Shoesize', 'Hobbies'])
  t.equal(form.exec(size ?? '')?.[1], form.exec(hobbies ?? '')?.[1], 'made at once, of one application')
  const apps = await service.rows(
    `select app_id, permissions from applications where display_name like 'b2c-extensions%'`,
  )
  t.match(apps, [{ app_id: /./, permissions: [] }])
  t.equal(apps[0]?.['app_id'].replaceAll('-', ''), form.exec(size ?? '')?.[1])

  const { invitedUser } = await service.invite('ana@partner.example')
  const user = `/users/${invitedUser.id}`
  t.equal(await status('PATCH', user, { [size ?? '']: 43, [hobbies ?? '']: ['chess', 'go'] }), 204)
  t.equal(await status('PATCH', user, { [size ?? '']: 'large' }), 400)
  t.match(await get(`${user}?$select=${size},${hobbies}`), { [size ?? '']: 43, [hobbies ?? '']: ['chess', 'go'] })
  t.match((await get(`/users?$filter=${size} eq 43&$select=id`)).value, [{ id: invitedUser.id }])

  const flow = await create('Shoes')
  await ask(flow, size ?? '')
  t.match(await service.api('DELETE', `${ATTRIBUTES}/${size}`), {
    status: 400,
    body: { error: { message: new RegExp(`'${size}' cannot be deleted because it is used by: B2X_1_Shoes`) } },
  })
  t.equal(await status('DELETE', `${flow}/userAttributeAssignments/${size}`), 204)
  t.equal(await status('DELETE', `${ATTRIBUTES}/${size}`), 204)
  t.equal(await status('GET', `${ATTRIBUTES}/${size}`), 404)
  t.equal(await attribute('Shoe size', 'string'), size, 'a new one of the same name')
  const { '@odata.context': _context, ...left } = await get(`${user}?$select=${size}`)
  t.strictSame(left, {}, 'begins empty')

  t.equal(await status('PATCH', `${ATTRIBUTES}/${hobbies}`, { description: 'What you like' }), 204)
  t.match(await get(`${ATTRIBUTES}/${hobbies}`), { displayName: 'Hobbies', description: 'What you like' })
  for (const method of ['PATCH', 'DELETE'])
    t.equal(await status(method, `${ATTRIBUTES}/city`, method === 'PATCH' ? {} : undefined), 400)
  t.equal(await status('POST', ATTRIBUTES, { displayName: 'Hobbies', dataType: 'string' }), 400, 'one of a name')
  const custom = await get(`${ATTRIBUTES}?$filter=userFlowAttributeType eq 'custom' and displayName ne 'Hobbies'`)
  t.match(custom.value, [{ displayName: 'Shoe size', dataType: 'string' }])
  const [first, second] = (await get(`${ATTRIBUTES}?$top=2`)).value
  t.match([first, second], [{ id: 'city' }, { id: 'country' }])
})

t.test('a flow asks in the order that it is given', async (t) => {
  const flow = await create('Questions')
  const list = `${flow}/userAttributeAssignments`
  const terms = await attribute('Partner since', 'dateTime')
  const member = await attribute('Member', 'boolean')
  const made = await ask(flow, 'Country', {
    userInputType: 'DropdownSingleSelect',
    userAttributeValues: [
      { name: 'Norway', value: 'NO', isDefault: 'True' },
      { name: 'Sweden', value: 'SE' },
    ],
  })
  t.match(made, { status: 201, body: { id: 'country', userInputType: 'dropdownSingleSelect' } })
  t.equal(made.headers.get('location'), `${service.baseUrl}/v1.0${list}/country`)
  const validation = { regularExpression: '\\d{4}', message: 'Four digits.' }
  t.equal((await ask(flow, 'postalCode', { displayName: 'Zip', isOptional: true, validation })).status, 201)
  t.equal((await ask(flow, terms)).status, 201)
  t.equal((await ask(flow, member, { userInputType: 'checkboxMultiSelect', defaultValue: 'true' })).status, 201)
  t.equal((await ask(flow, 'CITY', { userInputType: 'dateTimeDropdown' })).status, 400)
  t.equal((await ask(flow, 'country')).status, 400, 'once')
  t.equal((await ask(flow, 'shoeSize')).status, 400, 'no such attribute')

  const order = async () => (await get(`${list}/getOrder()`)).order
  t.strictSame(await order(), ['country', 'postalCode', terms, member])
  const reorder = (ids: string[]) => status('POST', `${list}/setOrder`, { newAssignmentOrder: { order: ids } })
  t.equal(await reorder([member, terms, 'PostalCode', 'country']), 204)
  t.equal(await reorder([member, terms, 'country']), 400, 'one is missing')
  t.equal(await reorder([member, member, terms, 'country']), 400, 'one is there twice')
  t.strictSame(await order(), [member, terms, 'postalCode', 'country'])

  const flows = await read('B2X_1_Questions')
  t.match(flows?.attributes, [
    { claim: member, label: 'Member', dataType: 'boolean', inputType: 'checkbox', defaultValue: 'true' },
    { claim: terms, label: 'Partner since', dataType: 'dateTime', inputType: 'dateTimeDropdown', isRequired: true },
    { claim: 'postalCode', label: 'Zip', isRequired: false, validation },
    { claim: 'country', label: 'Country/Region', values: [{ value: 'NO', isDefault: true }, { isDefault: false }] },
  ])
  t.equal(flows?.texts['de']?.['country/DisplayName'], 'Land/Region', 'built-in ones have a name in each language')
  t.notOk(flows?.texts['de']?.['postalCode/DisplayName'], 'unless the flow calls them otherwise')

  t.equal(
    await status('PATCH', `${list}/country`, { userInputType: 'textBox' }),
    400,
    'with its choices it does not fit',
  )
  t.equal(await status('PATCH', `${list}/country`, { userInputType: 'textBox', userAttributeValues: [] }), 204)
  t.match(await get(`${list}/country?$expand=userAttribute`), {
    userInputType: 'textBox',
    userAttributeValues: [],
    userAttribute: { id: 'country', userFlowAttributeType: 'builtIn' },
  })
  t.match(await get(`${list}/${terms}/userAttribute`), { id: terms, dataType: 'dateTime' })
  t.equal((await get(`${list}?$expand=userAttribute($select=id)`)).value.length, 4)
})

t.test('words are downloaded, changed and uploaded', async (t) => {
  const flow = await create('Words')
  await ask(flow, 'city', {
    userInputType: 'radioSingleSelect',
    userAttributeValues: [{ name: 'Cologne', value: 'K' }],
  })
  const german = `${flow}/languages/de`
  const ours = await get(`${german}/defaultPages/selfasserted1_1/$value`)
  t.match(
    ours.LocalizedStrings.find(({ ElementId }: any) => ElementId === 'city'),
    {
      ElementType: 'ClaimType',
      StringId: 'DisplayName',
      Override: false,
      Value: 'Ort',
    },
  )
  t.match(ours.LocalizedStrings[0], { ElementType: 'UxElement', ElementId: null, StringId: 'heading', Value: /\w/ })
  const words = {
    LocalizedStrings: ours.LocalizedStrings.map((text: any) =>
      text.ElementId === 'city' && text.StringId === 'DisplayName'
        ? { ...text, Override: true, Value: 'Stadt <b>' }
        : text,
    ),
    LocalizedCollections: [{ ...ours.LocalizedCollections[0], Override: true, Items: [{ Name: 'Köln', Value: 'K' }] }],
  }
  const token = await service.appToken(['IdentityUserFlow.ReadWrite.All'])
  const uploaded = await fetch(`${service.baseUrl}/v1.0${german}/${PAGE}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: JSON.stringify(words),
  })
  t.equal(uploaded.status, 204, await uploaded.text())
  t.strictSame(await get(`${german}/${PAGE}`), words)
  const flows = await read('B2X_1_Words')
  t.match(flows?.texts['de'], { 'city/DisplayName': 'Stadt <b>' })
  t.match(flows?.texts['fr'], { 'city/DisplayName': 'Ville' })
  t.strictSame(flows?.choices['de'], { city: { K: 'Köln' } })

  const stranger = { LocalizedStrings: [{ ElementType: 'UxElement', StringId: 'alert', Override: true, Value: 'x' }] }
  t.equal(await status('PUT', `${german}/${PAGE}`, stranger), 400, 'a text that no page shows')
  t.equal(await status('PUT', `${flow}/languages/xx/${PAGE}`, words), 404)
  t.equal(await status('PUT', `${german}/overridesPages/other/$value`, words), 404)
  t.equal(await status('DELETE', `${german}/${PAGE}`), 204)
  t.notOk((await read('B2X_1_Words'))?.choices['de']?.['city'], 'and taken back')

  t.equal(await status('PATCH', german, { isEnabled: false }), 204)
  t.match(await get(german), { id: 'de', displayName: 'German', isEnabled: false })
  t.strictSame((await read('B2X_1_Words'))?.languages, ['en', 'fr', 'es', 'ja', 'ar'])
  t.equal(await status('PATCH', flow, { defaultLanguage: 'de' }), 400, 'a language that is off is no default')
  t.equal(
    await status('PATCH', `${flow}/languages/en`, { isEnabled: false }),
    400,
    'nor can the default be switched off',
  )
  t.equal(await status('PATCH', flow, { defaultLanguage: 'fr' }), 204)
  t.equal(await status('PATCH', `${flow}/languages/en`, { isEnabled: false }), 204)
  t.equal(await status('PATCH', flow, { defaultLanguage: 'nl' }), 400)

  const languages = `${flow}/languages`
  const add = (id: string, key?: string) =>
    service.api('POST', languages, { id, isEnabled: true }, key ? { headers: { 'idempotency-key': key } } : {})
  const added = await add('en', 'once')
  t.match(added, { status: 201, body: { id: 'en', displayName: 'English', isEnabled: true } })
  t.match(added.headers.get('location'), `${languages}/en`)
  t.equal((await add('en', 'once')).status, 201, 'the same key is the same language')
  t.match(await add('en'), { status: 400, body: { error: { innerError: { code: 'languageExists' } } } })
  t.match(await add('nl'), { status: 400, body: { error: { message: /the languages are en, de, fr/ } } })
  t.match(await service.api('PUT', german, {}), { status: 200, body: { id: 'de', isEnabled: true } })
  t.equal(await status('PUT', `${languages}/nl`, { isEnabled: true }), 404)
  t.equal(await status('PUT', `${german}/${PAGE}`, words), 204)
  t.equal(await status('DELETE', `${german}/overridesPages/selfasserted1_1`), 204, 'a page by its own path')
  t.strictSame((await get(`${german}/${PAGE}`)).LocalizedCollections, [])
})

t.test('a flow asks connectors that are there', async (t) => {
  const flow = await create('Connectors')
  const connector = async (displayName: string) => {
    const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'u', password: 'p' }
    const wish = { displayName, targetUrl: 'https://api.contoso.example/x', authenticationConfiguration: basic }
    return (await service.api('POST', '/identity/apiConnectors', wish)).body.id as string
  }
  const [one, other] = [await connector('One'), await connector('Other')]
  const slots = `${flow}/apiConnectorConfiguration`
  const put = (slot: string, id: string) => status('PUT', `${slots}/${slot}/$ref`, at(`identity/apiConnectors/${id}`))
  t.equal(await put('postFederationSignup', one), 204)
  t.equal(await put('postAttributeCollection', other), 204)
  t.equal(await put('postAttributeCollection', one), 204, 'in place of the other')
  t.equal(await put('postAttributeCollection', service.tenantId), 404)
  t.strictSame((await read('B2X_1_Connectors'))?.connectors, {
    PostFederationSignup: one,
    PostAttributeCollection: one,
  })
  t.match(await get(`${slots}?$expand=postFederationSignup,postAttributeCollection($select=id)`), {
    postFederationSignup: { id: one, displayName: 'One' },
    postAttributeCollection: { id: one },
  })
  t.strictSame(Object.keys(await get(slots)), ['@odata.context'], 'only what is asked for')
  t.match(await get(`${slots}/postFederationSignup`), { id: one, targetUrl: 'https://api.contoso.example/x' })
  t.match(await get(`${slots}/postFederationSignup/$ref`), {
    '@odata.id': new RegExp(`/identity/apiConnectors/${one}$`),
  })
  t.equal(await status('DELETE', `/identity/apiConnectors/${one}`), 400, 'a flow asks it')
  t.equal(await status('DELETE', `/identity/apiConnectors/${other}`), 204)
  t.equal(await status('DELETE', `${slots}/postFederationSignup/$ref`), 204)
  t.equal(await status('DELETE', `${slots}/postFederationSignup/$ref`), 404)
  t.equal(await status('GET', `${slots}/postFederationSignup`), 404)

  await t.test('and changes them by way of their slots', async (t) => {
    const slot = `${slots}/postAttributeCollection`
    t.equal(await status('PATCH', `${slots}/postFederationSignup`, { displayName: 'x' }), 404, 'nobody is asked there')
    t.equal(await status('PATCH', slot, { displayName: 'Changed' }), 204)
    t.match(await get(`/identity/apiConnectors/${one}`), { displayName: 'Changed' })
    const upload = { pkcs12Value: 'bm8gY2VydGlmaWNhdGU=', password: 'secret' }
    const refused = await service.api('POST', `${slot}/uploadClientCertificate`, upload)
    t.match(refused, { status: 400, body: { error: { message: /certificate/i } } })
    const { thumbprint, pkcs12: pkcs12Value, password } = authority.issue('slot')
    const uploaded = await service.api('POST', `${slot}/uploadClientCertificate`, { pkcs12Value, password })
    t.match(uploaded, { status: 200, body: { id: one } })
    const { authenticationConfiguration: proof } = await get(`/identity/apiConnectors/${one}`)
    t.match(proof.certificateList, [{ thumbprint, isActive: true }], 'the connector has it, whichever way it came')
    const { token } = await service.otherTenant('slots.example')
    for (const method of ['PATCH', 'DELETE']) {
      const there = await service.api(method, slot, method === 'PATCH' ? { displayName: 'theirs' } : undefined, {
        token,
      })
      t.equal(there.status, 404, `${method} from another organization`)
    }
    const half = { token: await service.appToken(['APIConnectors.ReadWrite.All']) }
    t.equal((await service.api('DELETE', slot, undefined, half)).status, 403, 'it changes the flow, too')
    t.equal(await put('postFederationSignup', one), 204)
    t.equal(await status('DELETE', slot), 400, 'while the other slot asks it')
    t.match(await get(slot), { id: one }, 'and then nothing is changed')
    t.equal(await status('DELETE', `${slots}/postFederationSignup/$ref`), 204)
    t.equal(await status('DELETE', slot), 204)
    t.strictSame((await read('B2X_1_Connectors'))?.connectors, {})
    t.equal(await status('GET', `/identity/apiConnectors/${one}`), 404)
  })

  const third = await connector('Third')
  const both = { postFederationSignup: at(`identity/apiConnectors/${third}`), postAttributeCollection: null }
  const second = await create('Asking', { apiConnectorConfiguration: both })
  t.strictSame((await read('B2X_1_Asking'))?.connectors, { PostFederationSignup: third })
  t.match((await get(second)).apiConnectorConfiguration, {})
})

t.test('many applications sign people up by a flow, each by one', async (t) => {
  const [flow, other] = [await create('Apps'), await create('OtherApps')]
  const app = (await service.api('POST', '/applications', { displayName: 'Portal' })).body
  const of = (clientId: string) => userFlowOfApplication(service.services.database.sql, service.tenantId, clientId)
  t.equal(await of(app.appId), undefined)
  t.equal(await status('POST', `${flow}/applications/$ref`, at(`applications/${app.id}`)), 204)
  t.match(await of(app.appId), { id: 'B2X_1_Apps', applicationIds: [app.appId] })
  t.equal(await of('no id'), undefined)
  t.match(await service.api('POST', `${other}/applications/$ref`, at(`applications/${app.id}`)), {
    status: 400,
    body: { error: { message: /by the user flow B2X_1_Apps/ } },
  })
  t.equal(await status('POST', `${flow}/applications/$ref`, at(`applications/${service.tenantId}`)), 404)
  t.match((await get(`${flow}/applications?$select=displayName`)).value, [{ displayName: 'Portal' }])
  t.equal(await status('DELETE', `${other}/applications/${app.id}/$ref`), 404)
  t.equal(await status('DELETE', `${flow}/applications/${app.id}/$ref`), 204)
  t.equal(await of(app.appId), undefined)

  t.equal(await status('POST', `${other}/applications/$ref`, at(`applications/${app.id}`)), 204)
  t.equal(await status('DELETE', `/applications/${app.id}`), 204)
  t.equal(await status('DELETE', `/directory/deletedItems/${app.id}`), 204)
  t.strictSame((await read('B2X_1_OtherApps'))?.applicationIds, [], 'gone with the application')
})

t.test('up to ten approvers, people or groups', async (t) => {
  const flow = await create('Approvers')
  const list = `${flow}/approvers`
  const group = { displayName: 'Deciders', mailEnabled: false, mailNickname: 'deciders', securityEnabled: true }
  const groupId = (await service.api('POST', '/groups', group)).body.id
  const add = (id: string) => status('POST', `${list}/$ref`, at(`directoryObjects/${id}`))
  t.equal(await add(groupId), 204)
  t.equal(await add(service.adminId), 204)
  t.equal(await add(service.adminId), 400, 'once')
  t.equal(await add(service.tenantId), 404)
  const approvers = () =>
    service.services.database.withTenant(service.tenantId, (scope) => approversOf(scope, 'b2x_1_approvers'))
  t.strictSame(await approvers(), { userIds: [service.adminId], groupIds: [groupId] })
  t.match(
    new Set((await get(list)).value.map((one: any) => one['@odata.type'])),
    new Set(['#microsoft.graph.user', '#microsoft.graph.group']),
  )
  for (let n = 0; n < 8; n++) t.equal(await add((await service.invite(`a${n}@partner.example`)).invitedUser.id), 204)
  t.equal(await add((await service.invite('a9@partner.example')).invitedUser.id), 400, 'an eleventh')
  t.equal(await status('DELETE', `${list}/$ref?@id=https://x/directoryObjects/${groupId}`), 204)
  t.equal(await status('DELETE', `${list}/${groupId}/$ref`), 404)
  t.strictSame((await approvers()).groupIds, [])
})

t.test('every list of it is selected from, filtered, sorted, searched, counted and paged', async (t) => {
  const eventual = { headers: { consistencylevel: 'eventual' } }
  const flow = await create('Lists')
  await service.api('POST', `${flow}/userFlowIdentityProviders/$ref`, at('identityProviders/EmailOtpSignup-OAUTH'))
  for (const id of ['city', 'jobTitle']) await ask(flow, id, { displayName: `Your ${id}` })
  await create('Elsewhere')
  const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'v', password: 'open sesame' }
  for (const displayName of ['Zeta check', 'alpha check']) {
    await service.api('POST', '/identity/apiConnectors', {
      displayName,
      targetUrl: 'https://connector.example/',
      authenticationConfiguration: basic,
    })
  }
  const names = async (path: string, property: string, options = {}) => {
    const answer = await service.api('GET', path, undefined, options)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`)
    return (answer.body.value as Record<string, unknown>[]).map((each) => each[property])
  }
  const languages = `${flow}/languages`
  const providers = '/identity/identityProviders'
  const offered = `${flow}/userFlowIdentityProviders`
  const cases: [path: string, property: string, expected: unknown[]][] = [
    [`${languages}?$filter=startsWith(displayName,'ger') or id eq 'FR'`, 'id', ['de', 'fr']],
    [`${languages}?$filter=not(isEnabled eq false) and contains(displayName,'ish')`, 'id', ['en', 'es']],
    [`${languages}?$filter=isEnabled eq false`, 'id', []],
    [`${languages}?$filter=id in ('ja','ar')&$orderby=displayName`, 'displayName', ['Arabic', 'Japanese']],
    [`${languages}?$orderby=displayName desc&$top=2`, 'displayName', ['Spanish', 'Japanese']],
    [`${languages}?$select=id&$top=1`, 'displayName', [undefined]],
    [`${languages}/de/overridesPages?$filter=id eq 'selfasserted1_1'`, 'id', ['selfasserted1_1']],
    [`${languages}/de/defaultPages?$filter=id ne 'selfasserted1_1'`, 'id', []],
    [`${providers}?$filter=identityProviderType eq 'EmailOTP'`, 'id', ['EmailOtpSignup-OAUTH']],
    [`${providers}?$filter=clientId eq null and startsWith(id,'aad')`, 'id', ['AADSignup-OAUTH']],
    [`${offered}?$orderby=displayName desc`, 'id', ['AADSignup-OAUTH', 'EmailOtpSignup-OAUTH']],
    [`${flow}/identityProviders?$filter=type eq 'EmailOTP'&$select=name`, 'type', [undefined]],
    [
      `${FLOWS}?$orderby=id desc&$filter=id in ('B2X_1_Lists','B2X_1_Elsewhere')`,
      'id',
      ['B2X_1_Lists', 'B2X_1_Elsewhere'],
    ],
    [`${flow}/userAttributeAssignments?$orderby=displayName desc`, 'id', ['jobTitle', 'city']],
    [`/identity/apiConnectors?$orderby=displayName`, 'displayName', ['alpha check', 'Third', 'Zeta check']],
    [`${ATTRIBUTES}?$filter=id in ('city','country')&$orderby=displayName desc`, 'id', ['country', 'city']],
  ]
  for (const [path, property, expected] of cases) t.strictSame(await names(path, property), expected, path)

  const searches: [path: string, property: string, expected: unknown[]][] = [
    [`${languages}?$search="displayName:engl"`, 'id', ['en']],
    [`${providers}?$search="displayName:one"`, 'id', ['EmailOtpSignup-OAUTH']],
    [`${FLOWS}?$search="id:elsewhere"`, 'id', ['B2X_1_Elsewhere']],
    [`${flow}/userAttributeAssignments?$search="displayName:jobtitle"`, 'id', ['jobTitle']],
    [`/identity/apiConnectors?$search="displayName:alpha"`, 'displayName', ['alpha check']],
    [`${ATTRIBUTES}?$search="displayName:postal"`, 'id', ['postalCode']],
  ]
  for (const [path, property, expected] of searches) {
    t.strictSame(await names(path, property, eventual), expected, path)
    t.equal(await status('GET', path), 400, 'which Graph wants a header for')
  }

  t.test('pages, counts and references', async (t) => {
    const first = (await service.api('GET', `${languages}?$top=4&$count=true&$orderby=id`)).body
    t.equal(first['@odata.count'], 6)
    const next = new URL(first['@odata.nextLink'])
    const rest = await get(`${next.pathname.slice('/v1.0'.length)}${next.search}`)
    const ids = [...first.value, ...rest.value].map(({ id }: { id: string }) => id)
    t.strictSame([ids, rest['@odata.nextLink']], [['ar', 'de', 'en', 'es', 'fr', 'ja'], undefined])
    t.equal(await status('GET', `${FLOWS}/B2X_1_Elsewhere/languages${next.search}`), 400, 'a token is of one list')
    const count = async (path: string) => (await service.api('GET', path)).text
    t.equal(await count(`${languages}/$count?$filter=id eq 'en'`), '1')
    t.equal(await count(`${providers}/$count`), String((await get(providers)).value.length))
    t.equal(await count(`${FLOWS}/$count?$filter=id eq 'b2x_1_lists'`), '1')
    t.match(await get(`${offered}/$ref?$filter=displayName ne 'x'&$top=1`), {
      value: [{ '@odata.id': /identity\/identityProviders\/AADSignup-OAUTH$/ }],
      '@odata.nextLink': /skiptoken/,
    })
  })

  t.test('one of them is selected from and expanded', async (t) => {
    t.strictSame(await get(`${languages}/ja?$select=displayName`), {
      '@odata.context': `${service.baseUrl}/v1.0/$metadata#identity/b2xUserFlows('B2X_1_Lists')/languages(displayName)/$entity`,
      displayName: 'Japanese',
    })
    t.match(await get(`${languages}?$expand=defaultPages,overridesPages&$top=1`), {
      value: [{ id: 'en', defaultPages: [{ id: 'selfasserted1_1' }], overridesPages: [{ id: 'selfasserted1_1' }] }],
    })
    t.match(await get(`${languages}/en?$expand=defaultPages($select=id)`), {
      defaultPages: [{ id: 'selfasserted1_1' }],
    })
    t.strictSame(Object.keys(await get(`${providers}/emailotpsignup-oauth?$select=displayName`)).sort(), [
      '@odata.context',
      '@odata.type',
      'displayName',
    ])
    t.equal(await status('GET', `${languages}/nl`), 404)
    const unknown = await service.api('GET', `${providers}?$expand=flows`)
    t.match(unknown, {
      status: 400,
      body: { error: { message: /'flows' on type 'microsoft.graph.identityProviderBase'/ } },
    })
    const wrong = await service.api('GET', `${languages}?$filter=secret eq 'x'`)
    t.match(wrong, { status: 400, body: { error: { code: 'Request_UnsupportedQuery' } } })
  })
})

t.test('another organization sees and changes nothing of it', async (t) => {
  const flow = await create('Ours')
  const own = await attribute('Ours', 'string')
  await ask(flow, own)
  const { token, tenantId } = await service.otherTenant('fabrikam.example')
  const there = (method: string, path: string, body?: unknown) => service.api(method, path, body, { token })
  for (const path of [
    '',
    '/userFlowIdentityProviders',
    '/userAttributeAssignments',
    '/languages',
    '/apiConnectorConfiguration',
    '/applications',
    '/approvers',
    `/userAttributeAssignments/${own}`,
    '/languages/en/defaultPages/selfasserted1_1/$value',
  ]) {
    t.equal((await there('GET', `${flow}${path}`)).status, 404, path)
  }
  t.equal((await there('PATCH', flow, { isEnabled: false })).status, 404)
  t.equal((await there('DELETE', flow)).status, 404)
  t.equal((await there('DELETE', `${ATTRIBUTES}/${own}`)).status, 404)
  t.equal((await there('GET', `${ATTRIBUTES}/${own}`)).status, 404)
  t.strictSame((await there('GET', FLOWS)).body.value, [])
  t.equal(
    (await there('GET', ATTRIBUTES)).body.value.filter((one: any) => one.userFlowAttributeType === 'custom').length,
    0,
  )

  t.equal((await there('POST', FLOWS, { id: 'Ours' })).status, 201, 'ids are of each organization')
  const theirs = { userAttribute: { id: own } }
  t.equal((await there('POST', `${flow}/userAttributeAssignments`, theirs)).status, 400, 'their flow, our attribute')
  t.equal((await there('POST', `${flow}/approvers/$ref`, at(`directoryObjects/${service.adminId}`))).status, 404)
  t.strictSame((await readUserFlow(service.services.database.sql, tenantId, 'B2X_1_Ours'))?.attributes, [])
  t.equal((await read('B2X_1_Ours'))?.attributes.length, 1)
})
