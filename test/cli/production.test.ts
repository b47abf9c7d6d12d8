import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { clockFinding } from '../../src/cli/checks/database.js'
import { loadConfig } from '../../src/platform/config.js'
import { ensureLocalCertificate } from '../../src/platform/local-ca.js'
import { createLogger } from '../../src/platform/log.js'
import { startServer } from '../../src/server.js'
import { type Connection, freshDatabase, freshRedis } from '../support/engines.js'
import { startReceiver } from '../support/receiver.js'
import { command } from './command.js'

const secret = 'kX3vQ9mZ7tB1yW5nR8cJ2pL6hD4sF0gA'

/** An address for URLs: the engines of the tests listen on a socket file, which URLs cannot name. */
async function urlOf(t: Test, connection: Connection, user = connection.user): Promise<string> {
  const socket = join(connection.host, `.s.PGSQL.${connection.port}`)
  const server = createServer((client) => {
    const database = connect(socket)
    client.pipe(database).pipe(client)
    client.on('error', () => database.destroy())
    database.on('error', () => client.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => server.close())
  return `postgres://${user}@127.0.0.1:${(server.address() as AddressInfo).port}/${connection.database}`
}

t.test('on a database of its own', async (t) => {
  const { connection } = await freshDatabase(async () => undefined)
  const url = await urlOf(t, connection)
  const vestibule = (args: string[], more: Record<string, string> = {}) => command(args, { DATABASE_URL: url, ...more })
  const create = ['tenant', 'create', '--domain', 'contoso.example', '--admin-email', 'ada@contoso.example']
  const healthy = {
    VESTIBULE_SECRET: secret,
    MAIL_TRANSPORT: 'smtp',
    MAIL_FROM: 'guests@contoso.example',
    SMTP_URL: 'smtp://127.0.0.1:1',
    VESTIBULE_PUBLIC_URL: 'https://guests.contoso.invalid',
    VESTIBULE_TRUSTED_PROXIES: '10.0.0.0/8',
  }
  const examine = async (more: Record<string, string> = {}) => {
    const { code, out } = await vestibule(['doctor', '--json'], { ...healthy, ...more })
    const findings: { check: string; outcome: string; message: string; mend?: string }[] = JSON.parse(out).findings
    return { code, findings, of: (check: string) => findings.find((finding) => finding.check === check) }
  }

  await t.test('nothing is written before it was migrated, which needs no more than the address', async (t) => {
    t.match(await vestibule(create), { code: 1, err: /Run vestibule migrate first/ })
    t.match((await examine()).of('migrations'), { outcome: 'warn', mend: /vestibule migrate/ })
    const first = await vestibule(['migrate', '--json'])
    t.equal(first.code, 0, first.err)
    t.match(JSON.parse(first.out).applied, [/^0000_/])
    t.match(await vestibule(['migrate']), { code: 0, out: 'The database was up to date.\n' })
    t.match((await examine()).of('organizations'), { outcome: 'warn', mend: /tenant create/ })
  })

  await t.test('the only organization need not be named, one of several must be', async (t) => {
    const app = ['app', 'create', '--permission', 'User.Invite.All', '--json']
    t.match(await vestibule(app), { code: 2, err: /VESTIBULE_SECRET: is required/ })
    t.match(await vestibule(app, { VESTIBULE_SECRET: secret }), { code: 1, err: /no organization yet/ })
    const tenant = JSON.parse((await vestibule([...create, '--json'])).out)
    const client = JSON.parse((await vestibule(app, { VESTIBULE_SECRET: secret })).out)
    t.equal(client.tenantId, tenant.tenantId)

    await vestibule(['tenant', 'create', '--domain', 'fabrikam.example', '--admin-email', 'ada@fabrikam.example'])
    t.match(await vestibule(app, { VESTIBULE_SECRET: secret }), { code: 2, err: /several organizations/ })
    t.match(await vestibule([...app, '--tenant', tenant.tenantId], { VESTIBULE_SECRET: secret }), { code: 0 })
  })

  await t.test('the doctor sees what does not answer: mail, Redis, the public address', async (t) => {
    const { code, of } = await examine({ REDIS_URL: 'redis://127.0.0.1:1' })
    t.equal(code, 1)
    t.match(of('database'), { outcome: 'ok', message: /^PostgreSQL 1[5-9]/ })
    t.match(of('mail'), { outcome: 'fail', mend: /SMTP_URL/ })
    t.match(of('redis'), { outcome: 'fail', message: /ECONNREFUSED/, mend: /REDIS_URL/ })
    t.match(of('public URL'), { outcome: 'ok' })
    t.match(of('service'), { outcome: 'warn', message: /does not answer/ })
  })

  await t.test('the doctor sees who sends text messages, and where to', async (t) => {
    t.match((await examine()).of('text messages'), { outcome: 'ok', message: /phones are no second step/ })
    const receiver = await startReceiver(t)
    receiver.answer = () => 401
    const twilio = {
      VESTIBULE_SMS_SENDER: 'twilio',
      VESTIBULE_SMS_TWILIO_ACCOUNT_SID: 'AC1',
      VESTIBULE_SMS_TWILIO_AUTH_TOKEN: 'token',
      VESTIBULE_SMS_TWILIO_BASE_URL: receiver.origin,
      VESTIBULE_SMS_FROM: '+15005550006',
    }
    const refused = await examine(twilio)
    t.match(refused.of('text messages'), { outcome: 'fail', message: /401/, mend: /AUTH_TOKEN/ })
    t.ok(refused.findings.some(({ outcome, mend = '' }) => outcome === 'warn' && /SMS_COUNTRIES/.test(mend)))
    receiver.answer = () => 200
    t.match((await examine({ ...twilio, VESTIBULE_SMS_COUNTRIES: '+44, +49' })).of('text messages'), {
      outcome: 'ok',
      message: /lets us in; to numbers of \+44, \+49/,
    })
    const webhook = {
      VESTIBULE_SMS_SENDER: 'webhook',
      VESTIBULE_SMS_WEBHOOK_URL: 'http://127.0.0.1:9/texts',
      VESTIBULE_SMS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    }
    t.match((await examine(webhook)).of('text messages'), { outcome: 'fail', mend: /WEBHOOK_URL/ })
  })

  await t.test('the doctor sees a Redis that answers', async (t) => {
    t.match((await examine({ REDIS_URL: await freshRedis() })).of('redis'), { message: /Redis \d/ })
  })

  await t.test('the doctor sees an address that guests cannot use safely, or at all', async (t) => {
    const plain = await examine({
      VESTIBULE_PUBLIC_URL: 'http://guests.contoso.invalid',
      VESTIBULE_TRUSTED_PROXIES: '',
    })
    t.match(plain.of('public URL'), { outcome: 'fail', mend: /TLS/ })
    t.match(plain.of('proxies'), { outcome: 'warn' })
    t.match((await examine({ VESTIBULE_PUBLIC_URL: '' })).of('public URL'), {
      outcome: 'warn',
      message: /this machine/,
    })
  })

  await t.test('the doctor names each setting that cannot be used, and each that nobody reads', async (t) => {
    const { code, findings } = await examine({ VESTIBULE_SECRET: 'short', MAIL_FROM: 'nobody' })
    t.equal(code, 1)
    t.match(findings, [
      { outcome: 'fail', mend: /^VESTIBULE_SECRET: give at least 32/ },
      { outcome: 'fail', mend: /^MAIL_FROM: / },
    ])
    const misspelt = await examine({ VESTIBULE_PUBLIK_URL: 'x' })
    t.ok(misspelt.findings.some(({ outcome, message }) => outcome === 'warn' && /VESTIBULE_PUBLIC_URL\?/.test(message)))
    t.match((await examine({ VESTIBULE_SECRET: 'a'.repeat(40) })).of('secret'), { outcome: 'warn', mend: /openssl/ })
  })

  await t.test('the doctor tells whether a secret that was replaced is still needed', async (t) => {
    const another = 'another secret of which nothing is made yet'
    const replaced = await examine({ VESTIBULE_SECRET: another, VESTIBULE_SECRET_PREVIOUS: secret })
    t.match(replaced.of('secret before'), {
      outcome: 'warn',
      message: /needed for 0 signing keys, [1-9]\d* client secrets, 0 sec.* and 0 of API/,
    })
    const given = await examine({ VESTIBULE_SECRET: secret, VESTIBULE_SECRET_PREVIOUS: another })
    t.match(given.of('secret before'), { outcome: 'ok', message: /Nothing stored needs it/ })
    t.equal((await examine({ VESTIBULE_SECRET: secret })).of('secret before'), undefined)
  })

  await t.test('a port that somebody else listens on is told by the setting that names it', async (t) => {
    const taken = createServer()
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
    t.teardown(() => taken.close())
    const port = `${(taken.address() as AddressInfo).port}`
    const dataDir = t.testdir({})
    await ensureLocalCertificate({ dataDir, hosts: ['localhost'], now: new Date() })
    const secure = {
      VESTIBULE_TLS_CERT: join(dataDir, 'tls/cert.pem'),
      VESTIBULE_TLS_KEY: join(dataDir, 'tls/key.pem'),
    }
    const start = (more: Record<string, string>) =>
      startServer(
        loadConfig({ DATABASE_URL: url, ...healthy, VESTIBULE_ROLES: 'api', PORT: '0', ...more }).config,
        createLogger('silent'),
      )
    await t.rejects(start({ PORT: port }), { message: new RegExp(`^PORT: ${port} on 127.0.0.1 is taken. Stop`) })
    await t.rejects(start({ ...secure, VESTIBULE_TLS_PORT: port }), {
      message: new RegExp(`^VESTIBULE_TLS_PORT: ${port} on 127.0.0.1 is taken. .*set VESTIBULE_TLS_PORT to another`),
    })
  })

  await t.test('a role that row security does not bind is refused', async (t) => {
    const asAdmin = await urlOf(t, connection, 'postgres')
    const env = { DATABASE_URL: asAdmin }
    t.match(await vestibule(['migrate'], env), { code: 1, err: /superuser or has BYPASSRLS/ })
    t.match((await examine(env)).of('database role'), { outcome: 'fail' })
  })
})

t.test('the doctor tells how far the clock is off, and from when on that does harm', async (t) => {
  const cases: [seconds: number, outcome: string, message: RegExp][] = [
    [0.04, 'ok', /agrees with the database to 0\.0 s/],
    [-1.9, 'ok', /to 1\.9 s/],
    [2, 'warn', /2 s behind the clock/],
    [-29, 'warn', /29 s ahead of the clock/],
    [30, 'fail', /30 s behind/],
    [-3_600, 'fail', /3600 s ahead of/],
  ]
  for (const [seconds, outcome, message] of cases) {
    const finding = clockFinding(seconds)
    t.match(finding, { check: 'clock', outcome, message })
    if (outcome !== 'ok') t.match(finding.mend, 'timedatectl set-ntp true')
  }
})

t.test('a database that cannot be reached is told with what to check', async (t) => {
  const env = { DATABASE_URL: 'postgres://vestibule@127.0.0.1:1/vestibule', VESTIBULE_SECRET: secret }
  t.match(await command(['migrate'], env), { code: 1, err: /ECONNREFUSED/ })
  const { code, out } = await command(['doctor'], { ...env, MAIL_TRANSPORT: 'mailbox' })
  t.equal(code, 1)
  t.match(out, /^fail +database +It cannot be used: .*ECONNREFUSED/m)
  t.match(out, 'Check DATABASE_URL')
})
