import type { FastifyReply } from 'fastify'
import { type fieldsOf, queryOf } from '../../platform/pages/frame.js'
import { seeOther, sendPage } from '../../platform/pages/send-page.js'
import { organizationFrame } from '../../tenants/index.js'
import { csrfOf, setSession } from '../browser.js'
import { drawCode, sendCode } from './ask-for-code.js'
import { offerApp, proveWithApp, setUpApp } from './authenticator-app.js'
import { AppCodePage, EnrolAppPage } from './pages/app.js'
import { type StepError, urlWith } from './pages/parts.js'
import { PasskeyPage } from './pages/passkey.js'
import { KeepCodesPage, RecoveryCodePage, StepLimitedPage } from './pages/recovery.js'
import { canUsePasskeys } from './passkey-ceremonies.js'
import { passkeyScript } from './passkey-script.js'
import { askForPasskey, offerPasskey, proveWithPasskey, setUpPasskey } from './passkeys.js'
import { isByCode, readSecondStep } from './read-second-step.js'
import { readRecoveryCode, recoveryCodesOf } from './recovery-codes.js'
import type { MethodKind } from './rules.js'
import { keepRecoveryCodes, type StepOutcome } from './second-step.js'
import { proveWithCode, setUpPhone } from './send-code.js'
import { type Asked, LEADS_ON, type StepTurn } from './step-turn.js'
import { readAppCode } from './totp.js'
import { proveWithRecoveryCode } from './use-recovery-code.js'

/**
 * Draws the second step that is due (`data-page="mfa"`). Forms post to the same address, where whoever owns it passes
 * them to `takeSecondStep`. Writes nothing.
 */
export async function askSecondStep(turn: StepTurn): Promise<FastifyReply> {
  const asked = await standingOf(turn)
  return asked ? draw(asked) : again(turn)
}

/**
 * Takes what somebody gave for their second step: 303 to the same address when the session proves more, or something
 * else is due; 422 when it did not do; 429 with `Retry-After` after too many that did not.
 */
export async function takeSecondStep(turn: StepTurn, fields: ReturnType<typeof fieldsOf>): Promise<FastifyReply> {
  const asked = await standingOf(turn)
  if (!asked) return again(turn)
  const { needs, visit, session } = asked
  if (session.codesToKeep !== null) {
    if (fields['action'] !== 'kept') return draw(asked)
    await keepRecoveryCodes(needs, visit)
    return again(turn)
  }
  const { code, credential } = fields
  if (isByCode(asked.standing.way) && code === undefined) return takeWish(asked, fields)
  if (asked.standing.way === 'fido2' && credential !== undefined) {
    const take = asked.standing.step === 'enrol' ? setUpPasskey : proveWithPasskey
    return answerOutcome(asked, await take(needs, visit, credential))
  }
  if (code === undefined || asked.standing.way === 'fido2') return draw(asked)
  const read = asked.standing.way === 'recoveryCode' ? readRecoveryCode(code) : readAppCode(code)
  if (read === undefined) return draw(asked, { kind: 'malformed' })
  return answerOutcome(asked, await tryCode(asked, read))
}

/** A code is to be sent, or to another number. */
async function takeWish(asked: Asked, { action, phone }: ReturnType<typeof fieldsOf>): Promise<FastifyReply> {
  const { standing } = asked
  // Whoever may not try a code for now has none sent.
  if (standing.retryAt) return drawLimited(asked, standing.retryAt)
  if (action === 'number' && standing.step === 'enrol') {
    return drawCode({ ...asked, standing: { ...standing, target: undefined } })
  }
  if (action !== 'send' && phone === undefined) return draw(asked)
  return sendCode(asked, phone)
}

function tryCode({ needs, visit, standing }: Asked, code: string): Promise<StepOutcome> {
  const { way } = standing
  if (standing.step === 'enrol') return way === 'phone' ? setUpPhone(needs, visit, code) : setUpApp(needs, visit, code)
  if (isByCode(way)) return proveWithCode(needs, visit, way, code)
  return standing.way === 'recoveryCode' ? proveWithRecoveryCode(needs, visit, code) : proveWithApp(needs, visit, code)
}

function answerOutcome(asked: Asked, outcome: StepOutcome): FastifyReply | Promise<FastifyReply> {
  switch (outcome.outcome) {
    case 'passed':
      setSession(asked.reply, asked.browser, outcome.session)
      return again(asked)
    case 'notDue':
      return again(asked)
    case 'wrong':
      return draw(asked, { kind: 'wrong', triesLeft: outcome.triesLeft })
    case 'over':
      return draw(asked, { kind: outcome.why })
    case 'limited':
      return drawLimited(asked, outcome.retryAt)
  }
}

async function standingOf(turn: StepTurn): Promise<Asked | undefined> {
  const { needs, request, tenant, browser, session } = turn
  if (browser.session === undefined) return undefined
  const origin = needs.origins.of(request)
  const visit = {
    tenantId: tenant.id,
    browser: { ...browser, session: browser.session },
    session,
    origin,
    client: request.ip,
    loggedFor: turn.loggedFor,
  }
  const frame = organizationFrame(turn)
  const csrf = csrfOf(turn)
  const available: MethodKind[] = [
    'softwareOath',
    ...(canUsePasskeys(origin) ? (['fido2'] as const) : []),
    ...(needs.texts ? (['phone'] as const) : []),
  ]
  const standing = await readSecondStep(needs, visit, available, queryOf(request)['with'], turn.adding !== undefined)
  return { ...turn, visit, frame, csrf, standing }
}

async function draw(asked: Asked, error?: StepError): Promise<FastifyReply> {
  const { needs, reply, visit, frame, standing, session } = asked
  const response = { status: error ? 422 : 200, nonce: frame.nonce, ...LEADS_ON }
  if (session.codesToKeep !== null) {
    const codes = recoveryCodesOf(needs.keys, visit.tenantId, session.codesToKeep)
    return sendPage(reply, <KeepCodesPage frame={frame} csrf={asked.csrf} codes={codes} />, response)
  }
  if (standing.retryAt) return drawLimited(asked, standing.retryAt)
  if (isByCode(standing.way)) return drawCode(asked, { error })
  const props = { frame, csrf: asked.csrf, error, others: standing.others, adding: asked.adding }
  const { contactUrl } = asked
  const { address } = session
  if (standing.way === 'fido2') {
    return sendPage(reply, await passkeyPage(asked, error), { ...response, runsOwnScript: true })
  }
  if (standing.step === 'enrol') {
    const authenticator = offerApp(needs.keys, visit, frame.organization.name)
    return sendPage(reply, <EnrolAppPage {...props} address={address} authenticator={authenticator} />, response)
  }
  if (standing.way === 'recoveryCode') {
    return sendPage(reply, <RecoveryCodePage {...props} contactUrl={contactUrl} />, response)
  }
  return sendPage(reply, <AppCodePage {...props} address={address} contactUrl={contactUrl} />, response)
}

async function passkeyPage(asked: Asked, error: StepError | undefined) {
  const { needs, visit, frame, csrf, standing, contactUrl } = asked
  const isNew = standing.step === 'enrol'
  const options = await (isNew ? offerPasskey(needs, visit, frame.organization.name) : askForPasskey(needs, visit))
  return (
    <PasskeyPage
      frame={frame}
      csrf={csrf}
      error={error}
      others={standing.others}
      adding={asked.adding}
      ceremony={isNew ? 'create' : 'get'}
      options={options}
      scriptPath={passkeyScript().path}
      contactUrl={contactUrl}
    />
  )
}

function drawLimited({ needs, reply, frame }: Asked, retryAt: Date): FastifyReply {
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAt.getTime() - needs.clock().getTime()) / 1_000))
  const page = <StepLimitedPage frame={frame} retryAt={retryAt} isSoon={retryAfterSeconds < 12 * 3_600} />
  return sendPage(reply, page, { status: 429, nonce: frame.nonce, retryAfterSeconds })
}

/** The same address again, now with GET and without the way that was picked. */
function again({ request, reply }: StepTurn): FastifyReply {
  return seeOther(reply, urlWith(request.url, undefined))
}
