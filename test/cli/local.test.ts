import { chmod, readFile, stat } from 'node:fs/promises'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Bootstrap } from '../../src/bootstrap.js'
import { fetchToken, type MailJson } from '../support/service.js'
import { until } from '../support/until.js'
import { command, type Outcome, outcomeOf, startCommand } from './command.js'

const DEFAULT_TLS_PORT = 3443

type Instance = { env: Record<string, string>; facts: Bootstrap; stop(): Promise<Outcome> }

/** `vestibule serve` with everything embedded, as a process of its own, once it is ready. */
async function startInstance(t: Test): Promise<Instance> {
  const dataDir = t.testdir({})
  await chmod(dataDir, 0o700)
  // The port of the https listener is not set: its default is taken, here or by whoever runs on this machine already.
  const other = createServer().on('error', () => {})
  other.listen(DEFAULT_TLS_PORT, '127.0.0.1')
  t.teardown(() => other.close())
  const env = { VESTIBULE_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' }
  const child = startCommand(['serve'], env)
  const outcome = outcomeOf(child)
  const stop = () => {
    child.kill('SIGTERM')
    return outcome
  }
  t.teardown(stop)
  let hasEnded = false
  void outcome.then(() => {
    hasEnded = true
  })
  let facts: Bootstrap | undefined
  await until(async () => {
    if (hasEnded) throw new Error(`serve did not get ready: ${JSON.stringify(await outcome)}`)
    const text = await readFile(join(dataDir, 'bootstrap.json'), 'utf8').catch(() => undefined)
    facts = text && JSON.parse(text)
    return facts !== undefined && (await fetch(`${facts.baseUrl}/readyz`)).status === 200
  }, 'serve is ready')
  if (!facts) throw new Error('there are no facts')
  return { env, facts, stop }
}

async function mailTo({ facts }: Instance, address: string): Promise<MailJson> {
  let mails: MailJson[] = []
  await until(async () => {
    const response = await fetch(`${facts.mailboxUrl}/messages?to=${encodeURIComponent(address)}`)
    mails = (await response.json()) as MailJson[]
    return mails.length > 0
  }, `there is a mail to ${address}`)
  const [mail] = mails
  if (!mail) throw new Error('there is none')
  return mail
}

t.test('beside a running local instance', async (t) => {
  const instance = await startInstance(t)
  const { env, facts } = instance
  const vestibule = (...args: string[]) => command(args, env)

  await t.test('https is at a free port when its own is taken, with a certificate of its CA', async (t) => {
    const { port, origin } = new URL(facts.tlsBaseUrl ?? 'no listener')
    t.not(port, `${DEFAULT_TLS_PORT}`)
    const ca = await readFile(facts.caFile ?? 'no file')
    const status = await new Promise((resolve, reject) => {
      get(`${origin}/healthz`, { ca }, ({ statusCode }) => resolve(statusCode)).on('error', reject)
    })
    t.equal(status, 200)
  })

  await t.test('a remote verb finds it by its bootstrap.json', async (t) => {
    const { code, err } = await vestibule('invite', 'ana@partner.example', '--redirect', 'https://app.example')
    t.equal(code, 0, err)
    t.match((await mailTo(instance, 'ana@partner.example')).subject, 'Contoso')
  })

  await t.test('signs with a new key while it runs, and forgets an old one at once when told so', async (t) => {
    const token = () => fetchToken(facts.baseUrl, facts.tenantId, facts.clientId, facts.clientSecret)
    const kidOf = (jwt: string): string => JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()).kid
    const published = async (): Promise<string[]> => {
      const response = await fetch(`${facts.baseUrl}/${facts.tenantId}/discovery/v2.0/keys`)
      return ((await response.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    }
    const status = async (jwt: string) =>
      (await fetch(`${facts.baseUrl}/v1.0/users`, { headers: { authorization: `Bearer ${jwt}` } })).status
    /** A token of the new key, once the running service has heard of it. */
    const signedWith = async (kid: string) => {
      let jwt = ''
      await until(async () => {
        jwt = await token()
        return kidOf(jwt) === kid
      }, 'it signs with the new key')
      return jwt
    }
    const before = await token()
    const rotated = await vestibule('keys', 'rotate', '--json')
    t.equal(rotated.code, 0, rotated.err)
    const { tenantId, keyId } = JSON.parse(rotated.out)
    t.equal(tenantId, facts.tenantId)
    const after = await signedWith(keyId)
    t.strictSame(await published(), [keyId, kidOf(before)], 'the old key stays published')
    t.strictSame([await status(before), await status(after)], [200, 200])

    const leaked = await vestibule('keys', 'rotate', '--distrust-old')
    t.match(leaked, { code: 0, out: /refused from now on/ })
    await until(async () => (await published()).length === 1, 'the running service has heard of it')
    const last = await signedWith((await published())[0] ?? '')
    t.strictSame([await status(before), await status(after), await status(last)], [401, 401, 200])
  })

  await t.test('a client gets what it was granted, in the bootstrapped organization', async (t) => {
    const args = ['app', 'create', '--permission', 'User.Invite.All', '--permission', 'User.Read.All', '--json']
    const { code, out, err } = await outcomeOf(startCommand(args, env))
    t.equal(code, 0, err)
    const made = JSON.parse(out)
    t.strictSame(Object.keys(made), ['tenantId', 'clientId', 'clientSecret'])
    t.equal(made.tenantId, facts.tenantId)
    const token = await fetchToken(facts.baseUrl, made.tenantId, made.clientId, made.clientSecret)
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    t.strictSame([...claims.roles].sort(), ['User.Invite.All', 'User.Read.All'])
  })

  await t.test('a second organization has its own clients and cannot be made twice', async (t) => {
    const create = ['tenant', 'create', '--domain', 'Fabrikam.example', '--admin-email', 'ada@fabrikam.example']
    const { code, out, err } = await vestibule(...create, '--display-name', 'Fabrikam Inc', '--json')
    t.equal(code, 0, err)
    const tenant = JSON.parse(out)
    t.match(tenant, { domain: 'fabrikam.example', adminMail: 'ada@fabrikam.example' })

    const granted = ['app', 'create', '--permission', 'User.Read.All', '--tenant', 'fabrikam.example', '--json']
    const client = JSON.parse((await vestibule(...granted)).out)
    t.equal(client.tenantId, tenant.tenantId)
    const token = await fetchToken(facts.baseUrl, 'fabrikam.example', client.clientId, client.clientSecret)
    const users = await fetch(`${facts.baseUrl}/v1.0/users`, { headers: { authorization: `Bearer ${token}` } })
    const { value } = (await users.json()) as { value: { id: string }[] }
    t.strictSame(
      value.map(({ id }) => id),
      [tenant.adminId],
    )

    t.match(await vestibule(...create), { code: 1, err: /fabrikam.example belongs to an organization already/ })
    t.match(await vestibule('app', 'create', '--permission', 'User.Read.All', '--tenant', 'nobody.example'), {
      code: 1,
    })
  })

  await t.test('what is set of an organization is in force in the running service', async (t) => {
    const logo = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('the rest')])
    const file = join(t.testdir({ 'logo.png': logo }), 'logo.png')
    const looks = ['--display-name', 'Contoso Ltd', '--logo', file, '--colour', '#0F6CBD', '--language', 'de']
    const limits = [
      '--invitation-lifetime-days',
      '7',
      '--mails-per-application',
      '5',
      '--text-messages-per-day',
      'none',
    ]
    const { code, out, err } = await vestibule('tenant', 'set', ...looks, ...limits, '--json')
    t.equal(code, 0, err)
    const set = JSON.parse(out)
    t.match(set, {
      displayName: 'Contoso Ltd',
      brandColour: '#0f6cbd',
      notificationLanguage: 'de',
      settings: {
        invitationLifetimeDays: 7,
        mailsPerApplicationAndDay: 5,
        mailsPerRecipientAndDay: 10,
        textMessagesPerDay: 0,
      },
    })

    await vestibule('invite', 'ben@partner.example', '--redirect', 'https://app.example')
    const mail = await mailTo(instance, 'ben@partner.example')
    t.match(mail.subject, 'Contoso Ltd')
    t.match(mail.html, /<html[^>]+lang="de"/)
    const image = await fetch(`${facts.baseUrl}/assets/logos/${facts.tenantId}/${set.version}.png`)
    t.strictSame(Buffer.from(await image.arrayBuffer()), logo)

    const listed = JSON.parse((await vestibule('invitations', 'list', '--top', '1', '--json')).out).value[0]
    const days = (Date.parse(listed.expiresDateTime) - Date.parse(listed.createdDateTime)) / 86_400_000
    t.equal(Math.round(days), 7)

    const cleared = await vestibule('tenant', 'set', '--logo', 'none', '--mails-per-application', 'none', '--json')
    t.match(JSON.parse(cleared.out), { logo: null, settings: { mailsPerApplicationAndDay: null } })
  })

  await t.test('the doctor finds it in good health', async (t) => {
    const { code, out, err } = await command(['doctor', '--json'], { ...env, VESTIBULE_PUBLIC_URL: facts.baseUrl })
    t.equal(code, 0, err)
    const { healthy, findings } = JSON.parse(out)
    t.equal(healthy, true)
    t.strictSame(
      findings.filter(({ outcome }: any) => outcome !== 'ok'),
      [],
    )
    const checks = findings.map(({ check }: any) => check)
    for (const check of ['settings', 'data directory', 'secret', 'database', 'clock', 'migrations', 'signing keys']) {
      t.ok(checks.includes(check), check)
    }
  })

  await t.test('the doctor sees a secret that is not the one the keys were sealed with', async (t) => {
    const { code, out } = await command(['doctor'], {
      ...env,
      VESTIBULE_SECRET: 'abcdefghijklmnopqrstuvwxyz0123456789',
    })
    t.equal(code, 1)
    t.match(out, /^fail +signing keys +The secret does not open/m)
    t.match(out, /Set VESTIBULE_SECRET to the value they were made with/)
  })

  await t.test('the doctor sees files that others may read', async (t) => {
    const file = join(env['VESTIBULE_DATA_DIR'] ?? '', 'secret')
    const { mode } = await stat(file)
    await chmod(file, 0o644)
    t.match(await vestibule('doctor'), { code: 1, out: `chmod 600 ${file}` })
    await chmod(file, mode)
  })

  await t.test('the service ends with 0 when it is told to, and local verbs go on without it', async (t) => {
    t.equal((await instance.stop()).code, 0)
    const { code, out, err } = await vestibule('app', 'create', '--permission', 'User.Read.All', '--json')
    t.equal(code, 0, err)
    t.equal(JSON.parse(out).tenantId, facts.tenantId)
    t.match(await vestibule('invitations', 'list'), { code: 1, err: /Is the service running there\?/ })
  })
})

t.test('a directory without an instance stays as it is', async (t) => {
  const dataDir = join(t.testdir({}), 'mistyped')
  const { code, err } = await command(['tenant', 'set', '--display-name', 'X'], { VESTIBULE_DATA_DIR: dataDir })
  t.equal(code, 1)
  t.match(err, 'There is no local instance in')
  await t.rejects(stat(dataDir))
  t.match(await command(['doctor'], { VESTIBULE_DATA_DIR: dataDir }), { code: 0, out: /The first start makes one/ })
  await t.rejects(stat(dataDir))
})
