import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Client } from '@sendgrid/client'
import { MailService } from '@sendgrid/mail'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from './mail.js'
import { inAsciiLabels, prepare, shortReason } from './prepare.js'

export type SendgridSettings = {
  apiKey: string
  /** Without a trailing path; SendGrid's global or EU host, or a stand-in for tests. */
  baseUrl?: string | undefined
  /** For one message, answer included. 10 s unless told. */
  timeoutMs?: number | undefined
  /** Milliseconds since 1970, to read `Retry-After` dates against. */
  now?: (() => number) | undefined
}

const GLOBAL_BASE_URL = 'https://api.sendgrid.com'
const TIMEOUT_MS = 10_000

// Each of these would rewrite our links or add an image that reports the reader.
const NO_TRACKING = {
  clickTracking: { enable: false, enableText: false },
  openTracking: { enable: false },
  subscriptionTracking: { enable: false },
  ganalytics: { enable: false },
}

/**
 * Sends through SendGrid's v3 API over kept-alive connections. Delivery events carry the mail's id and its tenant's id
 * (custom arguments `vestibule_mail` and `vestibule_tenant`), nothing about people.
 *
 * A refused key (401, 403), a limit (408, 429) and a failure of theirs (5xx) pass, so their mails are tried again: an
 * operator can mend the first without losing a message. Anything else SendGrid refuses stays refused.
 */
export function createSendgridTransport(settings: SendgridSettings): MailTransport {
  const { timeoutMs = TIMEOUT_MS, now = Date.now } = settings
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true, timeout: 15_000 }),
    httpsAgent: new HttpsAgent({ keepAlive: true, timeout: 15_000 }),
  }
  const client = new BoundedClient(agents, timeoutMs)
  client.setDefaultHeader('Authorization', `Bearer ${settings.apiKey}`)
  client.setDefaultRequest('baseUrl', settings.baseUrl ?? GLOBAL_BASE_URL)
  const service = new MailService()
  service.setClient(client)
  return {
    name: 'sendgrid',
    async send(mail) {
      const data = toSendgrid(mail)
      try {
        const [{ headers }] = await service.send(data)
        return { providerMessageId: headerOf(headers, 'x-message-id') }
      } catch (error) {
        throw notAccepted(error, timeoutMs, now())
      }
    },
    async verify() {
      let answer: unknown
      try {
        ;[, answer] = await client.request({ method: 'GET', url: '/v3/scopes' })
      } catch (error) {
        throw notAccepted(error, timeoutMs, now())
      }
      const scopes = isRecord(answer) && Array.isArray(answer['scopes']) ? answer['scopes'] : []
      if (!scopes.includes('mail.send')) throw new Error('The SendGrid API key may not send mail (scope mail.send).')
    },
    async close() {
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    },
  }
}

/** SendGrid's client with connections kept open, an end to waiting, and no redirects, which would carry the key away. */
class BoundedClient extends Client {
  readonly #agents: { httpAgent: HttpAgent; httpsAgent: HttpsAgent }
  readonly #timeoutMs: number

  constructor(agents: { httpAgent: HttpAgent; httpsAgent: HttpsAgent }, timeoutMs: number) {
    super()
    this.#agents = agents
    this.#timeoutMs = timeoutMs
  }

  override createRequest(data: Parameters<Client['createRequest']>[0]): ReturnType<Client['createRequest']> {
    // A signal and not `timeout` alone, which begins anew with each byte of a slow answer.
    const signal = AbortSignal.timeout(this.#timeoutMs)
    return Object.assign(super.createRequest(data), this.#agents, { signal, maxRedirects: 0 })
  }
}

function toSendgrid(mail: Mail) {
  const { messageId, from, replyTo, to, cc, subject, headers } = prepare(mail)
  return {
    from: emailOf(from),
    to: emailOf(to),
    ...(cc.length > 0 && { cc: cc.map(emailOf) }),
    ...(replyTo && { replyTo: emailOf(replyTo) }),
    subject,
    text: mail.text,
    html: mail.html,
    headers: { ...headers, 'Message-ID': messageId },
    categories: [`vestibule-${mail.kind}`],
    customArgs: { vestibule_mail: mail.id, vestibule_tenant: mail.tenantId },
    trackingSettings: NO_TRACKING,
  }
}

/** SendGrid takes a name with a comma or semicolon only in quotes; otherwise it reads two addresses. */
function emailOf({ name, address }: Mailbox): { name?: string; email: string } {
  const email = inAsciiLabels(address)
  if (name === undefined) return { email }
  return { email, name: /[,;]/.test(name) ? `"${name.replace(/["\\]/g, '')}"` : name }
}

/** The error behind a failed call, in our words. Never as `cause`: their error carries the key and the message. */
function notAccepted(error: unknown, timeoutMs: number, nowMs: number): MailNotAccepted {
  const failure: Record<string, unknown> = isRecord(error) ? error : {}
  const response = isRecord(failure['response']) ? failure['response'] : undefined
  const status = response ? Number(response['status'] ?? failure['code']) : undefined
  if (!response || status === undefined || !(status >= 400)) {
    const code = typeof failure['code'] === 'string' ? failure['code'] : 'no connection'
    const why = code === 'ERR_CANCELED' ? `no answer within ${timeoutMs} ms` : `${status ?? code}`
    return new MailNotAccepted(`SendGrid could not be reached (${why}).`, { permanent: false })
  }
  const text = errorText(response['body'])
  const passing =
    status === 401 || status === 403 || status === 404 || status === 408 || status === 429 || status >= 500
  const opening =
    status === 401 || status === 403 ? 'SendGrid refused the API key or sender' : 'SendGrid refused the mail'
  return new MailNotAccepted(shortReason(`${opening} (${status})${text && `: ${text}`}`), {
    permanent: !passing,
    retryAfterSeconds: passing ? retryAfterSeconds(response['headers'], nowMs) : undefined,
  })
}

function errorText(body: unknown): string {
  if (!isRecord(body) || !Array.isArray(body['errors'])) return ''
  const messages = body['errors'].flatMap((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['message'] !== 'string') return []
    return [typeof entry['field'] === 'string' ? `${entry['message']} (${entry['field']})` : entry['message']]
  })
  return messages.join(' ')
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), else SendGrid's `X-RateLimit-Reset` in Unix time. */
function retryAfterSeconds(headers: unknown, nowMs: number): number | undefined {
  const after = headerOf(headers, 'retry-after')
  if (after !== undefined && /^\d{1,9}$/.test(after)) return Number(after)
  const date = after === undefined ? Number.NaN : Date.parse(after)
  if (Number.isFinite(date)) return secondsUntil(date, nowMs)
  const reset = headerOf(headers, 'x-ratelimit-reset')
  return reset !== undefined && /^\d{1,12}$/.test(reset) ? secondsUntil(Number(reset) * 1000, nowMs) : undefined
}

function secondsUntil(ms: number, nowMs: number): number {
  return Math.max(0, Math.ceil((ms - nowMs) / 1000))
}

function headerOf(headers: unknown, name: string): string | undefined {
  const value = isRecord(headers) ? headers[name] : undefined
  return typeof value === 'string' ? value : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
