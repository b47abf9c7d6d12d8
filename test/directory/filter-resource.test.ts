import t from 'tap'
import { startService } from '../support/service.js'

const EVENTUAL = { headers: { consistencylevel: 'eventual' } }
const LONG = 'x'.repeat(300)

/** Text properties that are found through `directory_values`, and how a body writes them. */
const TEXTS: Record<string, (value: string) => object> = {
  companyName: (companyName) => ({ companyName }),
  employeeType: (employeeType) => ({ employeeType }),
  faxNumber: (faxNumber) => ({ faxNumber }),
  jobTitle: (jobTitle) => ({ jobTitle }),
  mobilePhone: (mobilePhone) => ({ mobilePhone }),
  officeLocation: (officeLocation) => ({ officeLocation }),
  onPremisesImmutableId: (onPremisesImmutableId) => ({ onPremisesImmutableId }),
  postalCode: (postalCode) => ({ postalCode }),
  streetAddress: (streetAddress) => ({ streetAddress }),
  'employeeOrgData/costCenter': (costCenter) => ({ employeeOrgData: { costCenter } }),
  'employeeOrgData/division': (division) => ({ employeeOrgData: { division } }),
  'onPremisesExtensionAttributes/extensionAttribute1': (extensionAttribute1) => ({
    onPremisesExtensionAttributes: { extensionAttribute1 },
  }),
  'onPremisesExtensionAttributes/extensionAttribute15': (extensionAttribute15) => ({
    onPremisesExtensionAttributes: { extensionAttribute15 },
  }),
}

/** Users of the table, by name, with the text they have: an upper-case one, a longer one, and one without. */
const VALUES: Record<string, string | undefined> = { a: 'Alpha', b: 'alphabet', c: "O'Neil %_", d: undefined }
const fold = (text: string) => text.toLowerCase()

type Holds = (value: string | undefined) => boolean
const CASES: [filter: (path: string) => string, holds: Holds][] = [
  [(path) => `${path} eq 'ALPHA'`, (value) => value !== undefined && fold(value) === 'alpha'],
  [(path) => `${path} ne 'alpha'`, (value) => value === undefined || fold(value) !== 'alpha'],
  [(path) => `not(${path} eq 'alpha')`, (value) => value === undefined || fold(value) !== 'alpha'],
  [(path) => `${path} in ('alpha','o''neil %_')`, (value) => value === 'Alpha' || value === "O'Neil %_"],
  [(path) => `startsWith(${path},'ALPHA')`, (value) => value !== undefined && fold(value).startsWith('alpha')],
  [(path) => `startsWith(${path},'o''')`, (value) => value === "O'Neil %_"],
  [(path) => `${path} ge 'alphabet'`, (value) => value !== undefined && fold(value) >= 'alphabet'],
  [(path) => `${path} le 'alphabet'`, (value) => value !== undefined && fold(value) <= 'alphabet'],
  [(path) => `${path} eq null`, (value) => value === undefined],
  [(path) => `${path} ne null`, (value) => value !== undefined],
]

t.test('filters on properties that few users have', async (t) => {
  const service = await startService(t, { workers: false })
  const { api } = service
  const create = async (name: string, more: object = {}) => {
    const { status, body, text } = await api('POST', '/users', {
      accountEnabled: true,
      displayName: name,
      mailNickname: name,
      userPrincipalName: `${name}@contoso.example`,
      ...more,
    })
    if (status !== 201) throw new Error(text)
    return body.id as string
  }
  const ask = (filter: string, options = EVENTUAL, count = '&$count=true') =>
    api('GET', `/users?$filter=${encodeURIComponent(filter)}${count}`, undefined, options)
  const found = async (filter: string) => {
    const { status, body, text } = await ask(filter)
    if (status !== 200) throw new Error(`${filter}: ${text}`)
    t.equal(body['@odata.count'], body.value.length, filter)
    return body.value.map(({ displayName }: { displayName: string }) => displayName).sort()
  }

  const ids = new Map<string, string>()
  for (const [name, value] of Object.entries(VALUES)) {
    const parts = value === undefined ? [] : Object.values(TEXTS).map((body) => body(value))
    const merged: Record<string, unknown> = {}
    for (const part of parts) {
      for (const [key, inner] of Object.entries(part)) {
        const before = merged[key]
        merged[key] = typeof inner === 'object' && typeof before === 'object' ? { ...before, ...inner } : inner
      }
    }
    ids.set(name, await create(name, merged))
  }
  const mine = `displayName in (${Object.keys(VALUES)
    .map((name) => `'${name}'`)
    .join(',')})`

  for (const path of Object.keys(TEXTS)) {
    await t.test(path, async (t) => {
      for (const [filter, holds] of CASES) {
        const wanted = Object.keys(VALUES).filter((name) => holds(VALUES[name]))
        t.strictSame(await found(`${filter(path)} and ${mine}`), wanted, filter(path))
      }
    })
  }

  await t.test('follow every change', async (t) => {
    const id = ids.get('a')
    t.strictSame(await found("jobTitle eq 'alpha'"), ['a'])
    await api('PATCH', `/users/${id}`, { jobTitle: 'Beta' })
    t.strictSame(await found("jobTitle eq 'alpha'"), [])
    t.strictSame(await found("jobTitle eq 'beta'"), ['a'])
    t.strictSame(await found("companyName eq 'alpha'"), ['a'], 'the others stay')
    await api('PATCH', `/users/${id}`, { jobTitle: null, onPremisesExtensionAttributes: { extensionAttribute1: null } })
    t.strictSame(await found("jobTitle eq 'beta'"), [])
    t.strictSame(await found("onPremisesExtensionAttributes/extensionAttribute1 eq 'alpha'"), [])
    t.strictSame(await found("onPremisesExtensionAttributes/extensionAttribute15 eq 'alpha'"), ['a'])
  })

  await t.test('find long values by themselves and by their start', async (t) => {
    await create('long', { streetAddress: LONG, businessPhones: ['+1 555 0100'] })
    await create('longer', { streetAddress: `${LONG}y` })
    t.strictSame(await found(`streetAddress eq '${LONG.toUpperCase()}'`), ['long'])
    t.strictSame(await found(`streetAddress eq '${LONG}y'`), ['longer'])
    t.strictSame(await found(`startsWith(streetAddress,'${LONG.slice(0, 200)}')`), ['long', 'longer'])
  })

  await t.test('of other types', async (t) => {
    await create('typed', {
      ageGroup: 'Adult',
      consentProvidedForMinor: 'Granted',
      employeeHireDate: '2026-01-31T10:00:00Z',
      preferredLanguage: 'de-AT',
      showInAddressList: true,
      passwordPolicies: 'DisablePasswordExpiration',
    })
    const cases: [string, string[]][] = [
      ["ageGroup eq 'adult'", ['typed']],
      ["consentProvidedForMinor in ('Denied','Granted')", ['typed']],
      ['employeeHireDate ge 2026-01-31T10:00:00Z', ['typed']],
      ['employeeHireDate eq 2026-01-31T11:00:00+01:00', ['typed']],
      ['employeeHireDate le 2026-01-31T09:59:59Z', []],
      ["startsWith(preferredLanguage,'de')", ['typed']],
      ['showInAddressList eq true', ['typed']],
      ["passwordPolicies eq 'DisablePasswordExpiration'", ['typed']],
      ["businessPhones/any(p:p eq '+1 555 0100')", ['long']],
      ["businessPhones/any(p:startsWith(p,'+1 555'))", ['long']],
      ['businessPhones/any() and displayName ne null', ['long']],
      ["proxyAddresses/any(p:p eq 'smtp:admin@contoso.example')", ['Administrator']],
      ["proxyAddresses/any(p:startsWith(p,'SMTP:admin@'))", ['Administrator']],
      ["proxyAddresses/any(p:p eq 'admin@contoso.example')", []],
      ["not(proxyAddresses/any(p:p eq 'SMTP:admin@contoso.example')) and displayName in ('a','b')", ['a', 'b']],
      ["onPremisesSyncEnabled ne true and displayName eq 'a'", ['a']],
      ['onPremisesSyncEnabled eq true', []],
      ['assignedLicenses/$count ne 0', []],
      ["assignedLicenses/$count eq 0 and displayName eq 'a'", ['a']],
    ]
    for (const [filter, names] of cases) t.strictSame(await found(filter), names, filter)
  })

  await t.test('find accounts by what they sign in with', async (t) => {
    const identity = { signInType: 'emailAddress', issuer: 'contoso.example', issuerAssignedId: 'Ida@partner.example' }
    const made = await api('POST', '/users', { accountEnabled: true, displayName: 'ida', identities: [identity] })
    t.equal(made.status, 201, made.text)
    const both = "c/issuer eq 'contoso.example' and c/issuerAssignedId eq 'ida@partner.example'"
    t.strictSame(await found(`identities/any(c:${both})`), ['ida'])
    t.strictSame(
      await found("identities/any(c:c/issuer eq 'mail' and c/issuerAssignedId eq 'ida@partner.example')"),
      [],
    )
  })

  await t.test('want an advanced query where Graph wants one', async (t) => {
    for (const filter of ["companyName eq 'x'", "jobTitle ne 'x'", "startsWith(mobilePhone,'x')", "id ne 'x'"]) {
      const { status, body } = await ask(filter, { headers: { consistencylevel: '' } })
      t.equal(status, 400, filter)
      t.equal(body.error.innerError.code, 'advancedQueryNeeded', filter)
    }
    for (const filter of ["jobTitle eq 'alpha'", "startsWith(jobTitle,'al')", "ageGroup eq 'Adult'"]) {
      t.equal((await ask(filter, { headers: { consistencylevel: '' } }, '')).status, 200, filter)
    }
  })

  await t.test('find people by how their addresses end', async (t) => {
    await create('eve', { mail: 'eve@ends.example', otherMails: ['eve@home.example', 'ev@ends.example'] })
    const { invitedUser } = await service.invite('zoe@ends.example', { invitedUserDisplayName: 'zoe' })
    const cases: [string, string[]][] = [
      ["endsWith(mail,'@ENDS.example')", ['eve', 'zoe']],
      ["endsWith(mail,'e@ends.example') and startsWith(mail,'z')", ['zoe']],
      ["not endsWith(mail,'@ends.example') and displayName in ('a','eve')", ['a']],
      ["endsWith(userPrincipalName,'ends.example#EXT#@contoso.example')", ['zoe']],
      ["endsWith(userPrincipalName,'ve@contoso.example')", ['eve']],
      ["otherMails/any(m:endsWith(m,'@home.example'))", ['eve']],
      ["otherMails/any(m:endsWith(m,'@ends.example'))", ['eve', 'zoe']],
      ["otherMails/any(m:startsWith(m,'zoe@'))", ['zoe']],
      ["otherMails/any(m:m eq 'ZOE@ends.example')", ['zoe']],
      ["otherMails/any(m:m eq 'eve@ends.example')", []],
      ["not(otherMails/any(m:m eq 'zoe@ends.example')) and endsWith(mail,'@ends.example')", ['eve']],
      ["otherMails/$count eq 0 and displayName in ('a','eve','zoe')", ['a']],
      ["otherMails/$count eq 1 and displayName in ('a','eve','zoe')", ['zoe']],
      ["proxyAddresses/any(p:endsWith(p,'ve@ends.example'))", ['eve']],
      ["startsWith(mailNickname,'zoe_ends')", ['zoe']],
      ["mailNickname eq 'EVE'", ['eve']],
    ]
    for (const [filter, names] of cases) t.strictSame(await found(filter), names, filter)
    t.equal((await ask("endsWith(mail,'x')", { headers: { consistencylevel: '' } }, '')).status, 400)

    // Once somebody says which they are, the invited address is one of them only if it is said.
    await api('PATCH', `/users/${invitedUser.id}`, { otherMails: ['zoe@home.example'] })
    t.strictSame(await found("otherMails/any(m:endsWith(m,'.example')) and displayName eq 'zoe'"), ['zoe'])
    t.strictSame(await found("otherMails/any(m:m eq 'zoe@ends.example')"), [])
  })

  await t.test('find people by the times that answers show', async (t) => {
    const select = '$select=displayName,createdDateTime,externalUserStateChangeDateTime'
    await service.invite('yan@times.example', { invitedUserDisplayName: 'yan' })
    const { invitedUser } = await service.invite('yul@times.example', { invitedUserDisplayName: 'yul' })
    service.advance(60_000)
    await service.rows(`update users set external_user_state = 'Accepted',
      external_user_state_change_date_time = now() + interval '1 minute' where id = '${invitedUser.id}'`)
    const { body } = await api(
      'GET',
      `/users?$filter=endsWith(mail,'@times.example')&$count=true&${select}`,
      undefined,
      EVENTUAL,
    )
    t.equal(body.value.length, 2)
    for (const { displayName, createdDateTime: created, externalUserStateChangeDateTime: changed } of body.value) {
      const one = `displayName eq '${displayName}'`
      for (const operator of ['eq', 'ge', 'le'])
        t.strictSame(await found(`createdDateTime ${operator} ${created} and ${one}`), [displayName], operator)
      for (const operator of ['ne', 'gt', 'lt'])
        t.strictSame(await found(`createdDateTime ${operator} ${created} and ${one}`), [], operator)
      t.strictSame(await found(`createdDateTime in (2001-01-01T00:00:00Z,${created}) and ${one}`), [displayName])
      t.strictSame(await found(`externalUserStateChangeDateTime eq ${changed} and ${one}`), [displayName])
      t.strictSame(await found(`externalUserStateChangeDateTime in (${changed}) and ${one}`), [displayName])
      t.strictSame(await found(`externalUserStateChangeDateTime ne ${changed} and ${one}`), [])
    }
    t.strictSame(await found("externalUserStateChangeDateTime eq null and displayName in ('a','yan','yul')"), ['a'])
    const newest = await api('GET', '/users?$orderby=createdDateTime desc&$top=2&$count=true', undefined, EVENTUAL)
    t.strictSame(
      newest.body.value.map(({ displayName }: { displayName: string }) => displayName),
      ['yul', 'yan'],
    )
    t.equal((await api('GET', '/users?$orderby=createdDateTime')).status, 400, 'an advanced query in Graph')
  })

  await t.test('search finds them by the start of what is no name', async (t) => {
    await create('sam', { givenName: 'Samson', surname: 'Tree', department: 'Roads' })
    for (const clause of [
      'userPrincipalName:SAM@',
      'givenName:sams',
      'surname:tr',
      'department:road',
      'mailNickname:sa',
    ]) {
      const path = `/users?$search=${encodeURIComponent(`"${clause}"`)}&$select=displayName`
      const { body, text } = await api('GET', path, undefined, EVENTUAL)
      t.strictSame(body.value, [{ displayName: 'sam' }], `${clause}: ${text}`)
    }
  })

  await t.test('invitations write none of it', async (t) => {
    const { invitedUser } = await service.invite('gil@partner.example')
    t.equal((await service.rows(`select 1 from directory_values where object_id = '${invitedUser.id}'`)).length, 0)
  })

  await t.test('see their own organization alone', async (t) => {
    const { token } = await service.otherTenant('fabrikam.example')
    const { body } = await ask("companyName eq 'alpha'", { headers: EVENTUAL.headers, token } as typeof EVENTUAL)
    t.strictSame(body.value, [])
  })
})
