import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('changing users', async (t) => {
  const service = await startService(t, { workers: false })
  const patch = (id: string, body: unknown, options = {}) => service.api('PATCH', `/users/${id}`, body, options)
  const { invitedUser } = await service.invite('ana@partner.example')
  const ana: string = invitedUser.id
  const every = Object.keys((await service.rows("select * from users where user_type = 'Guest'"))[0] ?? {})
  t.ok(every.length > 30)

  await t.test('each plain property is kept, and null clears what may be empty', async (t) => {
    const profile = {
      displayName: 'Ana Bell',
      givenName: 'Ana',
      surname: 'Bell',
      jobTitle: 'Auditor',
      mobilePhone: '+1 555 0100',
      businessPhones: ['+1 555 0101'],
      officeLocation: '4/123',
      preferredLanguage: 'fr-CA',
      companyName: 'Partner',
      department: 'Audit',
      employeeId: 'E-17',
      city: 'Lyon',
      state: 'ARA',
      country: 'France',
      postalCode: '69001',
      streetAddress: '1 Rue X',
      usageLocation: 'FR',
      otherMails: ['ana@home.example'],
      userType: 'Member',
      accountEnabled: true,
    }
    const answer = await patch(ana, profile)
    t.equal(answer.status, 204)
    t.equal(answer.text, '')
    const select = Object.keys(profile).join()
    const { '@odata.context': _, ...seen } = (await service.api('GET', `/users/${ana}?$select=${select}`)).body
    t.strictSame(seen, profile)

    const nullable = Object.keys(profile).filter(
      (name) => !['displayName', 'businessPhones', 'otherMails', 'userType', 'accountEnabled'].includes(name),
    )
    t.equal((await patch(ana, Object.fromEntries(nullable.map((name) => [name, null])))).status, 204)
    const cleared = (await service.api('GET', `/users/${ana}?$select=${nullable.join()}`)).body
    for (const name of nullable) t.equal(cleared[name], null, name)
    t.equal((await patch(ana, { businessPhones: [], userType: 'Guest' })).status, 204)
  })

  await t.test('read-only properties and annotations are ignored', async (t) => {
    const before = await service.rows(`select * from users where id = '${ana}'`)
    t.equal(
      (
        await patch(ana, {
          id: service.tenantId,
          externalUserState: 'Accepted',
          userPrincipalName: 'x@contoso.example',
          '@odata.type': 'x',
          creationType: null,
        })
      ).status,
      204,
    )
    t.strictSame(await service.rows(`select * from users where id = '${ana}'`), before)
  })

  await t.test('every refusal, and nothing changes', async (t) => {
    await service.invite('bo@partner.example')
    await patch(ana, { mail: 'ana@partner.example', otherMails: ['ana@home.example'] })
    const before = await service.rows('select * from users order by id')
    const cases: [change: object, code: string, target: string | undefined][] = [
      [{ mail: 'ana' }, 'malformedAddress', 'mail'],
      [{ mail: 'BO@partner.example' }, 'addressTaken', 'mail'],
      [{ mail: 'ana@contoso.example' }, 'verifiedDomain', 'mail'],
      [{ otherMails: ['ok@home.example', 'bo@partner.example'] }, 'addressTaken', 'otherMails'],
      [{ otherMails: ['x'] }, 'malformedAddress', 'otherMails'],
      [{ displayName: '' }, 'invalidValue', 'displayName'],
      [{ displayName: 'x'.repeat(257) }, 'invalidValue', 'displayName'],
      [{ jobTitle: 3 }, 'invalidValue', 'jobTitle'],
      [{ userType: 'Robot' }, 'invalidValue', 'userType'],
      [{ accountEnabled: 'yes' }, 'invalidValue', 'accountEnabled'],
      [{ usageLocation: 'France' }, 'invalidValue', 'usageLocation'],
      [{ preferredLanguage: 'x'.repeat(40) }, 'invalidValue', 'preferredLanguage'],
      [{ businessPhones: ['1', '2'] }, 'invalidValue', 'businessPhones'],
      [{ jobTitel: 'x' }, 'unknownProperty', 'jobTitel'],
      [{ jobTitle: 'good', mail: 'bad' }, 'malformedAddress', 'mail'],
    ]
    for (const [change, code, target] of cases) {
      const { status, body } = await patch(ana, change)
      t.equal(status, 400, JSON.stringify(change).slice(0, 60))
      t.equal(body.error.innerError.code, code, JSON.stringify(change).slice(0, 60))
      t.equal(body.error.target, target)
    }
    t.strictSame(await service.rows('select * from users order by id'), before)
    t.equal((await patch(service.tenantId, { jobTitle: 'x' })).status, 404)
    t.equal((await patch('nobody@contoso.example', { jobTitle: 'x' })).status, 404)
  })

  await t.test('two users who reach for one address at once: one gets it, the other is told', async (t) => {
    const bo = (await service.invite('bo@partner.example')).invitedUser.id
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all([
        patch(ana, { mail: `r${round}@home.example` }),
        patch(bo, { mail: `r${round}@home.example` }),
      ])
      t.strictSame(answers.map(({ status }) => status).sort(), [204, 400], `round ${round}`)
    }
  })

  await t.test('by name', async (t) => {
    t.equal((await patch('bo_partner.example%23EXT%23@contoso.example', { jobTitle: 'Buyer' })).status, 204)
  })

  await t.test('disabling ends what is open, and is written down', async (t) => {
    const id = await person(service, 'dora')
    const token = await service.userToken(id, ['User.Read.All'])
    t.equal((await service.api('GET', '/users', undefined, { token })).status, 200)
    await service.rows(
      `insert into sessions values ('${service.tenantId}', '\\x01', '${id}', 'd', 'd', 'm', now(), now() + interval '1 day')`,
    )
    t.equal((await patch(id, { accountEnabled: false })).status, 204)
    t.equal((await service.api('GET', '/users', undefined, { token })).status, 401)
    t.equal((await service.rows(`select * from sessions where user_id = '${id}'`)).length, 0)
    t.match(await service.rows(`select * from audit_events where target_id = '${id}'`), [
      { activity_display_name: 'Update user', additional_details: { properties: ['accountEnabled'] } },
    ])
  })

  await t.test('who may change whom', async (t) => {
    const target = await person(service, 'tom')
    const helper = await person(service, 'hal', { role: ROLES.helpdeskAdministrator })
    const users = await person(service, 'uma', { role: ROLES.userAdministrator })
    const as = async (id: string) => ({ token: await service.userToken(id, ['User.ReadWrite.All']) })
    t.equal((await patch(target, { jobTitle: 'x' }, await as(target))).status, 403, 'a plain member')
    t.equal((await patch(target, { jobTitle: 'x' }, await as(helper))).status, 403)
    t.equal((await patch(target, { jobTitle: 'x' }, await as(users))).status, 204)
    t.equal(
      (await patch(service.adminId, { jobTitle: 'x' }, await as(users))).status,
      204,
      'plain properties of an administrator',
    )
    for (const change of [
      { accountEnabled: false },
      { mail: 'x@home.example' },
      { otherMails: ['x@home.example'] },
      { userType: 'Guest' },
    ]) {
      const name = Object.keys(change).join()
      t.equal(
        (await patch(service.adminId, change, await as(users))).status,
        403,
        `${name} of an administrator by another`,
      )
      t.equal((await patch(service.adminId, change)).status, 403, `${name} of an administrator by an application`)
    }
    t.equal((await patch(service.adminId, { mail: 'boss@home.example' }, await as(service.adminId))).status, 204)
    t.equal((await patch(target, { jobTitle: 'x' }, { token: await service.appToken(['User.Read.All']) })).status, 403)
  })
})
