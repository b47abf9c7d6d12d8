import t from 'tap'
import { startService } from '../support/service.js'
import { command } from './command.js'

t.test('looking after users', async (t) => {
  const service = await startService(t, { workers: false })
  const env = {
    VESTIBULE_URL: service.baseUrl,
    VESTIBULE_TENANT: service.tenantId,
    VESTIBULE_CLIENT_ID: service.clientId,
    VESTIBULE_CLIENT_SECRET: service.clientSecret,
  }
  const vestibule = (...args: string[]) => command(args, env)
  const ids: Record<string, string> = {}
  for (const name of ['ana', 'ben', 'cy', "o'neil"]) {
    ids[name] = (await service.invite(`${name}@partner.example`)).invitedUser.id
  }
  const ana = ids['ana'] ?? ''
  const UPN = 'ana_partner.example#EXT#@contoso.example'

  await t.test('a list for people', async (t) => {
    const { code, out, err } = await vestibule('users', 'list', '--type', 'guest', '--state', 'pendingacceptance')
    t.equal(code, 0, err)
    const [heading, ...lines] = out.trimEnd().split('\n')
    t.match(heading, /^ID +TYPE +STATE +ENABLED +NAME +ADDRESS$/)
    t.equal(lines.length, 4)
    const line = lines.find((text) => text.startsWith(ana))
    t.match(line, new RegExp(`^${ana}  Guest   PendingAcceptance  yes      ana +ana@partner\\.example$`))
    t.match(await vestibule('users', 'list', '--top', '1'), { code: 0, err: /There are more/ })
    t.match(await vestibule('users', 'list', '--type', 'robot'), { code: 2, out: '', err: /Guest, Member/ })
  })

  await t.test('a list for scripts', async (t) => {
    const list = async (...args: string[]) =>
      JSON.parse((await vestibule('users', 'list', ...args, '--json')).out).value
    t.match(await list('--mail', 'ANA@partner.example'), [{ id: ana, userType: 'Guest', accountEnabled: true }])
    t.match(await list('--mail', "o'neil@partner.example"), [{ id: ids["o'neil"] }])
    t.equal((await list('--type', 'Guest', '--filter', "startsWith(displayName,'b') or displayName eq 'cy'")).length, 2)
    t.equal((await list('--state', 'Accepted')).length, 0)
  })

  await t.test('one, by id, user principal name or address', async (t) => {
    for (const named of [ana, UPN, 'ana@partner.example', 'ANA@PARTNER.EXAMPLE']) {
      const { code, out, err } = await vestibule('users', 'get', named)
      t.equal(code, 0, err)
      t.match(out, new RegExp(`id +${ana}\n`), named)
      t.match(out, /externalUserState +PendingAcceptance\n/)
      t.match(JSON.parse((await vestibule('users', 'get', named, '--json')).out), { id: ana, userPrincipalName: UPN })
    }
    t.match(JSON.parse((await vestibule('users', 'get', "o'neil@partner.example", '--json')).out), {
      id: ids["o'neil"],
    })
    for (const nobody of [service.tenantId, 'nobody@partner.example', 'no#EXT#@contoso.example']) {
      t.match(await vestibule('users', 'get', nobody), { code: 1, out: '', err: /Request_ResourceNotFound/ }, nobody)
    }
    const failed = await vestibule('users', 'get', 'nobody@partner.example', '--json')
    t.equal(failed.code, 1)
    t.match(failed.out + failed.err, /Request_ResourceNotFound/)
  })

  await t.test('deleted, by any of them', async (t) => {
    t.match(await vestibule('users', 'delete', 'ana@partner.example'), { code: 0, out: 'Deleted.\n' })
    t.equal((await service.api('GET', `/users/${ana}`)).status, 404)
    const json = await vestibule('users', 'delete', ids['ben'] ?? '', '--json')
    t.match(JSON.parse(json.out), { deleted: true })
    t.equal((await vestibule('users', 'delete', 'cy_partner.example#EXT#@contoso.example')).code, 0)
    t.match(await vestibule('users', 'delete', 'ana@partner.example'), { code: 1, err: /Request_ResourceNotFound/ })
    t.equal((await vestibule('users', 'list', '--type', 'Guest', '--json')).out.match(/"id"/g)?.length, 1)
  })
})
