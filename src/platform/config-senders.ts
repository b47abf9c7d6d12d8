import { TEXT_SENDERS, TRANSPORTS } from './config-schema.js'
import type { Settings } from './config-settings.js'
import { isLoopbackHost, readMailbox, readOrigin, readUrl, readWebhookKey } from './config-values.js'
import type { Mailbox } from './mail/mail.js'
import { readSecret } from './webhook-signature.js'

export type MailSettings = Readonly<{
  transport: (typeof TRANSPORTS)[number]
  from: Mailbox
  sendgrid: Readonly<{ apiKey: string; baseUrl: string; webhookPublicKey: string | undefined }> | undefined
  smtpUrl: string | undefined
}>

export type TextSettings =
  | Readonly<{ sender: 'webhook'; url: string; secret: Buffer }>
  | Readonly<{ sender: 'twilio'; baseUrl: string; accountSid: string; authToken: string; from: string }>

type Listener = { host: string; publicUrl: string | undefined }

export function readMail(settings: Settings, embedded: boolean, listener: Listener): MailSettings {
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

export function readTexts(settings: Settings): TextSettings | undefined {
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
