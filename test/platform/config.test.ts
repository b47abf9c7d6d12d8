import { generateKeyPairSync } from 'node:crypto'
import { join, resolve } from 'node:path'
import t from 'tap'
import { type Config, loadConfig } from '../../src/platform/config.js'
import { isLoopbackHost } from '../../src/platform/config-values.js'

const secret = 'an-entirely-secret-value-of-40-characters'
const production = {
  DATABASE_URL: 'postgres://vestibule:hunter2hunter2@db/vestibule',
  VESTIBULE_SECRET: secret,
  MAIL_TRANSPORT: 'smtp',
  MAIL_FROM: 'Contoso Guests <guests@contoso.com>',
  SMTP_URL: 'smtps://user:hunter3@mail.contoso.com',
}
const webhookKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' })

t.test('an empty environment gives the embedded defaults', async (t) => {
  const { config, warnings } = loadConfig({})
  t.same(config, {
    port: 3000,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:3000',
    tls: { port: 3443, portSetByHand: false, certFile: undefined, keyFile: undefined },
    dataDir: resolve('.vestibule'),
    embedded: true,
    database: undefined,
    redisUrl: undefined,
    roles: ['api', 'worker'],
    secret: undefined,
    previousSecrets: [],
    tenantDomain: 'contoso.example',
    trustedProxies: [],
    egressAllow: ['localhost', '127.0.0.0/8', '::1/128'],
    metricsToken: undefined,
    mail: {
      transport: 'mailbox',
      from: { name: 'Vestibule', address: 'invitations@vestibule.example' },
      sendgrid: undefined,
      smtpUrl: undefined,
    },
    logLevel: 'info',
    otlpEndpoint: undefined,
  })
  t.same(warnings, [])
})

t.test('with a database of its own the service brings no TLS listener and no way out', async (t) => {
  const { config } = loadConfig({ ...production, HOST: '0.0.0.0', VESTIBULE_PUBLIC_URL: 'https://guests.contoso.com' })
  t.equal(config.embedded, false)
  t.match(config.database, { host: 'db', user: 'vestibule', database: 'vestibule' })
  t.equal(config.tls.port, undefined)
  t.same(config.egressAllow, [])
  t.match(config.mail, { transport: 'smtp', smtpUrl: production.SMTP_URL, sendgrid: undefined })
})

t.test('the settings cannot be changed later', async (t) => {
  const { config } = loadConfig({})
  t.throws(() => Object.assign(config.mail, { transport: 'smtp' }), TypeError)
  t.throws(() => Object.assign(config.roles, ['api']), TypeError)
})

const read: { title: string; env: NodeJS.ProcessEnv; expect: unknown; of: (config: Config) => unknown }[] = [
  {
    title: 'any free port leaves the public URL open',
    env: { PORT: '0' },
    expect: [0, undefined],
    of: ({ port, publicUrl }) => [port, publicUrl],
  },
  {
    title: 'a public URL set by hand stands whatever the port',
    env: { PORT: '0', VESTIBULE_PUBLIC_URL: 'http://LOCALHOST:8080/' },
    expect: 'http://localhost:8080',
    of: ({ publicUrl }) => publicUrl,
  },
  { title: 'an empty value counts as unset', env: { PORT: ' ' }, expect: 3000, of: ({ port }) => port },
  { title: 'the highest port', env: { PORT: '65535' }, expect: 65535, of: ({ port }) => port },
  {
    title: 'a TLS port set by hand is remembered as such',
    env: { VESTIBULE_TLS_PORT: '8443' },
    expect: [8443, true],
    of: ({ tls }) => [tls.port, tls.portSetByHand],
  },
  { title: 'one role alone', env: { VESTIBULE_ROLES: 'worker' }, expect: ['worker'], of: ({ roles }) => roles },
  {
    title: 'both roles in any order',
    env: { VESTIBULE_ROLES: 'worker, api' },
    expect: ['api', 'worker'],
    of: ({ roles }) => roles,
  },
  {
    title: 'an international tenant domain becomes A-labels',
    env: { VESTIBULE_TENANT_DOMAIN: 'Bücher.example' },
    expect: 'xn--bcher-kva.example',
    of: ({ tenantDomain }) => tenantDomain,
  },
  {
    title: 'trusted proxies are networks or single addresses',
    env: { VESTIBULE_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7,fd00::/8' },
    expect: ['10.0.0.0/8', '192.0.2.7/32', 'fd00::/8'],
    of: ({ trustedProxies }) => trustedProxies.map(([address, bits]) => `${address}/${bits}`),
  },
  {
    title: 'exemptions from the egress guard replace the default',
    env: { VESTIBULE_EGRESS_ALLOW: 'Hooks.Internal.example,10.1.0.0/16, minio' },
    expect: ['hooks.internal.example', '10.1.0.0/16', 'minio'],
    of: ({ egressAllow }) => egressAllow,
  },
  {
    title: 'a sender without a name',
    env: { MAIL_FROM: 'guests@contoso.com' },
    expect: { address: 'guests@contoso.com' },
    of: ({ mail }) => mail.from,
  },
  {
    title: 'a sender whose name holds a comma',
    env: { MAIL_FROM: '"Contoso, Guests" <guests@contoso.com>' },
    expect: { name: 'Contoso, Guests', address: 'guests@contoso.com' },
    of: ({ mail }) => mail.from,
  },
  {
    title: 'SendGrid with its webhook key',
    env: {
      ...production,
      MAIL_TRANSPORT: 'sendgrid',
      SENDGRID_API_KEY: 'SG.abc',
      SENDGRID_WEBHOOK_PUBLIC_KEY: webhookKey.toString('base64'),
    },
    expect: { apiKey: 'SG.abc', baseUrl: 'https://api.sendgrid.com', webhookPublicKey: webhookKey.toString('base64') },
    of: ({ mail }) => mail.sendgrid,
  },
  {
    title: 'secrets of before',
    env: { VESTIBULE_SECRET_PREVIOUS: `${secret}, ${secret}-2` },
    expect: [secret, `${secret}-2`],
    of: ({ previousSecrets }) => previousSecrets,
  },
  {
    title: 'a token for the metrics',
    env: { VESTIBULE_METRICS_TOKEN: '0123456789abcdef' },
    expect: '0123456789abcdef',
    of: ({ metricsToken }) => metricsToken,
  },
  {
    title: 'nobody who sends text messages',
    env: {},
    expect: undefined,
    of: ({ texts }) => texts,
  },
  {
    title: 'a webhook for text messages',
    env: {
      VESTIBULE_SMS_SENDER: 'webhook',
      VESTIBULE_SMS_WEBHOOK_URL: 'https://texts.example/send?key=1',
      VESTIBULE_SMS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    },
    expect: { sender: 'webhook', url: 'https://texts.example/send?key=1', secret: Buffer.alloc(32, 1) },
    of: ({ texts }) => texts,
  },
  {
    title: 'countries that get text messages',
    env: { VESTIBULE_SMS_COUNTRIES: ' +44, +49,+1 ' },
    expect: ['+44', '+49', '+1'],
    of: ({ textCountries }) => textCountries,
  },
  {
    title: 'Twilio',
    env: {
      VESTIBULE_SMS_SENDER: 'twilio',
      VESTIBULE_SMS_TWILIO_ACCOUNT_SID: 'AC1',
      VESTIBULE_SMS_TWILIO_AUTH_TOKEN: 'token',
      VESTIBULE_SMS_FROM: '+15005550006',
    },
    expect: {
      sender: 'twilio',
      baseUrl: 'https://api.twilio.com',
      accountSid: 'AC1',
      authToken: 'token',
      from: '+15005550006',
    },
    of: ({ texts }) => texts,
  },
  {
    title: 'a Redis cluster',
    env: { REDIS_URL: 'rediss://a:6379,rediss://b:6379' },
    expect: 'rediss://a:6379,rediss://b:6379',
    of: ({ redisUrl }) => redisUrl,
  },
  {
    title: 'the mailbox with a database on this machine',
    env: { ...production, MAIL_TRANSPORT: 'mailbox' },
    expect: 'mailbox',
    of: ({ mail }) => mail.transport,
  },
]
for (const { title, env, expect, of } of read) {
  t.test(`reads ${title}`, async (t) => t.same(of(loadConfig(env).config), expect))
}

const refused: { title: string; env: NodeJS.ProcessEnv; says: string; problems?: number }[] = [
  { title: 'a port in words', env: { PORT: 'http' }, says: 'PORT: give a whole number from 0 to 65535' },
  { title: 'a port that is too high', env: { PORT: '65536' }, says: 'PORT: ' },
  { title: 'a port with a fraction', env: { PORT: '80.5' }, says: 'PORT: ' },
  { title: 'a host with a scheme', env: { HOST: 'http://localhost' }, says: 'HOST: ' },
  { title: 'a negative port', env: { PORT: '-1' }, says: 'PORT: ' },
  {
    title: 'a public URL with a path',
    env: { VESTIBULE_PUBLIC_URL: 'https://a.example/x' },
    says: 'VESTIBULE_PUBLIC_URL: ',
  },
  {
    title: 'a public URL of another scheme',
    env: { VESTIBULE_PUBLIC_URL: 'ftp://a.example' },
    says: 'VESTIBULE_PUBLIC_URL: ',
  },
  { title: 'a database of another kind', env: { ...production, DATABASE_URL: 'mysql://db/x' }, says: 'DATABASE_URL: ' },
  { title: 'a Redis URL without a scheme', env: { REDIS_URL: 'localhost:6379' }, says: 'REDIS_URL: ' },
  {
    title: 'an unknown role',
    env: { VESTIBULE_ROLES: 'api,admin' },
    says: 'VESTIBULE_ROLES: give api, worker or both',
  },
  { title: 'a short secret', env: { VESTIBULE_SECRET: 'x'.repeat(31) }, says: 'VESTIBULE_SECRET: give at least 32' },
  {
    title: 'a short secret of before, in a list',
    env: { VESTIBULE_SECRET_PREVIOUS: `${'x'.repeat(40)},${'y'.repeat(31)}` },
    says: 'VESTIBULE_SECRET_PREVIOUS: give the secrets',
  },
  {
    title: 'a database without a secret',
    env: { ...production, VESTIBULE_SECRET: '' },
    says: 'VESTIBULE_SECRET: is required when DATABASE_URL is set',
  },
  {
    title: 'a database without a mail transport',
    env: { ...production, MAIL_TRANSPORT: '' },
    says: 'MAIL_TRANSPORT: is required when DATABASE_URL is set',
  },
  {
    title: 'an unknown transport',
    env: { MAIL_TRANSPORT: 'pigeon' },
    says: 'MAIL_TRANSPORT: give mailbox, sendgrid or smtp',
  },
  {
    title: 'SMTP without a server',
    env: { ...production, SMTP_URL: '' },
    says: 'SMTP_URL: is required with MAIL_TRANSPORT=smtp',
  },
  {
    title: 'SMTP without a sender',
    env: { ...production, MAIL_FROM: '' },
    says: 'MAIL_FROM: is required with MAIL_TRANSPORT=smtp',
  },
  {
    title: 'SendGrid without a key',
    env: { ...production, MAIL_TRANSPORT: 'sendgrid' },
    says: 'SENDGRID_API_KEY: is required',
  },
  {
    title: 'a webhook for text messages without a secret',
    env: { VESTIBULE_SMS_SENDER: 'webhook', VESTIBULE_SMS_WEBHOOK_URL: 'https://texts.example/' },
    says: 'VESTIBULE_SMS_WEBHOOK_SECRET: is required with VESTIBULE_SMS_SENDER=webhook',
  },
  {
    title: 'countries by their letters',
    env: { VESTIBULE_SMS_COUNTRIES: 'GB, DE' },
    says: 'VESTIBULE_SMS_COUNTRIES: give calling codes',
  },
  {
    title: 'a secret that is too short to sign with',
    env: { VESTIBULE_SMS_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' },
    says: 'VESTIBULE_SMS_WEBHOOK_SECRET: give whsec_',
  },
  {
    title: 'codes sent in the clear',
    env: { VESTIBULE_SMS_WEBHOOK_URL: 'http://texts.example/' },
    says: 'VESTIBULE_SMS_WEBHOOK_URL: give an https URL',
  },
  {
    title: 'Twilio without a sender',
    env: {
      VESTIBULE_SMS_SENDER: 'twilio',
      VESTIBULE_SMS_TWILIO_ACCOUNT_SID: 'AC1',
      VESTIBULE_SMS_TWILIO_AUTH_TOKEN: 'token',
    },
    says: 'VESTIBULE_SMS_FROM: is required',
  },
  {
    title: 'a SendGrid key sent in the clear',
    env: { SENDGRID_BASE_URL: 'http://sendgrid.example' },
    says: 'SENDGRID_BASE_URL: ',
  },
  {
    title: 'a webhook key that is none',
    env: { SENDGRID_WEBHOOK_PUBLIC_KEY: 'abc' },
    says: 'SENDGRID_WEBHOOK_PUBLIC_KEY: ',
  },
  { title: 'a sender that is no mailbox', env: { MAIL_FROM: 'Guests <guests>' }, says: 'MAIL_FROM: ' },
  { title: 'a sender with a line break', env: { MAIL_FROM: 'A\r\nBcc: x <a@b.example>' }, says: 'MAIL_FROM: ' },
  {
    title: 'the mailbox on every interface',
    env: { HOST: '0.0.0.0' },
    says: 'MAIL_TRANSPORT: mailbox shows every mail',
  },
  {
    title: 'the mailbox on a public URL',
    env: { VESTIBULE_PUBLIC_URL: 'https://guests.contoso.com' },
    says: 'VESTIBULE_PUBLIC_URL is https://guests.contoso.com',
  },
  {
    title: 'a proxy that is no network',
    env: { VESTIBULE_TRUSTED_PROXIES: '10.0.0.0/33' },
    says: 'VESTIBULE_TRUSTED_PROXIES: ',
  },
  { title: 'a proxy in shorthand', env: { VESTIBULE_TRUSTED_PROXIES: '10.1' }, says: 'VESTIBULE_TRUSTED_PROXIES: ' },
  {
    title: 'an exemption with a scheme',
    env: { VESTIBULE_EGRESS_ALLOW: 'https://a.example' },
    says: 'VESTIBULE_EGRESS_ALLOW: ',
  },
  {
    title: 'a tenant domain of one label',
    env: { VESTIBULE_TENANT_DOMAIN: 'contoso' },
    says: 'VESTIBULE_TENANT_DOMAIN: ',
  },
  {
    title: 'a certificate without its key',
    env: { VESTIBULE_TLS_CERT: 'package.json' },
    says: 'VESTIBULE_TLS_KEY: is required with VESTIBULE_TLS_CERT',
  },
  {
    title: 'a certificate that is not there',
    env: { VESTIBULE_TLS_CERT: 'no.pem', VESTIBULE_TLS_KEY: 'package.json' },
    says: 'VESTIBULE_TLS_CERT: give the path',
  },
  {
    title: 'a TLS port without a certificate',
    env: { ...production, VESTIBULE_TLS_PORT: '443' },
    says: 'VESTIBULE_TLS_CERT: is required with VESTIBULE_TLS_PORT',
    problems: 2,
  },
  {
    title: 'a certificate without a TLS port',
    env: { ...production, VESTIBULE_TLS_CERT: 'package.json', VESTIBULE_TLS_KEY: 'package.json' },
    says: 'VESTIBULE_TLS_PORT: is required with VESTIBULE_TLS_CERT',
  },
  {
    title: 'one port for both listeners',
    env: { PORT: '8443', VESTIBULE_TLS_PORT: '8443' },
    says: 'VESTIBULE_TLS_PORT: give another port than PORT',
  },
  { title: 'an unknown log level', env: { LOG_LEVEL: 'loud' }, says: 'LOG_LEVEL: give one of fatal, error' },
]
for (const { title, env, says, problems = 1 } of refused) {
  t.test(`refuses ${title}`, async (t) => {
    const message = refusalOf(env)
    t.match(message, says)
    t.equal(message.split('\n').length, 1 + problems, 'and finds nothing else to complain of')
  })
}

t.test('every problem is told at once, and no secret is shown', async (t) => {
  const message = refusalOf({
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    REDIS_URL: 'hunter2',
    VESTIBULE_SECRET: 'hunter2',
    MAIL_TRANSPORT: 'sendgrid',
    SENDGRID_API_KEY: 'hunter2 with a space',
    SMTP_URL: 'http://u:hunter2@x',
    PORT: 'x',
  })
  t.same(
    message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(':')[0])
      .sort(),
    ['DATABASE_URL', 'MAIL_FROM', 'PORT', 'REDIS_URL', 'SENDGRID_API_KEY', 'SMTP_URL', 'VESTIBULE_SECRET'],
  )
  t.notMatch(message, 'hunter2')
})

t.test('a misspelt name is warned about with the nearest one, foreign names are not', async (t) => {
  const { warnings } = loadConfig({
    VESTIBULE_PUBLIC_UR: 'http://localhost:1',
    VESTIBULE_SERVICE_HOST: '10.0.0.1',
    VESTIBULE_SERVICE_PORT_HTTP: '80',
    VESTIBULE_PORT: 'tcp://10.0.0.1:80',
    VESTIBULE_PORT_80_TCP_ADDR: '10.0.0.1',
    VESTIBULE_CLIENT_SECRET: secret,
    HOSTNAME: 'x',
  })
  t.same(warnings, ['VESTIBULE_PUBLIC_UR is not a setting and is ignored; did you mean VESTIBULE_PUBLIC_URL?'])
})

t.test('paths become absolute', async (t) => {
  const dir = t.testdir({ 'cert.pem': '', 'key.pem': '' })
  const env = {
    VESTIBULE_DATA_DIR: 'data',
    VESTIBULE_TLS_CERT: join(dir, 'cert.pem'),
    VESTIBULE_TLS_KEY: join(dir, 'key.pem'),
  }
  const { config } = loadConfig(env)
  t.equal(config.dataDir, resolve('data'))
  t.same([config.tls.certFile, config.tls.keyFile], [join(dir, 'cert.pem'), join(dir, 'key.pem')])
})

t.test('only this machine is loopback, however it is written', async (t) => {
  for (const host of ['localhost', 'app.LOCALHOST', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1'])
    t.ok(isLoopbackHost(host), host)
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '127.0.0.1.example'])
    t.notOk(isLoopbackHost(host), host)
})

function refusalOf(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  throw new Error('it was accepted')
}
