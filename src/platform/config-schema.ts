import { Type } from '@sinclair/typebox'
import { nearestName } from './config-values.js'

export const ROLES = ['api', 'worker'] as const
export const TRANSPORTS = ['mailbox', 'sendgrid', 'smtp'] as const
export const TEXT_SENDERS = ['webhook', 'twilio'] as const
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const PORT_PATTERN = '^(?:\\d{1,4}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])$'
const PORT_RULE = 'give a whole number from 0 to 65535; 0 is any free port'

/** The rule is what a person reads when the value does not fit. */
const setting = (rule: string, options: { pattern?: string; minLength?: number } = {}) =>
  Type.Optional(Type.String({ ...options, description: rule }))

/** Every name the service reads; each description tells what is allowed. */
export const Env = Type.Object({
  PORT: setting(PORT_RULE, { pattern: PORT_PATTERN }),
  HOST: setting('give an IP address or a host name to listen on', { pattern: '^[A-Za-z0-9.:_-]+$' }),
  VESTIBULE_PUBLIC_URL: setting('give an http or https origin without a path, such as https://guests.contoso.com'),
  VESTIBULE_TLS_PORT: setting(PORT_RULE, { pattern: PORT_PATTERN }),
  VESTIBULE_TLS_CERT: setting('give the path of a PEM file that this user can read'),
  VESTIBULE_TLS_KEY: setting('give the path of a PEM file that this user can read'),
  VESTIBULE_DATA_DIR: setting('give the path of a directory'),
  DATABASE_URL: setting('give a URL such as postgres://user:password@host:5432/database'),
  REDIS_URL: setting('give a URL such as redis://host:6379 (rediss:// for TLS); for a cluster several with commas'),
  VESTIBULE_ROLES: setting('give api, worker or both with a comma', {
    pattern: '^\\s*(?:api|worker)\\s*(?:,\\s*(?:api|worker)\\s*)?$',
  }),
  VESTIBULE_SECRET: setting('give at least 32 random characters, for example from: openssl rand -base64 32', {
    minLength: 32,
  }),
  VESTIBULE_SECRET_PREVIOUS: setting('give the secrets that VESTIBULE_SECRET took the place of, with commas', {
    pattern: '^\\s*[^,]{32,}(?:,[^,]{32,})*\\s*$',
  }),
  VESTIBULE_TENANT_DOMAIN: setting('give a full domain name, such as contoso.example'),
  VESTIBULE_TRUSTED_PROXIES: setting('give addresses or CIDRs with commas, such as 10.0.0.0/8, fd00::/8'),
  VESTIBULE_EGRESS_ALLOW: setting(
    'give host names, addresses or CIDRs with commas, such as hooks.internal, 10.1.0.0/16',
  ),
  VESTIBULE_BREACHED_PASSWORDS_URL: setting(
    'give the URL of a range API for leaked passwords, such as https://api.pwnedpasswords.com/range',
  ),
  VESTIBULE_METRICS_TOKEN: setting(
    'give at least 16 characters without spaces, for example from: openssl rand -hex 24',
    {
      pattern: '^[\\x21-\\x7e]{16,}$',
    },
  ),
  MAIL_TRANSPORT: setting('give mailbox, sendgrid or smtp', { pattern: '^(?:mailbox|sendgrid|smtp)$' }),
  MAIL_FROM: setting('give a mailbox such as Contoso Guests <guests@contoso.com>'),
  SENDGRID_API_KEY: setting('give the API key of your SendGrid account', { pattern: '^\\S+$' }),
  SENDGRID_BASE_URL: setting('give an https origin, or an http one on this machine'),
  SENDGRID_WEBHOOK_PUBLIC_KEY: setting('give the verification key that SendGrid shows for the signed event webhook'),
  SMTP_URL: setting('give a URL such as smtps://user:password@host:465 or smtp://host:587'),
  VESTIBULE_SMS_SENDER: setting('give webhook or twilio', { pattern: `^(?:${TEXT_SENDERS.join('|')})$` }),
  VESTIBULE_SMS_WEBHOOK_URL: setting('give an https URL, or an http one on this machine'),
  VESTIBULE_SMS_WEBHOOK_SECRET: setting(
    'give whsec_ and the base64 of 24 to 64 bytes, for example from: echo whsec_$(openssl rand -base64 32)',
  ),
  VESTIBULE_SMS_TWILIO_BASE_URL: setting('give an https origin, or an http one on this machine'),
  VESTIBULE_SMS_TWILIO_ACCOUNT_SID: setting('give the account SID of your Twilio console', {
    pattern: '^[A-Za-z0-9]{2,64}$',
  }),
  VESTIBULE_SMS_TWILIO_AUTH_TOKEN: setting('give the auth token of your Twilio console', { pattern: '^\\S+$' }),
  VESTIBULE_SMS_FROM: setting('give a number such as +442079460958, a sender name, or a messaging service SID', {
    pattern: '^(?:\\+[1-9]\\d{6,14}|[A-Za-z0-9 ]{2,11}|MG[0-9a-fA-F]{32})$',
  }),
  VESTIBULE_SMS_COUNTRIES: setting('give calling codes such as +44, +49, +1', {
    pattern: '^\\s*\\+[1-9]\\d{0,6}(?:\\s*,\\s*\\+[1-9]\\d{0,6})*\\s*$',
  }),
  LOG_LEVEL: setting(`give one of ${LOG_LEVELS.join(', ')}`, { pattern: `^(?:${LOG_LEVELS.join('|')})$` }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting('give an http or https URL'),
})
export type Name = keyof typeof Env.properties

export const NAMES = Object.keys(Env.properties)

/** Read by the command line client, which shares the environment. */
const CLIENT_NAMES = ['VESTIBULE_URL', 'VESTIBULE_TENANT', 'VESTIBULE_CLIENT_ID', 'VESTIBULE_CLIENT_SECRET']
/** What Kubernetes sets for a Service called vestibule. */
const KUBERNETES_NAME = /^VESTIBULE_(?:SERVICE_|PORT(?:_|$))/

/** What is allowed for a name, as an instruction. */
export function ruleOf(name: Name): string {
  return Env.properties[name].description ?? ''
}

/** A sentence for each `VESTIBULE_` name that nobody reads, with the known name nearest to it. */
export function unknownNames(env: NodeJS.ProcessEnv): string[] {
  const known = [...NAMES, ...CLIENT_NAMES].filter((name) => name.startsWith('VESTIBULE_'))
  const isUnknown = (name: string) =>
    name.startsWith('VESTIBULE_') && !known.includes(name) && !KUBERNETES_NAME.test(name)
  return Object.keys(env)
    .filter(isUnknown)
    .map((name) => `${name} is not a setting and is ignored; did you mean ${nearestName(name, known)}?`)
}
