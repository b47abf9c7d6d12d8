import t from 'tap'
import { startService } from '../support/service.js'

t.test('names of internal accounts', async (t) => {
  const service = await startService(t, { workers: false })
  const { api } = service
  const create = async (name: string) => {
    const body = { accountEnabled: true, displayName: name, mailNickname: name }
    const made = await api('POST', '/users', { ...body, userPrincipalName: `${name}@contoso.example` })
    return made.body.id as string
  }
  const ida = await create('ida')
  await create('joe')
  const change = (body: object, id = ida) => api('PATCH', `/users/${id}`, body)
  const names = async (id = ida) => {
    const { body } = await api('GET', `/users/${id}?$select=userPrincipalName,mailNickname`)
    return [body.userPrincipalName, body.mailNickname]
  }

  await t.test('are changed, and found by the new one only', async (t) => {
    t.equal((await change({ userPrincipalName: 'Ida.M@contoso.example', mailNickname: 'idam' })).status, 204)
    t.strictSame(await names(), ['Ida.M@contoso.example', 'idam'])
    t.equal((await api('GET', '/users/IDA.M@contoso.example')).body.id, ida)
    t.equal((await api('GET', '/users/ida@contoso.example')).status, 404)
  })

  await t.test('are refused in Graph’s words', async (t) => {
    const cases: [object, code: string, target: string, message: RegExp][] = [
      [{ userPrincipalName: 'x@elsewhere.example' }, 'unverifiedDomain', 'userPrincipalName', /verified domain names/],
      [{ userPrincipalName: 'no domain' }, 'malformedPrincipalName', 'userPrincipalName', /is invalid/],
      [{ userPrincipalName: 'a#EXT#@contoso.example' }, 'malformedPrincipalName', 'userPrincipalName', /is invalid/],
      [{ userPrincipalName: '.a@contoso.example' }, 'malformedPrincipalName', 'userPrincipalName', /is invalid/],
      [{ userPrincipalName: 'JOE@contoso.example' }, 'valueTaken', 'userPrincipalName', /already exists/],
      [{ mailNickname: 'two words' }, 'malformedNickname', 'mailNickname', /is invalid/],
      [{ mailNickname: 'a@b' }, 'malformedNickname', 'mailNickname', /is invalid/],
    ]
    for (const [body, code, target, message] of cases) {
      const { status, body: answer } = await change(body)
      t.equal(status, 400, JSON.stringify(body))
      t.match(answer.error, { code: 'Request_BadRequest', target, message, innerError: { code } })
    }
    t.strictSame(await names(), ['Ida.M@contoso.example', 'idam'], 'nothing was written')
  })

  await t.test('of one of two at once', async (t) => {
    const others = await Promise.all([create('kim'), create('lou')])
    const answers = await Promise.all(others.map((id) => change({ userPrincipalName: 'one@contoso.example' }, id)))
    t.strictSame(answers.map(({ status }) => status).sort(), [204, 400])
  })

  await t.test('of guests are read-only, and ignored', async (t) => {
    const guest = (await service.invite('ana@partner.example')).invitedUser.id
    const before = await names(guest)
    t.equal((await change({ userPrincipalName: 'ana@contoso.example', mailNickname: 'ana' }, guest)).status, 204)
    t.strictSame(await names(guest), before)
  })

  await t.test('of holders of a role are for Global Administrators', async (t) => {
    const { status, body } = await change({ userPrincipalName: 'chief@contoso.example' }, service.adminId)
    t.equal(status, 403)
    t.equal(body.error.innerError.code, 'privilegedTarget')
    t.equal((await change({ mailNickname: 'chief' }, service.adminId)).status, 204, 'a nickname decides nothing')
  })
})
