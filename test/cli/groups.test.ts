import t from 'tap'
import { startService } from '../support/service.js'
import { command } from './command.js'

t.test('looking after groups', async (t) => {
  const service = await startService(t, { workers: false })
  const env = {
    VESTIBULE_URL: service.baseUrl,
    VESTIBULE_TENANT: service.tenantId,
    VESTIBULE_CLIENT_ID: service.clientId,
    VESTIBULE_CLIENT_SECRET: service.clientSecret,
  }
  const vestibule = (...args: string[]) => command(args, env)
  const ana = (await service.invite('ana@partner.example')).invitedUser.id
  const made = await vestibule('groups', 'create', 'Project Ü', '--owner', service.adminId, '--member', ana, '--json')
  t.equal(made.code, 0, made.err)
  const { id } = JSON.parse(made.out)

  await t.test('created, shown and listed', async (t) => {
    t.match(JSON.parse(made.out), { displayName: 'Project Ü', mailNickname: 'ProjectU', securityEnabled: true })
    t.match((await vestibule('groups', 'get', id)).out, /displayName +Project Ü\n +kind +security\n/)
    const dynamic = await vestibule(
      'groups',
      'create',
      'Guests',
      '--microsoft365',
      '--rule',
      'user.userType -eq "Guest"',
    )
    t.match(dynamic.out, /kind +microsoft365, dynamic\n[\s\S]*membershipRule +user\.userType -eq "Guest"\n/)
    const list = await vestibule('groups', 'list')
    t.match(list.out, /^ID +KIND +NAME\n/)
    t.equal(list.out.trimEnd().split('\n').length, 3)
    const one = JSON.parse((await vestibule('groups', 'list', '--name', 'proj', '--json')).out)
    t.match(one, { value: [{ id }] })
    t.equal(one.value.length, 1)
    t.match(await vestibule('groups', 'list', '--top', '1'), { err: /There are more/ })
  })

  await t.test('members are listed, added and removed', async (t) => {
    t.match(
      (await vestibule('groups', 'members', id)).out,
      new RegExp(`^ID +TYPE +NAME +MAIL\n${ana}  user   ana +ana@partner.example\n$`),
    )
    const inner = JSON.parse((await vestibule('groups', 'create', 'Inner', '--json')).out).id
    t.match(await vestibule('groups', 'add-member', id, '--member', inner), { code: 0, out: 'Added.\n' })
    t.match(await vestibule('groups', 'add-member', inner, '--member', service.adminId), { code: 0 })
    t.equal(JSON.parse((await vestibule('groups', 'members', id, '--transitive', '--json')).out).value.length, 3)
    t.match(await vestibule('groups', 'remove-member', id, '--member', ana, '--json'), {
      code: 0,
      out: /"removed": true/,
    })
    t.equal(JSON.parse((await vestibule('groups', 'members', id, '--json')).out).value.length, 1)
    t.match(await vestibule('groups', 'remove-member', id, '--member', ana), { code: 1, err: /does not exist/ })
    t.equal((await vestibule('groups', 'add-member', id)).code, 2, 'nobody named')
  })

  await t.test('a guest is invited into them', async (t) => {
    const into = (address: string, group: string) =>
      vestibule('invite', address, '--redirect', 'https://app.example', '--group', group, '--json')
    const { invitedUser } = JSON.parse((await into('ben@partner.example', id)).out)
    t.match((await vestibule('groups', 'members', id)).out, new RegExp(`${invitedUser.id}  user   ben `))
    t.equal((await into('cy@partner.example', service.adminId)).code, 1, 'no group')
    t.match(JSON.parse((await vestibule('users', 'list', '--mail', 'cy@partner.example', '--json')).out), { value: [] })
  })

  await t.test('what is refused leaves nothing but the refusal', async (t) => {
    const refused = await vestibule('groups', 'members', service.adminId)
    t.match(refused, { code: 1, out: '', err: /does not exist/ })
    t.match(await vestibule('users', 'list', '--filter', 'mail eq'), { code: 1, out: '', err: /at position/ })
    t.match(await vestibule('groups', 'list', '--top', '1', '--all'), { code: 2, out: '', err: /not both/ })
  })

  await t.test('lists of nobody have their heading', async (t) => {
    const nobody = await vestibule('users', 'list', '--mail', 'nobody@partner.example')
    t.match(nobody, { code: 0, out: /^ID +TYPE +STATE +ENABLED +NAME +ADDRESS\n$/, err: '' })
  })

  await t.test('deleted', async (t) => {
    t.match(await vestibule('groups', 'delete', id), { code: 0, out: 'Deleted.\n' })
    t.equal((await vestibule('groups', 'get', id)).code, 1)
  })
})
