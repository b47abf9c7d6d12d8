import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { parseDomainName } from '../kernel/email-address.js'
import { LOG_LEVELS, ROLES, unknownNames } from './config-schema.js'
import { type MailSettings, readMail, readTexts, type TextSettings } from './config-senders.js'
import { Settings } from './config-settings.js'
import { type Cidr, readCidr, readHostName, readList, readOrigin, readUrl } from './config-values.js'
import type { Connection } from './database.js'
import { readDatabaseUrl } from './database-url.js'

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
  database: Connection | undefined
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
  mail: MailSettings
  /** Who sends text messages; unset: nobody does, and phones are no second step. */
  texts: TextSettings | undefined
  /** How numbers that get text messages begin; undefined: anyhow. */
  textCountries: readonly string[] | undefined
  logLevel: LogLevel
  otlpEndpoint: string | undefined
}>

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
    database: readDatabase(settings),
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
    textCountries: settings.read('VESTIBULE_SMS_COUNTRIES', readList),
    logLevel: settings.read('LOG_LEVEL', (text) => LOG_LEVELS.find((level) => level === text)) ?? 'info',
    otlpEndpoint: settings.read('OTEL_EXPORTER_OTLP_ENDPOINT', (text) => readUrl(text, ['http:', 'https:'])?.href),
  }
}

function readDatabase(settings: Settings): Connection | undefined {
  return settings.read('DATABASE_URL', (text) => {
    try {
      return readDatabaseUrl(text)
    } catch (error) {
      settings.refuse('DATABASE_URL', error instanceof Error ? error.message : undefined)
      return undefined
    }
  })
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

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (Array.isArray(part) || isPlain(part)) deepFreeze(part)
  return Object.freeze(value)
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
