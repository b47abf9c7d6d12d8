import type { FastifyReply } from 'fastify'
import { maskEmailAddress } from '../../kernel/email-address.js'
import { clientNetwork } from '../../platform/client-network.js'
import { languageOf } from '../../platform/pages/frame.js'
import type { SendingLimit } from '../../platform/pages/passcode-pages.js'
import { seeOther, sendPage } from '../../platform/pages/send-page.js'
import { PASSCODE_LIMITS, STEP_CODE_TERMS } from '../passcode.js'
import type { SendOutcome } from '../store.js'
import { EnrolPhonePage, SendCodePage, SentCodePage } from './pages/code.js'
import type { StepError } from './pages/parts.js'
import { isByCode } from './read-second-step.js'
import { maskPhoneNumber, readPhoneNumber } from './rules.js'
import { type CodeTarget, phoneTarget, sendStepCode } from './send-code.js'
import { type Asked, LEADS_ON } from './step-turn.js'

/** What a page tells beside what it asks for. */
type Told = {
  error?: StepError | undefined
  limit?: SendingLimit | undefined
  malformed?: string | undefined
  isFar?: boolean
}

/** Draws a step by a code that is sent: where it is to go, or the field for it once it is on its way. */
export function drawCode(asked: Asked, told: Told = {}): FastifyReply {
  const { reply, frame, csrf, standing, contactUrl, adding } = asked
  const { error, limit, malformed, isFar } = told
  const { step, others, target, isSent } = standing
  const common = { frame, csrf, others, contactUrl, limit, adding }
  const response = {
    status: limit ? 429 : error || malformed !== undefined ? 422 : 200,
    nonce: frame.nonce,
    retryAfterSeconds: limit?.retryAfterSeconds,
    ...LEADS_ON,
  }
  if (!target || malformed !== undefined) {
    return sendPage(reply, <EnrolPhonePage {...common} malformed={malformed} isFar={isFar} />, response)
  }
  const { channel } = target
  const maskedAddress = masked(target)
  if (isSent || error) {
    const page = <SentCodePage {...common} {...{ step, channel, maskedAddress, error }} terms={STEP_CODE_TERMS} />
    return sendPage(reply, page, response)
  }
  // A number that was typed and not taken stays in the field: it is their own.
  if (step === 'enrol') return sendPage(reply, <EnrolPhonePage {...common} typed={target.address} />, response)
  return sendPage(reply, <SendCodePage {...common} {...{ channel, maskedAddress }} />, response)
}

/**
 * Sends a code where the form says: to the phone that is typed while one is set up, else where it went before or goes by
 * itself. Answers with a page when nothing was sent, with the way back to the same one when it was.
 */
export async function sendCode(asked: Asked, typed: string | undefined): Promise<FastifyReply> {
  const { needs, request, reply, tenant, visit, standing, preferred } = asked
  const { step, way } = standing
  if (!isByCode(way)) return seeOther(reply, request.url)
  const isNew = step === 'enrol'
  const number = isNew && typed !== undefined ? readPhoneNumber(typed.slice(0, 64)) : undefined
  if (isNew && typed !== undefined && number === undefined) return drawCode(asked, { malformed: typed.slice(0, 40) })
  if (number !== undefined && needs.texts?.reaches(number) === false) {
    return drawCode(asked, { malformed: number, isFar: true })
  }
  const target = number === undefined ? standing.target : phoneTarget(number)
  if (!target) return drawCode(asked)
  const outcome = await sendStepCode(needs, visit, isNew ? 'newPhone' : way, target, {
    language: languageOf(request, preferred ?? tenant.notificationLanguage),
    client: clientNetwork(request.ip),
    mostTexts: tenant.settings.textMessagesPerDay,
  })
  if (outcome.outcome === 'sent') return seeOther(reply, request.url)
  // A code that went to another number is not what they ask for now.
  const isSent = standing.isSent && target.folded === standing.target?.folded
  return drawCode({ ...asked, standing: { ...standing, target, isSent } }, { limit: limitOf(outcome, needs.clock()) })
}

function limitOf({ limit: kind, retryAt: at }: Extract<SendOutcome, { outcome: 'limited' }>, now: Date): SendingLimit {
  const retryAt = new Date(at)
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAt.getTime() - now.getTime()) / 1_000))
  return { kind, count: PASSCODE_LIMITS[kind], retryAt, retryAfterSeconds }
}

function masked({ channel, address }: CodeTarget): string {
  return channel === 'mail' ? maskEmailAddress(address) : maskPhoneNumber(address)
}
