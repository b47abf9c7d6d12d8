import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { startService, type TestService } from '../support/service.js'
import { command } from './command.js'
import { startProxy } from './proxy.js'

const environment = (service: TestService, url = service.baseUrl) => ({
  VESTIBULE_URL: url,
  VESTIBULE_TENANT: service.tenantId,
  VESTIBULE_CLIENT_ID: service.clientId,
  VESTIBULE_CLIENT_SECRET: service.clientSecret,
})

function portOfNobody(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

t.test('looking after invitations', async (t) => {
  const service = await startService(t)
  const env = environment(service)
  const vestibule = (...args: string[]) => command(args, env)
  const ids: string[] = []
  for (const name of ['ana', 'ben', 'cleo']) {
    ids.push((await service.invite(`${name}@partner.example`, { sendInvitationMessage: name === 'ana' })).id)
  }
  const [ana = '', ben = '', cleo = ''] = ids
  await service.waitForMails('ana@partner.example')

  await t.test('the list is a table, newest first, and says when there is more', async (t) => {
    const all = await vestibule('invitations', 'list')
    t.equal(all.code, 0, all.err)
    const [head = '', ...rows] = all.out.trimEnd().split('\n')
    t.match(head, /^ID +STATUS +MAIL +CREATED +ADDRESS$/)
    t.strictSame(
      rows.map((row) => row.split(/ {2,}/)[0]),
      [cleo, ben, ana],
    )
    t.equal(all.err, '')
    const one = await vestibule('invitations', 'list', '--top', '1')
    t.equal(one.out.trimEnd().split('\n').length, 2)
    t.match(one.err, 'There are more')
  })

  await t.test('the list can be narrowed by status in any case and by address, quotes and all', async (t) => {
    const listed = async (...args: string[]) =>
      JSON.parse((await vestibule('invitations', 'list', '--json', ...args)).out)
    t.strictSame((await listed('--status', 'completed')).value, [])
    t.match(await listed('--address', 'BEN@partner.example', '--status', 'pendingacceptance'), { value: [{ id: ben }] })
    const odd = await service.invite("o'neil@partner.example")
    t.match(await listed('--address', "o'neil@partner.example"), { value: [{ id: odd.id }] })
    await service.api('POST', `/invitations/${odd.id}/revoke`)
    t.match(await listed('--status', 'Revoked'), { value: [{ id: odd.id }] })
  })

  await t.test('an invitation is shown with its history, resent not too soon, and revoked', async (t) => {
    const shown = await vestibule('invitations', 'get', ana)
    t.equal(shown.code, 0, shown.err)
    t.match(shown.out, /address +ana@partner\.example/)
    t.match(shown.out, /History\n.*invited \(Every permission\)\n.*sent/)

    const soon = await vestibule('invitations', 'resend', ana)
    t.match(soon, { code: 1, err: /just sent. Resend it in \d+ seconds\. \(/ }, 'nobody waits a minute unasked')
    service.advance(61_000)
    t.match(await vestibule('invitations', 'resend', ana), { code: 0, out: 'Resent to ana@partner.example.\n' })
    await service.waitForMails('ana@partner.example', 2)

    t.match(await vestibule('invitations', 'revoke', ana), { code: 0, out: 'Revoked.\n' })
    t.equal(JSON.parse((await vestibule('invitations', 'get', ana, '--json')).out).status, 'Revoked')
    const unknown = await vestibule('invitations', 'get', '00000000-0000-0000-0000-000000000000', '--json')
    t.equal(unknown.code, 1)
    t.equal(JSON.parse(unknown.out).error.code, 'Request_ResourceNotFound')
  })

  await t.test('a user is shown and deleted', async (t) => {
    const { invitedUser } = JSON.parse((await vestibule('invitations', 'get', ben, '--json')).out)
    t.match((await vestibule('users', 'get', invitedUser.id)).out, /mail +ben@partner\.example/)
    t.match(await vestibule('users', 'delete', invitedUser.id), { code: 0 })
    t.match(await vestibule('users', 'get', invitedUser.id), { code: 1, err: /Request_ResourceNotFound/ })
  })

  await t.test('names that would steer the terminal arrive as plain text', async (t) => {
    const { id } = await service.invite('eve@partner.example', { invitedUserDisplayName: 'Eve\u001b[2J\u202e' })
    const { out } = await vestibule('invitations', 'get', id)
    t.match(out, /name +Eve/)
    t.notOk(/[^\P{C}\n]/u.test(out))
  })
})

t.test('talking to the service', async (t) => {
  const service = await startService(t, { workers: false })
  for (let number = 0; number < 5; number++) await service.invite(`guest${number}@partner.example`)

  await t.test('--all follows the pages, at the address it was given', async (t) => {
    const asked: string[] = []
    const url = await startProxy(t, service.baseUrl, (request) => {
      if (request.method !== 'GET') return undefined
      asked.push(request.url ?? '')
      return { url: (request.url ?? '').replace('top=999', 'top=2') }
    })
    const { code, out, err } = await command(['invitations', 'list', '--all', '--json'], environment(service, url))
    t.equal(code, 0, err)
    const addresses = JSON.parse(out).value.map((item: any) => item.invitedUserEmailAddress)
    t.strictSame(
      addresses,
      [4, 3, 2, 1, 0].map((number) => `guest${number}@partner.example`),
    )
    t.equal(asked.length, 3, 'no page was fetched past the proxy')
  })

  await t.test('an answer with Retry-After is waited for, three times at most', async (t) => {
    let refusals = 0
    let most = 2
    const url = await startProxy(t, service.baseUrl, (request) => {
      if (!request.url?.startsWith('/v1.0') || refusals === most) return undefined
      refusals++
      return { answer: { status: 429, headers: { 'retry-after': '0' } } }
    })
    const patient = await command(['invitations', 'list', '--json'], environment(service, url))
    t.equal(patient.code, 0, patient.err)
    t.equal(refusals, 2)
    refusals = 0
    most = 100
    t.equal((await command(['invitations', 'list'], environment(service, url))).code, 1)
    t.equal(refusals, 4)
  })

  await t.test('a token that is refused is replaced once', async (t) => {
    let tokens = 0
    let refused = false
    const url = await startProxy(t, service.baseUrl, (request) => {
      if (request.url?.endsWith('/token')) tokens++
      if (refused || !request.url?.startsWith('/v1.0')) return undefined
      refused = true
      return { answer: { status: 401 } }
    })
    t.equal((await command(['invitations', 'list'], environment(service, url))).code, 0)
    t.equal(tokens, 2)
  })

  await t.test('nobody there ends with 1 and says so', async (t) => {
    const port = await portOfNobody()
    const url = `http://localhost:${port}`
    const outcome = await command(['invitations', 'list', '--json'], environment(service, url))
    t.equal(outcome.code, 1)
    t.match(outcome.err, /http:\/\/localhost:\d+ does not answer \(ECONNREFUSED\)\. Is the service running there\?/)
    t.equal(JSON.parse(outcome.out).error.code, 'noAnswer')
  })
})

t.test('finding the service', async (t) => {
  const service = await startService(t, { workers: false })
  const home = t.testdir({})
  const file = join(home, 'vestibule', 'profiles.json')
  const { VESTIBULE_URL: url, VESTIBULE_TENANT: tenant } = environment(service)
  await mkdir(join(home, 'vestibule'))
  const { clientId, clientSecret } = service
  await writeFile(file, JSON.stringify({ test: { url, tenant, clientId, clientSecret }, broken: { url } }), {
    mode: 0o600,
  })
  const env = { XDG_CONFIG_HOME: home, VESTIBULE_DATA_DIR: join(home, 'none') }
  const list = (more: string[], given: Record<string, string> = {}) =>
    command(['invitations', 'list', ...more], { ...env, ...given })

  await t.test('a profile names the service', async (t) => {
    t.match(await list(['--profile', 'test']), { code: 0 })
    t.match(await list(['--profile', 'tset']), { code: 2, err: /no profile 'tset'. It has: test, broken/ })
    t.match(await list(['--profile', 'broken']), { code: 2, err: /tenant is missing in profile 'broken'/ })
  })

  await t.test('a profile file that others may read is refused', async (t) => {
    await chmod(file, 0o644)
    t.match(await list(['--profile', 'test']), { code: 2, err: /chmod 600/ })
  })

  await t.test('a domain names the tenant as well as its id', async (t) => {
    t.match(await list([], { ...environment(service), VESTIBULE_TENANT: 'contoso.example' }), { code: 0 })
  })

  await t.test('half of an environment is refused, so that no secret goes to the wrong place', async (t) => {
    const outcome = await list([], { VESTIBULE_URL: url })
    t.match(outcome, { code: 2, err: /VESTIBULE_TENANT, VESTIBULE_CLIENT_ID, VESTIBULE_CLIENT_SECRET must be set too/ })
  })

  await t.test('without any the ways are told', async (t) => {
    t.match(await list([]), { code: 2, err: /set VESTIBULE_URL.*--profile.*local instance/ })
  })

  await t.test('a service beyond this machine without https is warned about', async (t) => {
    const outcome = await list([], { ...environment(service), VESTIBULE_URL: 'http://vestibule.invalid' })
    t.match(outcome, { code: 1, err: /Warning: http:\/\/vestibule.invalid is not https/ })
  })
})
