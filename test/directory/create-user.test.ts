import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('creating users', async (t) => {
  const service = await startService(t, { workers: false })
  const create = (body: unknown, options = {}) => service.api('POST', '/users', body, options)
  const wish = (name: string, more: object = {}) => ({
    accountEnabled: true,
    displayName: name,
    mailNickname: name,
    userPrincipalName: `${name}@contoso.example`,
    ...more,
  })

  await t.test('a member of the organization, seen at once by id and by name', async (t) => {
    const { status, body, headers } = await create(
      wish('ana', { passwordProfile: { password: 'never kept', forceChangePasswordNextSignIn: true } }),
    )
    t.equal(status, 201)
    t.equal(headers.get('location'), `${service.baseUrl}/v1.0/users/${body.id}`)
    t.match(body, { displayName: 'ana', userPrincipalName: 'ana@contoso.example', mail: null, businessPhones: [] })
    t.strictSame((await service.api('GET', '/users/ANA@contoso.example')).body, body)
    const select = 'userType,creationType,externalUserState,accountEnabled,identities,mailNickname'
    const { '@odata.context': _, ...seen } = (await service.api('GET', `/users/${body.id}?$select=${select}`)).body
    t.strictSame(seen, {
      userType: 'Member',
      creationType: null,
      externalUserState: null,
      accountEnabled: true,
      identities: [
        { signInType: 'userPrincipalName', issuer: 'contoso.example', issuerAssignedId: 'ana@contoso.example' },
      ],
      mailNickname: 'ana',
    })
    const columns = JSON.stringify(await service.rows(`select * from users where id = '${body.id}'`))
    t.notMatch(columns, 'never kept', 'no password is kept')
    t.match(await service.rows(`select activity_display_name from audit_events where target_id = '${body.id}'`), [
      { activity_display_name: 'Add user' },
    ])
  })

  await t.test('with every property that can be written, and ties to others', async (t) => {
    const boss = await person(service, 'boss')
    const sponsor = await person(service, 'sponsor')
    const said = {
      accountEnabled: false,
      ageGroup: 'Minor',
      businessPhones: ['+1 555 0100'],
      city: 'Lyon',
      companyName: 'Partner',
      consentProvidedForMinor: 'Granted',
      country: 'France',
      department: 'Audit',
      employeeHireDate: '2020-02-01T00:00:00Z',
      employeeId: 'E-1',
      employeeLeaveDateTime: '2030-02-01T00:00:00Z',
      employeeOrgData: { costCenter: '17', division: 'North' },
      employeeType: 'Contractor',
      faxNumber: '+1 555 0101',
      givenName: 'Bo',
      jobTitle: 'Auditor',
      mail: 'Bo@Elsewhere.example',
      mobilePhone: '+1 555 0102',
      officeLocation: '4/123',
      onPremisesImmutableId: 'immutable',
      otherMails: ['bo@home.example'],
      passwordPolicies: 'DisablePasswordExpiration',
      postalCode: '69001',
      preferredDataLocation: 'EUR',
      preferredLanguage: 'fr-CA',
      showInAddressList: false,
      state: 'ARA',
      streetAddress: '1 Rue X',
      surname: 'Bell',
      usageLocation: 'FR',
      userType: 'Guest',
      aboutMe: 'Reads books.',
      birthday: '1990-01-01T00:00:00Z',
      hireDate: '2020-02-02T00:00:00Z',
      interests: ['books'],
      mySite: 'https://bo.example',
      pastProjects: ['Apollo'],
      preferredName: 'Bobby',
      responsibilities: ['reading'],
      schools: ['one'],
      skills: ['two', 'three'],
    }
    const { status, body, text } = await create(
      wish('bo', {
        ...said,
        onPremisesExtensionAttributes: { extensionAttribute3: 'x' },
        'manager@odata.bind': `https://graph.microsoft.com/v1.0/users/${boss}`,
        'sponsors@odata.bind': [`https://graph.microsoft.com/v1.0/directoryObjects/${sponsor}`],
      }),
    )
    t.equal(status, 201, text)
    const select = [...Object.keys(said), 'legalAgeGroupClassification', 'onPremisesExtensionAttributes'].join()
    const seen = (await service.api('GET', `/users/${body.id}?$select=${select}`)).body
    for (const [name, value] of Object.entries(said)) t.strictSame(seen[name], value, name)
    t.equal(seen.legalAgeGroupClassification, 'MinorWithParentalConsent')
    t.equal(seen.onPremisesExtensionAttributes.extensionAttribute3, 'x')
    t.equal(Object.keys(seen.onPremisesExtensionAttributes).length, 15)
    t.equal((await service.api('GET', `/users/${body.id}/manager`)).body.id, boss)
    t.strictSame(
      (await service.api('GET', `/users/${body.id}/sponsors`)).body.value.map(({ id }: { id: string }) => id),
      [sponsor],
    )
    const list = await service.api('GET', '/users?$select=aboutMe')
    t.equal(list.status, 501, 'what lives in the profile is not for lists')
  })

  await t.test('an external account with an identity gets a name of its own, and its address as mail', async (t) => {
    const { status, body, text } = await create({
      accountEnabled: true,
      displayName: 'Cy',
      identities: [{ signInType: 'emailAddress', issuer: 'contoso.example', issuerAssignedId: 'Cy@Partner.example' }],
      passwordProfile: { password: 'x', forceChangePasswordNextSignIn: false },
    })
    t.equal(status, 201, text)
    t.equal(body.mail, 'cy@partner.example')
    t.equal(body.userPrincipalName, `${body.id}@contoso.example`)
    const seen = (await service.api('GET', `/users/${body.id}?$select=creationType,identities,externalUserState`)).body
    t.equal(seen.creationType, 'LocalAccount')
    t.equal(seen.externalUserState, null)
    t.strictSame(seen.identities, [
      { signInType: 'emailAddress', issuer: 'contoso.example', issuerAssignedId: 'cy@partner.example' },
      { signInType: 'userPrincipalName', issuer: 'contoso.example', issuerAssignedId: body.userPrincipalName },
    ])
    const federated = { signInType: 'federated', issuer: 'facebook.com', issuerAssignedId: '5eecb0cd' }
    const other = await create({ accountEnabled: true, displayName: 'Di', identities: [federated] })
    t.equal(other.status, 201)
    const shown = (await service.api('GET', `/users/${other.body.id}?$select=creationType,identities`)).body
    t.equal(shown.creationType, null)
    t.strictSame(shown.identities[0], federated)
  })

  await t.test('every refusal, and nothing is written', async (t) => {
    await service.invite('taken@partner.example')
    const before = await service.rows('select count(*)::int as n from users')
    const identity = (more: object) => ({
      identities: [{ signInType: 'federated', issuer: 'x.example', issuerAssignedId: '1', ...more }],
    })
    const cases: [body: object, inner: string, target: string, message: RegExp | string][] = [
      [
        wish('e', { accountEnabled: undefined }),
        'missingProperty',
        'accountEnabled',
        "A value is required for property 'accountEnabled' of resource 'User'.",
      ],
      [wish('e', { displayName: undefined }), 'missingProperty', 'displayName', /displayName/],
      [wish('e', { mailNickname: undefined }), 'missingProperty', 'mailNickname', /mailNickname/],
      [wish('e', { userPrincipalName: undefined }), 'missingProperty', 'userPrincipalName', /userPrincipalName/],
      [
        wish('e', { userPrincipalName: 'e' }),
        'malformedPrincipalName',
        'userPrincipalName',
        'Property userPrincipalName is invalid.',
      ],
      [
        wish('e', { userPrincipalName: 'e e@contoso.example' }),
        'malformedPrincipalName',
        'userPrincipalName',
        /invalid/,
      ],
      [
        wish('e', { userPrincipalName: 'e_x.example#EXT#@contoso.example' }),
        'malformedPrincipalName',
        'userPrincipalName',
        /invalid/,
      ],
      [
        wish('e', { userPrincipalName: 'e.@contoso.example' }),
        'malformedPrincipalName',
        'userPrincipalName',
        /invalid/,
      ],
      [
        wish('e', { userPrincipalName: 'e@fabrikam.example' }),
        'unverifiedDomain',
        'userPrincipalName',
        /^The domain portion of the userPrincipalName property is invalid\. You must use one/,
      ],
      [
        wish('e', { userPrincipalName: 'ANA@contoso.example' }),
        'valueTaken',
        'userPrincipalName',
        'Another object with the same value for property userPrincipalName already exists.',
      ],
      [wish('e', { mailNickname: 'e e' }), 'malformedNickname', 'mailNickname', /invalid/],
      [wish('e', { mail: 'x' }), 'malformedAddress', 'mail', /address/],
      [wish('e', { mail: 'TAKEN@partner.example' }), 'addressTaken', 'mail', /conflicting object/],
      [wish('e', { otherMails: ['taken@partner.example'] }), 'addressTaken', 'otherMails', /conflicting object/],
      [
        { accountEnabled: true, displayName: 'e', ...identity({ issuer: 'mail' }) },
        'malformedIdentity',
        'identities',
        /mail/,
      ],
      [
        { accountEnabled: true, displayName: 'e', ...identity({ issuer: 'Contoso.example' }) },
        'malformedIdentity',
        'identities',
        /federated/,
      ],
      [
        { accountEnabled: true, displayName: 'e', ...identity({ signInType: 'userName' }) },
        'malformedIdentity',
        'identities',
        /domain/,
      ],
      [
        { accountEnabled: true, displayName: 'e', ...identity({ signInType: 'phone' }) },
        'malformedIdentity',
        'identities',
        /signInType/,
      ],
      [
        { accountEnabled: true, displayName: 'e', ...identity({ issuerAssignedId: '' }) },
        'malformedIdentity',
        'identities',
        /issuerAssignedId/,
      ],
      [
        {
          accountEnabled: true,
          displayName: 'e',
          ...identity({ issuer: 'facebook.com', issuerAssignedId: '5eecb0cd' }),
        },
        'valueTaken',
        'identities',
        /identities already exists/,
      ],
      [wish('e', { ageGroup: 'Old' }), 'invalidValue', 'ageGroup', /Minor/],
      [wish('e', { shoeSize: 42 }), 'unknownProperty', 'shoeSize', /shoeSize/],
    ]
    for (const [body, inner, target, message] of cases) {
      const { status, body: answer } = await create(body)
      t.equal(status, 400, `${inner} ${target}`)
      t.match(answer.error, { code: 'Request_BadRequest', target, innerError: { code: inner } })
      t.match(answer.error.message, message)
    }
    for (const [bind, value] of Object.entries({
      'manager@odata.bind': `https://x/v1.0/users/${service.tenantId}`,
      'sponsors@odata.bind': [`https://x/v1.0/users/${service.tenantId}`],
    }))
      t.equal((await create(wish('e', { [bind]: value }))).status, 404, bind)
    t.equal((await create(wish('e', { 'manager@odata.bind': 'nobody' }))).status, 400)
    t.strictSame(await service.rows('select count(*)::int as n from users'), before)
  })

  await t.test('who may create', async (t) => {
    const administrator = await person(service, 'uma', { role: ROLES.userAdministrator })
    const member = await person(service, 'mia')
    const as = async (id: string) => ({ token: await service.userToken(id, ['User.ReadWrite.All']) })
    t.equal((await create(wish('f'), await as(member))).status, 403)
    t.equal((await create(wish('f'), await as(administrator))).status, 201)
    t.equal((await create(wish('g'), { token: await service.appToken(['User.Read.All']) })).status, 403)
    t.equal((await create(wish('g'), { token: await service.appToken(['User.ReadWrite.All']) })).status, 201)
  })

  await t.test('of fifty at once with one name one is made', async (t) => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(wish('race'))))
    t.equal(answers.filter(({ status }) => status === 201).length, 1)
    t.equal(answers.filter(({ status }) => status === 400).length, 49)
  })
})
