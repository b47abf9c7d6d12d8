import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EmailAddress } from '../kernel/email-address.js'
import { clientNetwork } from '../platform/client-network.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import { languageOf } from '../platform/pages/frame.js'
import type { CodeError } from '../platform/pages/passcode-pages.js'
import { seeOther } from '../platform/pages/send-page.js'
import { organizationFrame, type Tenant } from '../tenants/index.js'
import { type Browser, csrfOf, ensureHandle, handleHash } from './browser.js'
import type { LogContext } from './log/log-context.js'
import { askForCode, codeErrorOf, tellLimit } from './pages/ask-for-code.js'
import { readCode } from './passcode.js'
import { askPasscode, checkPasscode, type PasscodeFlow, readPasscodeFlow } from './prove-address.js'
import type { PasscodeState, PasscodeWriter } from './store.js'

/** One request to a page that a code to a mailbox opens, for this browser and for a while. */
export type ProofTurn = {
  needs: {
    database: Database
    keys: Keys
    clock: () => Date
    newId: () => string
    signal: WorkSignal
    passcodes: PasscodeWriter
  }
  request: FastifyRequest
  reply: FastifyReply
  browser: Browser
  tenant: Tenant
  /** What the code opens: one that was asked for elsewhere opens nothing here, and none of here anything else. */
  subject: string
  /** The language of whoever is meant; unset: the organization's. */
  preferred?: string | null | undefined
}

/** How long after the code the page stays open. */
const OPEN_MS = 15 * 60_000

/** How far this browser has come with its code; null when it asked for none. */
export async function readProof(turn: ProofTurn): Promise<PasscodeState | null> {
  const { handle } = turn.browser
  return handle ? readPasscodeFlow(turn.needs, flowOf(turn, handle)) : null
}

/** Whether this browser has proved the mailbox a moment ago. */
export function isProved({ needs }: ProofTurn, proof: PasscodeState | null): proof is PasscodeState {
  return proof?.usedAt != null && needs.clock().getTime() - new Date(proof.usedAt).getTime() < OPEN_MS
}

/** Asks for the code that went to `address`. */
export function askCode(turn: ProofTurn, address: string): FastifyReply {
  return askForCode(turn.reply, asked(turn, address), 200)
}

/** Has a code mailed and draws the page again, or says when the next one can be asked for (429). */
export async function sendCode(turn: ProofTurn, { text, folded }: Pick<EmailAddress, 'text' | 'folded'>) {
  const { needs, request, reply, browser, tenant, preferred } = turn
  const flow = flowOf(turn, ensureHandle(reply, browser))
  const outcome = await askPasscode(needs, flow, {
    address: text,
    folded,
    language: languageOf(request, preferred ?? tenant.notificationLanguage),
    client: clientNetwork(request.ip),
  })
  if (outcome.outcome === 'sent') return again(turn)
  const codeIsLive = (await readProof(turn))?.live ?? false
  return tellLimit(reply, asked(turn, text), outcome, { now: flow.now, codeIsLive })
}

/**
 * Tries the code that was typed: goes on with `proved` when it proves `address`, else says why not. `log`: where it signs
 * somebody in, for the sign-in log.
 */
export async function tryCode(
  turn: ProofTurn,
  address: string,
  typed: string,
  // Not left to the caller: a reply is a thenable, and one that is awaited comes back as undefined.
  proved: () => FastifyReply | Promise<FastifyReply> = () => again(turn),
  log?: LogContext,
): Promise<FastifyReply> {
  const wrong = (error: CodeError) => askForCode(turn.reply, asked(turn, address), 422, error, typed)
  const code = readCode(typed)
  if (code === undefined) return wrong({ kind: 'malformed' })
  const tried = await checkPasscode(turn.needs, flowOf(turn, turn.browser.handle ?? ''), code, log)
  return tried.outcome === 'ok' ? proved() : wrong(codeErrorOf(tried.outcome, tried.triesLeft))
}

/** The same page again, now with GET. */
export function again({ request, reply }: Pick<ProofTurn, 'request' | 'reply'>): FastifyReply {
  return seeOther(reply, request.url)
}

function flowOf({ needs, browser, tenant, subject }: ProofTurn, handle: string): PasscodeFlow {
  return {
    tenantId: tenant.id,
    browser: handleHash(needs.keys, browser, 'browser', handle),
    subject,
    now: needs.clock(),
  }
}

function asked(turn: ProofTurn, address: string) {
  return { frame: organizationFrame(turn), csrf: csrfOf(turn), address }
}
