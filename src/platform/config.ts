import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { parseDomainName } from '../kernel/email-address.js'
import {
  Env,
  LOG_LEVELS,
  NAMES,
  type Name,
  ROLES,
  ruleOf,
  TEXT_SENDERS,
  TRANSPORTS,
  unknownNames,
} from './config-schema.js'
import {
  type Cidr,
  isLoopbackHost,
  readCidr,
  readHostName,
  readList,
  readMailbox,
  readOrigin,
  readUrl,
  readWebhookKey,
} from './config-values.js'
import type { Mailbox } from './mail/mail.js'
import { readSecret } from './webhook-signature.js'

export type Role = (typeof ROLES)[number]
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Everything the environment decides, read once at start. */
export type Config = Readonly<{
  /** 0 is any free port. */
  port: number
  host: string
  /** Undefined only while the port is not known: `PORT=0` and no `VESTIBULE_PUBLIC_URL`. */
  publicUrl: string | undefined
  /** No port: no https listener. No files: the certificate of the local CA. */
  tls: Readonly<{
    port: number | undefined
    portSetByHand: boolean
    certFile: string | undefined
    keyFile: string | undefined
  }>
  /** Absolute. */
  dataDir: string
  /** PostgreSQL runs inside the service: `DATABASE_URL` is unset. */
  embedded: boolean
  databaseUrl: string | undefined
  /** Several URLs separated by commas name the nodes of a cluster. */
  redisUrl: string | undefined
  roles: readonly Role[]
  /** Undefined only in embedded mode, where one is generated into the data directory. */
  secret: string | undefined
  /** What was made with these is still recognised. */
  previousSecrets: readonly string[]
  /** Lower case, A-labels. */
  tenantDomain: string
  trustedProxies: readonly Cidr[]
  /** Host names and CIDRs. */
  egressAllow: readonly string[]
  /** Where new passwords are looked up among leaked ones, five letters of a hash at a time. Unset: nowhere. */
  breachedPasswordsUrl: string | undefined
  /** Unset: metrics are shown to private addresses only. */
  metricsToken: string | undefined
  mail: Readonly<{
    transport: (typeof TRANSPORTS)[number]
    from: Mailbox
    sendgrid: Readonly<{ apiKey: string; baseUrl: string; webhookPublicKey: string | undefined }> | undefined
    smtpUrl: string | undefined
  }>
  /** Who sends text messages; unset: nobody does, and phones are no second step. */
  texts: TextSettings | undefined
  logLevel: LogLevel
  otlpEndpoint: string | undefined
}>

export type TextSettings =
  | Readonly<{ sender: 'webhook'; url: string; secret: Buffer }>
  | Readonly<{ sender: 'twilio'; baseUrl: string; accountSid: string; authToken: string; from: string }>

const LOOPBACK = ['localhost', '127.0.0.0/8', '::1/128']

/**
 * Reads the environment once, at start. An empty value counts as unset.
 * @returns the settings, frozen, and a sentence for each `VESTIBULE_` name that nobody reads.
 * @throws one Error that lists every problem by name and never shows the value of a secret.
 */
export function loadConfig(env: NodeJS.ProcessEnv): { config: Config; warnings: string[] } {
  const settings = new Settings(env)
  const config = readConfig(settings)
  settings.throwProblems()
  return { config: deepFreeze(config), warnings: unknownNames(env) }
}

/** The values given, and what is wrong with them so far. */
class Settings {
  readonly #given: Partial<Record<Name, string>>
  readonly #problems = new Map<Name, string>()

  constructor(env: NodeJS.ProcessEnv) {
    const given = NAMES.map((name) => [name, env[name]?.trim()] as const).filter(([, value]) => value)
    this.#given = Object.fromEntries(given)
    // A path is a slash and a name of the schema, since every property is a string of its own.
    for (const error of Value.Errors(Env, this.#given)) this.refuse(error.path.slice(1) as Name)
  }

  /** The first problem with a name is the one that is told. */
  refuse(name: Name, rule: string = ruleOf(name)): void {
    if (!this.#problems.has(name)) this.#problems.set(name, rule)
  }

  text(name: Name): string | undefined {
    return this.#problems.has(name) ? undefined : this.#given[name]
  }

  isGiven(name: Name): boolean {
    return this.#given[name] !== undefined
  }

  /** What `parse` makes of the value; a value it cannot read is a problem. */
  read<T>(name: Name, parse: (text: string) => T | undefined): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = parse(text)
    if (value === undefined) this.refuse(name)
    return value
  }

  require(name: Name, when: string): void {
    if (!this.isGiven(name)) this.refuse(name, `is required ${when}; ${ruleOf(name)}`)
  }

  throwProblems(): void {
    if (this.#problems.size === 0) return
    const lines = [...this.#problems].map(([name, rule]) => `  ${name}: ${rule}`)
    throw new Error(`The configuration cannot be used:\n${lines.join('\n')}`)
  }
}

function readConfig(settings: Settings): Config {
  const embedded = !settings.isGiven('DATABASE_URL')
  if (!embedded) settings.require('VESTIBULE_SECRET', 'when DATABASE_URL is set')
  const port = settings.read('PORT', Number) ?? 3000
  const byDefault = port === 0 ? undefined : `http://localhost:${port}`
  const listener = {
    host: settings.text('HOST') ?? '127.0.0.1',
    publicUrl: settings.read('VESTIBULE_PUBLIC_URL', readOrigin) ?? byDefault,
  }
  return {
    port,
    ...listener,
    tls: readTls(settings, embedded, port),
    dataDir: resolve(settings.text('VESTIBULE_DATA_DIR') ?? '.vestibule'),
    embedded,
    databaseUrl: settings.read('DATABASE_URL', (text) => readUrl(text, ['postgres:', 'postgresql:']) && text),
    redisUrl: settings.read('REDIS_URL', (text) => allOf(text, (item) => readUrl(item, ['redis:', 'rediss:'])) && text),
    roles: settings.read('VESTIBULE_ROLES', readRoles) ?? ['api', 'worker'],
    secret: settings.text('VESTIBULE_SECRET'),
    previousSecrets: settings.read('VESTIBULE_SECRET_PREVIOUS', readList) ?? [],
    tenantDomain: settings.read('VESTIBULE_TENANT_DOMAIN', parseDomainName) ?? 'contoso.example',
    trustedProxies: settings.read('VESTIBULE_TRUSTED_PROXIES', (text) => allOf(text, readCidr)) ?? [],
    egressAllow:
      settings.read('VESTIBULE_EGRESS_ALLOW', (text) =>
        allOf(text, (item) => (readCidr(item) ? item : readHostName(item))),
      ) ?? (embedded ? LOOPBACK : []),
    breachedPasswordsUrl: settings.read(
      'VESTIBULE_BREACHED_PASSWORDS_URL',
      (text) => readUrl(text, ['http:', 'https:'])?.href,
    ),
    metricsToken: settings.text('VESTIBULE_METRICS_TOKEN'),
    mail: readMail(settings, embedded, listener),
    texts: readTexts(settings),
    logLevel: settings.read('LOG_LEVEL', (text) => LOG_LEVELS.find((level) => level === text)) ?? 'info',
    otlpEndpoint: settings.read('OTEL_EXPORTER_OTLP_ENDPOINT', (text) => readUrl(text, ['http:', 'https:'])?.href),
  }
}

/** Every item of the list read, or undefined when one of them cannot be. */
function allOf<T>(text: string, parse: (item: string) => T | undefined): T[] | undefined {
  const values = readList(text).map(parse)
  return values.every((value) => value !== undefined) ? values : undefined
}

function readRoles(text: string): Role[] {
  const items = readList(text)
  return ROLES.filter((role) => items.includes(role))
}

function readTls(settings: Settings, embedded: boolean, port: number): Config['tls'] {
  const certFile = settings.read('VESTIBULE_TLS_CERT', readableFile)
  const keyFile = settings.read('VESTIBULE_TLS_KEY', readableFile)
  const tlsPort = settings.read('VESTIBULE_TLS_PORT', Number)
  const portSetByHand = settings.isGiven('VESTIBULE_TLS_PORT')
  const ownCertificate = settings.isGiven('VESTIBULE_TLS_CERT') || settings.isGiven('VESTIBULE_TLS_KEY')
  if (ownCertificate) {
    settings.require('VESTIBULE_TLS_CERT', 'with VESTIBULE_TLS_KEY')
    settings.require('VESTIBULE_TLS_KEY', 'with VESTIBULE_TLS_CERT')
    if (!embedded) settings.require('VESTIBULE_TLS_PORT', 'with VESTIBULE_TLS_CERT')
  } else if (portSetByHand && !embedded) {
    settings.require('VESTIBULE_TLS_CERT', 'with VESTIBULE_TLS_PORT when DATABASE_URL is set')
    settings.require('VESTIBULE_TLS_KEY', 'with VESTIBULE_TLS_PORT when DATABASE_URL is set')
  }
  if (tlsPort !== undefined && tlsPort !== 0 && tlsPort === port) {
    settings.refuse('VESTIBULE_TLS_PORT', `give another port than PORT, which is ${port}`)
  }
  return { port: tlsPort ?? (embedded ? 3443 : undefined), portSetByHand, certFile, keyFile }
}

function readableFile(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK)
    return resolve(path)
  } catch {
    return undefined
  }
}

type Listener = { host: string; publicUrl: string | undefined }

function readMail(settings: Settings, embedded: boolean, listener: Listener): Config['mail'] {
  if (!embedded) settings.require('MAIL_TRANSPORT', 'when DATABASE_URL is set')
  const given = settings.text('MAIL_TRANSPORT')
  const transport = TRANSPORTS.find((name) => name === given) ?? 'mailbox'
  if (transport === 'mailbox') refuseMailboxBeyondLoopback(settings, listener)
  else settings.require('MAIL_FROM', `with MAIL_TRANSPORT=${transport}`)
  const from = settings.read('MAIL_FROM', readMailbox)
  if (transport === 'sendgrid') settings.require('SENDGRID_API_KEY', 'with MAIL_TRANSPORT=sendgrid')
  if (transport === 'smtp') settings.require('SMTP_URL', 'with MAIL_TRANSPORT=smtp')
  const sendgrid = {
    apiKey: settings.text('SENDGRID_API_KEY') ?? '',
    baseUrl: settings.read('SENDGRID_BASE_URL', readApiOrigin) ?? 'https://api.sendgrid.com',
    webhookPublicKey: settings.read('SENDGRID_WEBHOOK_PUBLIC_KEY', readWebhookKey),
  }
  const smtpUrl = settings.read('SMTP_URL', (text) => readUrl(text, ['smtp:', 'smtps:']) && text)
  return {
    transport,
    from: from ?? { name: 'Vestibule', address: 'invitations@vestibule.example' },
    sendgrid: transport === 'sendgrid' ? sendgrid : undefined,
    smtpUrl: transport === 'smtp' ? smtpUrl : undefined,
  }
}

/** The mailbox shows every mail, passcodes included, to whoever can open it. */
function refuseMailboxBeyondLoopback(settings: Settings, { host, publicUrl }: Listener): void {
  const open: string[] = []
  if (!isLoopbackHost(host)) open.push(`HOST is ${host}`)
  if (publicUrl !== undefined && !isLoopbackHost(new URL(publicUrl).hostname)) {
    open.push(`VESTIBULE_PUBLIC_URL is ${publicUrl}`)
  }
  if (open.length === 0) return
  const why = 'mailbox shows every mail to whoever reaches this service'
  settings.refuse('MAIL_TRANSPORT', `${why} and ${open.join(' and ')}; give sendgrid or smtp, or stay on localhost`)
}

function readTexts(settings: Settings): Config['texts'] {
  const given = settings.text('VESTIBULE_SMS_SENDER')
  const sender = TEXT_SENDERS.find((name) => name === given)
  const when = `with VESTIBULE_SMS_SENDER=${sender}`
  const url = settings.read('VESTIBULE_SMS_WEBHOOK_URL', readApiUrl)
  const secret = settings.read('VESTIBULE_SMS_WEBHOOK_SECRET', readSecret)
  const baseUrl = settings.read('VESTIBULE_SMS_TWILIO_BASE_URL', readApiOrigin) ?? 'https://api.twilio.com'
  if (sender === 'webhook') {
    settings.require('VESTIBULE_SMS_WEBHOOK_URL', when)
    settings.require('VESTIBULE_SMS_WEBHOOK_SECRET', when)
    return { sender, url: url ?? '', secret: secret ?? Buffer.alloc(0) }
  }
  if (sender === undefined) return undefined
  settings.require('VESTIBULE_SMS_TWILIO_ACCOUNT_SID', when)
  settings.require('VESTIBULE_SMS_TWILIO_AUTH_TOKEN', when)
  settings.require('VESTIBULE_SMS_FROM', when)
  return {
    sender,
    baseUrl,
    accountSid: settings.text('VESTIBULE_SMS_TWILIO_ACCOUNT_SID') ?? '',
    authToken: settings.text('VESTIBULE_SMS_TWILIO_AUTH_TOKEN') ?? '',
    from: settings.text('VESTIBULE_SMS_FROM') ?? '',
  }
}

/** Codes travel there, so it is https unless it stays on this machine. */
function readApiUrl(text: string): string | undefined {
  const url = readUrl(text, ['https:', 'http:'])
  if (!url || url.username || url.password) return undefined
  return url.protocol === 'https:' || isLoopbackHost(url.hostname) ? url.href : undefined
}

/** The API key travels there, so it is https unless it stays on this machine. */
function readApiOrigin(text: string): string | undefined {
  const origin = readOrigin(text)
  if (origin === undefined) return undefined
  return origin.startsWith('https:') || isLoopbackHost(new URL(origin).hostname) ? origin : undefined
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (Array.isArray(part) || isPlain(part)) deepFreeze(part)
  return Object.freeze(value)
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
