import { Redis } from 'ioredis'
import type { Config } from '../../platform/config.js'
import { isLoopbackHost, readList } from '../../platform/config-values.js'
import { createSendgridTransport } from '../../platform/mail/sendgrid.js'
import { createSmtpTransport } from '../../platform/mail/smtp.js'
import { type Finding, fail, ok, reasonOf, warn } from './finding.js'

const ANSWER_WITHIN_MS = 3_000
const OLDEST_REDIS = 7

/** Whether Redis answers, is new enough and keeps what is queued. */
export async function checkRedis({ redisUrl }: Config): Promise<Finding[]> {
  if (redisUrl === undefined) return [ok('redis', 'Not used: queues are in PostgreSQL')]
  return Promise.all(readList(redisUrl).map(checkRedisNode))
}

async function checkRedisNode(url: string): Promise<Finding> {
  const { host } = new URL(url)
  const options = { lazyConnect: true, connectTimeout: ANSWER_WITHIN_MS, maxRetriesPerRequest: 0 }
  const redis = new Redis(url, { ...options, retryStrategy: () => null })
  let trouble: unknown
  redis.on('error', (error) => {
    trouble ??= error
  })
  try {
    await redis.connect()
    const info = await redis.info()
    const version = /^(?:valkey|redis)_version:(.+?)\r?$/m.exec(info)?.[1] ?? 'of unknown version'
    const policy = /^maxmemory_policy:(.+?)\r?$/m.exec(info)?.[1]
    if (Number.parseInt(version, 10) < OLDEST_REDIS) {
      return fail('redis', `${host}: Redis ${version} is too old`, 'Use Redis 7 or newer, or Valkey.')
    }
    if (policy !== undefined && policy !== 'noeviction') {
      const mend = 'Set maxmemory-policy noeviction; evicted work is only found again by the next sweep.'
      return warn('redis', `${host}: Redis ${version} throws data away when full (${policy})`, mend)
    }
    return ok('redis', `${host}: Redis ${version}`)
  } catch (error) {
    const mend = 'Check REDIS_URL and that the server runs. Mails wait in the database until it does.'
    return fail('redis', `${host} cannot be used: ${reasonOf(trouble ?? error)}`, mend)
  } finally {
    redis.disconnect()
  }
}

/** Whether the mail transport can be reached and lets us in. */
export async function checkMail({ mail }: Config): Promise<Finding[]> {
  const { sendgrid, smtpUrl } = mail
  if (sendgrid) {
    const transport = createSendgridTransport(sendgrid)
    const mend = 'Check SENDGRID_API_KEY (its scopes must have mail.send) and that this machine reaches SendGrid.'
    const webhook = sendgrid.webhookPublicKey
      ? ok('mail events', 'SendGrid reports deliveries, verified by its key')
      : warn(
          'mail events',
          'Bounces will not be seen',
          'Switch on the signed event webhook of SendGrid, to /webhooks/sendgrid, and set SENDGRID_WEBHOOK_PUBLIC_KEY.',
        )
    return [await verified(transport, `SendGrid accepts the key; from ${mail.from.address}`, mend), webhook]
  }
  if (smtpUrl) {
    const transport = createSmtpTransport({ url: smtpUrl, timeoutMs: ANSWER_WITHIN_MS })
    const mend = 'Check host, port, user and password in SMTP_URL.'
    return [await verified(transport, `${new URL(smtpUrl).host} lets us in; from ${mail.from.address}`, mend)]
  }
  return [ok('mail', 'mailbox: mails stay here, to be read at /dev/mailbox')]
}

type Transport = { verify(): Promise<void>; close(): Promise<void> }

async function verified(transport: Transport, message: string, mend: string): Promise<Finding> {
  try {
    await transport.verify()
    return ok('mail', message)
  } catch (error) {
    return fail('mail', reasonOf(error), mend)
  } finally {
    await transport.close()
  }
}

/** Whether the sender of text messages answers and, where it can be asked without a message, lets us in. */
export async function checkTexts({ texts, textCountries }: Config): Promise<Finding[]> {
  const check = 'text messages'
  if (texts === undefined) return [ok(check, 'Nobody sends any: phones are no second step')]
  const where = textCountries ? `numbers of ${textCountries.join(', ')}` : 'numbers of every country'
  const limits =
    textCountries === undefined
      ? [
          warn(
            check,
            `They go to ${where}`,
            'Set VESTIBULE_SMS_COUNTRIES: others have messages sent far away at your cost.',
          ),
        ]
      : []
  const isTwilio = texts.sender === 'twilio'
  const url = isTwilio ? `${texts.baseUrl}/2010-04-01/Accounts/${texts.accountSid}.json` : texts.url
  const { host } = new URL(url)
  const login = isTwilio ? Buffer.from(`${texts.accountSid}:${texts.authToken}`).toString('base64') : undefined
  try {
    const response = await fetch(url, {
      method: isTwilio ? 'GET' : 'HEAD',
      headers: login === undefined ? {} : { authorization: `Basic ${login}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    await response.body?.cancel()
    if (isTwilio && !response.ok) {
      const mend = 'Check VESTIBULE_SMS_TWILIO_ACCOUNT_SID and VESTIBULE_SMS_TWILIO_AUTH_TOKEN.'
      return [fail(check, `${host} answers ${response.status} for the account`, mend), ...limits]
    }
    return [ok(check, `${host} ${isTwilio ? 'lets us in' : 'answers'}; to ${where}`), ...limits]
  } catch (error) {
    const why = reasonOf(error instanceof Error && error.cause ? error.cause : error)
    const mend = `Check ${isTwilio ? 'VESTIBULE_SMS_TWILIO_BASE_URL' : 'VESTIBULE_SMS_WEBHOOK_URL'} and that this machine reaches it.`
    return [fail(check, `${host} does not answer: ${why}`, mend), ...limits]
  }
}

/** Whether the address in mails leads people here, over https when it crosses a network. */
export async function checkPublicUrl(config: Config): Promise<Finding[]> {
  const { publicUrl, embedded, trustedProxies } = config
  if (publicUrl === undefined) {
    return [warn('public URL', 'It changes with every start, since PORT is 0', 'Set VESTIBULE_PUBLIC_URL, or a PORT.')]
  }
  const { protocol, hostname } = new URL(publicUrl)
  const isLocal = isLoopbackHost(hostname)
  const findings: Finding[] = []
  if (isLocal && !embedded) {
    const message = `${publicUrl} leads only people on this machine here`
    findings.push(warn('public URL', message, 'Set VESTIBULE_PUBLIC_URL to the https address people reach.'))
  } else if (!isLocal && protocol === 'http:') {
    const message = `${publicUrl} is not https: passcodes, sessions and tokens can be read on their way`
    findings.push(fail('public URL', message, 'Put TLS in front and set VESTIBULE_PUBLIC_URL to the https address.'))
  } else {
    findings.push(ok('public URL', publicUrl))
  }
  if (!isLocal && trustedProxies.length === 0) {
    const message = 'None is trusted: behind a proxy all guests share one client address and its limits'
    const mend = 'Set VESTIBULE_TRUSTED_PROXIES to the addresses of your proxies, if there are any.'
    findings.push(warn('proxies', message, mend))
  }
  return [...findings, await reachability(publicUrl)]
}

async function reachability(publicUrl: string): Promise<Finding> {
  const url = `${publicUrl}/readyz`
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    await response.body?.cancel()
    if (response.ok) return ok('service', `${url} answers ${response.status}`)
    const mend = 'Look at the log of the service; at the proxy when the log says nothing.'
    return warn('service', `${url} answers ${response.status}`, mend)
  } catch (error) {
    const why = reasonOf(error instanceof Error && error.cause ? error.cause : error)
    return warn('service', `${url} does not answer: ${why}`, 'Start the service, or check what is in front of it.')
  }
}
