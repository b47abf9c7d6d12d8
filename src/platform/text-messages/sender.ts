import type { TextSettings } from '../config-senders.js'
import { type Egress, type EgressAnswer, EgressFailed, EgressRefused } from '../egress/egress.js'
import { TextNotAccepted, type TextSender } from './text-message.js'
import { twilioRequest } from './twilio.js'
import { webhookRequest } from './webhook.js'

/** Milliseconds for one message, answer included. */
const TIMEOUT_MS = 10_000

/** Opens the sender that is configured. Every call passes the egress guard. */
export function createTextSender(
  settings: TextSettings,
  {
    egress,
    clock,
    timeoutMs = TIMEOUT_MS,
    countries,
  }: { egress: Egress; clock: () => Date; timeoutMs?: number; countries?: readonly string[] | undefined },
): TextSender {
  const reaches = (number: string) => countries?.some((code) => number.startsWith(code)) ?? true
  return {
    reaches,
    async send(message) {
      if (!reaches(message.to)) {
        throw new TextNotAccepted('text messages go to no number of that country', { permanent: true })
      }
      const { url, ...request } =
        settings.sender === 'webhook' ? webhookRequest(settings, message, clock()) : twilioRequest(settings, message)
      const answer = await egress.post(url, { ...request, timeoutMs }).catch((error: unknown) => {
        throw notReached(error)
      })
      if (answer.status < 200 || answer.status > 299) throw notAccepted(answer, clock())
    },
  }
}

function notReached(error: unknown): unknown {
  if (error instanceof EgressRefused) {
    return new TextNotAccepted(`the sender of text messages may not be called: ${error.message}`, { permanent: true })
  }
  if (!(error instanceof EgressFailed)) return error
  return new TextNotAccepted(`the sender of text messages could not be reached: ${error.message}`, { permanent: false })
}

/** A refused key, a limit and a failure of theirs pass; what is left is about the message and stays. */
function notAccepted({ status, headers, body }: EgressAnswer, now: Date): TextNotAccepted {
  const passing = status === 401 || status === 403 || status === 408 || status === 429 || status >= 500 || status < 400
  return new TextNotAccepted(`the sender of text messages answered ${status}${errorNumber(body)}`, {
    permanent: !passing,
    retryAfterSeconds: passing ? retryAfterSeconds(headers['retry-after'], now) : undefined,
  })
}

/** Twilio's number of the error, which its documents explain. Its words would repeat the number that was texted. */
function errorNumber(body: string): string {
  const code = /"code"\s*:\s*(\d{1,6})\b/.exec(body)?.[1]
  return code === undefined ? '' : ` (error ${code})`
}

/** In seconds or as a date (RFC 9110 section 10.2.3). */
function retryAfterSeconds(after: string | undefined, now: Date): number | undefined {
  if (after === undefined) return undefined
  if (/^\d{1,9}$/.test(after)) return Number(after)
  const date = Date.parse(after)
  return Number.isFinite(date) ? Math.max(0, Math.ceil((date - now.getTime()) / 1_000)) : undefined
}
