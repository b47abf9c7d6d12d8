import type { FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { maskEmailAddress } from '../../kernel/email-address.js'
import { type Instant, instantOf } from '../../kernel/instant.js'
import { clientNetwork } from '../../platform/client-network.js'
import type { Origins } from '../../platform/origins.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import { type fieldsOf, languageOf } from '../../platform/pages/frame.js'
import type { OrganizationFrame } from '../../platform/pages/page.js'
import type { CodeError } from '../../platform/pages/passcode-pages.js'
import { seeOther, sendPage } from '../../platform/pages/send-page.js'
import { organizationFrame, type Tenant } from '../../tenants/index.js'
import { canUsePasskeys } from '../authentication-methods/passkey-ceremonies.js'
import { passkeyScript } from '../authentication-methods/passkey-script.js'
import { type Browser, csrfOf, ensureHandle, handleHash, setSession } from '../browser.js'
import type { LoggedFor } from '../log/log-context.js'
import { NOBODY } from '../log/tables.js'
import { askForCode, codeErrorOf, tellLimit } from '../pages/ask-for-code.js'
import { readCode } from '../passcode.js'
import { askPasscode, checkPasscode, type PasscodeFlow, readPasscodeFlow } from '../prove-address.js'
import type { PasscodeState, PasscodeWriter } from '../store.js'
import { choosePassword } from './choose-password.js'
import { askForPasskeyHere, createPasskeyHere, offerPasskeyHere, signInWithPasskey } from './local-passkeys.js'
import { type LocalNeeds, type LocalOutcome, type LocalVisit, noteFailure } from './local-visit.js'
import { LocalChoosePage } from './pages/choose.js'
import type { LocalProps, Passkey } from './pages/parts.js'
import { LocalIntroPage, LocalLimitedPage, LocalSignInPage } from './pages/sign-in.js'
import { readMeans } from './read-account.js'
import { type LocalStep, localStep, maySetPasskeyUp, type PasswordFault } from './rules.js'
import { signInWithPassword } from './sign-in-with-password.js'

/** Somebody on their way to an account at the organization itself, at an address of whoever sent them. */
export type LocalTurn = {
  needs: LocalNeeds & { origins: Origins; signal: WorkSignal; passcodes: PasscodeWriter }
  request: FastifyRequest
  reply: FastifyReply
  tenant: Tenant
  browser: Browser
  /** Whose it is: undefined when the address is nobody's here. */
  userId: string | undefined
  address: string
  folded: string
  /** Whether the address was typed here, and not taken from a link: then no page may tell whether it is somebody's. */
  isTyped: boolean
  /** Names what it is for: an invitation, the request of an application. */
  flow: string
  /** Where the pages are, and where a signed-in browser goes on. */
  path: string
  onward: string
  /** What it is for, as the sign-in log tells. */
  loggedFor: LoggedFor
  preferred?: string | undefined
  /** Draws the page for a proved mailbox that is nobody's here, or whose owner may not sign in so. */
  answerNobody: () => FastifyReply | Promise<FastifyReply>
}

/** What follows may lead to another site at once, and Chromium holds each redirect after a submit against this. */
const LEADS_ON = { formAction: "'self' https: http:" } as const

type Asked = LocalTurn & {
  visit: LocalVisit
  codes: PasscodeFlow
  state: PasscodeState | null
  step: LocalStep
  /** Whether there is something to sign in with, and what passkeys would stand beside. */
  exists: boolean
  methods: readonly unknown[]
  frame: OrganizationFrame
  csrf: string
}

/** Draws what is due: the code to the mailbox, the choice of password or passkey, or the sign-in. Writes nothing. */
export async function askLocalAccount(turn: LocalTurn): Promise<FastifyReply> {
  return draw(await standingOf(turn))
}

/** Whether this browser is somewhere between asking for a code and choosing, so that a page need not be told whose. */
export async function localAddressOf(
  needs: Pick<LocalTurn['needs'], 'database' | 'keys' | 'clock'>,
  tenant: Tenant,
  browser: Browser,
  flow: string,
): Promise<string | undefined> {
  if (browser.handle === undefined) return undefined
  const now = needs.clock()
  const state = await readPasscodeFlow(needs, codesOf(needs.keys, tenant, browser, flow, browser.handle, now))
  const isUnderWay = state && localStep(proofOf(state), { folded: state.folded, exists: true }, now) !== 'signIn'
  return isUnderWay ? state.address : undefined
}

/**
 * Takes what somebody gave: 303 onward when they are signed in, 303 to the same page when another step is due, 422 when
 * it did not do, 429 with `Retry-After` after too many that did not.
 */
export async function takeLocalAccount(turn: LocalTurn, fields: ReturnType<typeof fieldsOf>): Promise<FastifyReply> {
  const asked = await standingOf(turn)
  const { needs, visit, step } = asked
  const { action, code, password, again, credential } = fields
  if (action === 'send') return sendCode(asked)
  if (code !== undefined) return step === 'choose' ? seeOther(turn.reply, turn.path) : tryCode(asked, code)
  if (step === 'choose') {
    if (turn.userId === undefined) return turn.answerNobody()
    if (password !== undefined && password !== again) return draw(asked, { fault: { kind: 'differs' } })
    if (password !== undefined) return answerOutcome(asked, await choosePassword(needs, visit, password))
    if (credential) return answerOutcome(asked, await createPasskeyHere(needs, visit, credential), true)
    return draw(asked)
  }
  if (password !== undefined) return answerOutcome(asked, await signInWithPassword(needs, visit, password))
  if (credential) return answerOutcome(asked, await signInWithPasskey(needs, visit, credential), true)
  return draw(asked)
}

function answerOutcome(asked: Asked, outcome: LocalOutcome, isPasskey = false): FastifyReply | Promise<FastifyReply> {
  switch (outcome.outcome) {
    case 'signedIn':
      setSession(asked.reply, asked.browser, outcome.session)
      return seeOther(asked.reply, asked.onward)
    case 'wrong':
      return draw(asked, isPasskey ? { isPasskeyWrong: true } : { isWrong: true })
    case 'unfit':
      return draw(asked, { fault: outcome.fault })
    case 'limited':
      return drawLimited(asked, outcome.retryAt)
    case 'notDue':
      return seeOther(asked.reply, asked.path)
    case 'noAccount':
      return asked.answerNobody()
  }
}

async function standingOf(turn: LocalTurn): Promise<Asked> {
  const { needs, request, reply, tenant, browser, userId, address, folded, flow } = turn
  const handle = ensureHandle(reply, browser)
  const now = needs.clock()
  const codes = codesOf(needs.keys, tenant, browser, flow, handle, now)
  const state = await readPasscodeFlow(needs, codes)
  // Looked up for nobody, too, or the time it takes would tell.
  const { exists, methods } = await readMeans(needs, tenant.id, userId ?? NOBODY)
  const visit: LocalVisit = {
    tenant,
    browser,
    browserHash: codes.browser,
    flow: codes.subject,
    userId,
    address,
    folded,
    origin: needs.origins.of(request),
    client: request.ip,
    network: clientNetwork(request.ip),
    loggedFor: turn.loggedFor,
  }
  return {
    ...turn,
    visit,
    codes,
    state,
    step: localStep(state && proofOf(state), { folded, exists: exists || turn.isTyped }, now),
    exists,
    methods,
    frame: organizationFrame(turn),
    csrf: csrfOf(turn),
  }
}

function codesOf(
  keys: LocalNeeds['keys'],
  tenant: Tenant,
  browser: Browser,
  flow: string,
  handle: string,
  now: Instant,
): PasscodeFlow {
  return {
    tenantId: tenant.id,
    browser: handleHash(keys, browser, 'browser', handle),
    subject: `account ${flow}`,
    now,
  }
}

function proofOf({ folded, live, usedAt }: PasscodeState) {
  return { folded, live, usedAt: usedAt === null ? null : instantOf(usedAt) }
}

async function sendCode(asked: Asked): Promise<FastifyReply> {
  const { needs, request, reply, tenant, codes, state, address, folded } = asked
  const outcome = await askPasscode(needs, codes, {
    address,
    folded,
    language: languageOf(request, asked.preferred ?? tenant.notificationLanguage),
    client: clientNetwork(request.ip),
  })
  if (outcome.outcome === 'sent') return seeOther(reply, asked.path)
  return tellLimit(reply, codePage(asked), outcome, { now: codes.now, codeIsLive: state?.live ?? false })
}

async function tryCode(asked: Asked, typed: string): Promise<FastifyReply> {
  const code = readCode(typed)
  if (code === undefined) return wrongCode(asked, { kind: 'malformed' }, typed)
  const tried = await checkPasscode(asked.needs, asked.codes, code)
  if (tried.outcome === 'ok') return seeOther(asked.reply, asked.path)
  const { needs, visit, userId, codes } = asked
  if (!tried.isSpent) {
    await noteFailure(needs, visit, userId, { method: 'emailOneTimePasscode', outcome: tried.outcome, now: codes.now })
  }
  return wrongCode(asked, codeErrorOf(tried.outcome, tried.triesLeft), typed)
}

function wrongCode(asked: Asked, error: CodeError, typed: string): FastifyReply {
  return askForCode(asked.reply, codePage(asked), 422, error, typed)
}

function codePage({ frame, csrf, address }: Asked) {
  return { frame, csrf, address }
}

type Trouble = { fault?: PasswordFault | { kind: 'differs' }; isWrong?: boolean; isPasskeyWrong?: boolean }

async function draw(asked: Asked, trouble: Trouble = {}): Promise<FastifyReply> {
  const { needs, reply, frame, step, exists, methods, isTyped, address } = asked
  const isWrong = trouble.fault !== undefined || trouble.isWrong === true || trouble.isPasskeyWrong === true
  const status = isWrong ? 422 : 200
  const props = propsOf(asked)
  const send = (page: VNode) => sendPage(reply, page, { status, nonce: frame.nonce, runsOwnScript: true, ...LEADS_ON })
  switch (step) {
    case 'code':
      return askForCode(reply, codePage(asked), 200)
    case 'intro':
      return send(<LocalIntroPage {...props} />)
    case 'choose':
      if (asked.userId === undefined) return asked.answerNobody()
      return send(
        <LocalChoosePage
          {...props}
          address={address}
          isAnew={exists}
          fault={trouble.fault}
          isChecked={needs.config.breachedPasswordsUrl !== undefined}
          passkey={maySetPasskeyUp(methods) ? await passkeyOf(asked, offerPasskeyHere, trouble) : undefined}
        />,
      )
    case 'signIn':
      return send(
        <LocalSignInPage
          {...props}
          username={isTyped ? address : undefined}
          isWrong={trouble.isWrong === true}
          passkey={await passkeyOf(asked, askForPasskeyHere, trouble)}
          mayChange={isTyped}
        />,
      )
  }
}

async function passkeyOf(
  { needs, visit }: Asked,
  ask: (needs: LocalNeeds, visit: LocalVisit) => Promise<string>,
  { isPasskeyWrong = false }: Trouble,
): Promise<Passkey | undefined> {
  if (!canUsePasskeys(visit.origin)) return undefined
  return { options: await ask(needs, visit), scriptPath: passkeyScript().path, isWrong: isPasskeyWrong }
}

function drawLimited(asked: Asked, retryAt: Instant): FastifyReply {
  const { needs, reply, frame } = asked
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAt.getTime() - needs.clock().getTime()) / 1_000))
  const page = <LocalLimitedPage {...propsOf(asked)} retryAt={retryAt} isSoon={retryAfterSeconds < 12 * 3_600} />
  return sendPage(reply, page, { status: 429, nonce: frame.nonce, retryAfterSeconds })
}

/** An address from a link is masked until its mailbox is proved; one that was typed here is shown as it was. */
function propsOf({ frame, csrf, address, isTyped }: Asked): LocalProps {
  return {
    frame,
    csrf,
    address: isTyped ? address : maskEmailAddress(address),
    carried: isTyped ? { account: address } : {},
  }
}
