import { recordAudit } from '../../audit/index.js'
import { type Instant, later } from '../../kernel/instant.js'
import type { Database } from '../../platform/database.js'
import type { Logger } from '../../platform/log.js'
import type { Claims, ConnectorAnswer, ConnectorStep } from '../words.js'
import { type CallableConnector, claimProbe, recordAnswer, recordFailure } from './call-store.js'
import type { ConnectorCalls } from './calls.js'
import { type Conversation, converse } from './converse.js'
import { CIRCUIT, circuitState, retryAfter } from './rules.js'
import { bodyToRedact, redacted, type ShownExchange } from './shown-exchange.js'

type AskNeeds = {
  database: Database
  clock: () => Instant
  newId: () => string
  log: Logger
  connectorCalls: ConnectorCalls
}

export type ConnectorQuestion = {
  tenantId: string
  connectorId: string
  step: ConnectorStep
  /** What is known of the visitor; what is absent or empty is left out of the request. */
  claims: Claims
  /** Of the application that the visitor signs up for. */
  clientId?: string | undefined
  /** `en-US`: the language that the visitor reads. */
  locale: string
  /** The same for every repetition of this step of this visitor, whoever repeats it. */
  idempotencyKey: string
}

/**
 * Asks the connector of a flow (spec 11): at most two tries of 20 s each, after at most 15 s of waiting for a turn,
 * during which nothing is held. A connector that several visitors in a row could not reach is left alone for a while and
 * everybody is told at once. Never throws for what the connector does. Which returned claims count is the flow's
 * business (`claimsOfFlow`).
 */
export async function askConnector(needs: AskNeeds, question: ConnectorQuestion): Promise<ConnectorAnswer> {
  const { connectorCalls: calls } = needs
  const { tenantId, connectorId } = question
  const connector = await calls.find(tenantId, connectorId)
  if (!connector) return { action: 'Failed', reason: 'The API connector is not there any more.', isCircuitOpen: false }
  const gate = await atGate(needs, connector)
  if (typeof gate === 'object') return orPass(needs, question, connector, gate)
  const place = await calls.enter(tenantId, connectorId)
  if (typeof place === 'string') return orPass(needs, question, connector, crowded(place))
  try {
    // Others may have found meanwhile that nobody is there.
    const now = (await calls.find(tenantId, connectorId)) ?? connector
    const again = gate === 'probe' || now === connector ? gate : await atGate(needs, now)
    if (typeof again === 'object') return await orPass(needs, question, now, again)
    const conversation = await converse(calls, now, question, needs.clock)
    await note(needs, now, conversation)
    void keepExchange(needs, question, conversation, false)
    return await orPass(needs, question, now, answerOf(conversation))
  } finally {
    place.leave()
  }
}

type Failed = Extract<ConnectorAnswer, { action: 'Failed' }>

/** Whether this call may go, be it as the one that looks whether the connector is back; else why it may not. */
async function atGate(needs: AskNeeds, connector: CallableConnector): Promise<'open' | 'probe' | Failed> {
  const now = needs.clock()
  const state = circuitState(connector, now)
  if (state === 'closed') return 'open'
  const { sql } = needs.database
  if (state === 'halfOpen' && (await claimProbe(sql, connector, now, later(now, CIRCUIT.probe)))) return 'probe'
  return {
    action: 'Failed',
    reason: 'The connector did not answer several times in a row, so it is left alone for a while.',
    isCircuitOpen: true,
    retryAfter: retryAfter(connector, now),
  }
}

function crowded(why: 'full' | 'impatient'): Failed {
  const reason =
    why === 'full'
      ? 'Too many sign-ups of this organization wait for connectors.'
      : 'The connector is slow: too many sign-ups wait for its answers.'
  return { action: 'Failed', reason, isCircuitOpen: false, retryAfter: 30 }
}

/** A failure, or what the administrator wants instead of one: that somebody passed unchecked is on record. */
async function orPass(
  { database, clock, newId }: AskNeeds,
  { tenantId, connectorId, step, claims }: ConnectorQuestion,
  { isFailOpen }: CallableConnector,
  answer: ConnectorAnswer,
): Promise<ConnectorAnswer> {
  if (answer.action !== 'Failed' || !isFailOpen) return answer
  const { reason } = answer
  const { email } = claims
  await database.withTenant(tenantId, (scope) =>
    recordAudit(scope, {
      id: newId(),
      activityDateTime: clock(),
      activityDisplayName: 'Pass API connector that failed',
      category: 'UserManagement',
      loggedByService: 'Self-service Sign-up',
      initiatedBy: { kind: 'user', ...(typeof email === 'string' && { displayName: email }) },
      targetId: connectorId,
      additionalDetails: { step, reason },
    }),
  )
  return { action: 'Continue', claims: {}, failedOpen: reason }
}

function answerOf({ reading }: Conversation): ConnectorAnswer {
  switch (reading.action) {
    case 'Failed':
      return { action: 'Failed', reason: reading.reason, isCircuitOpen: false }
    case 'Continue':
      return { action: 'Continue', claims: reading.claims }
    default:
      return reading
  }
}

/** Writes down how the call went, where that changes anything: the usual success costs no round trip. */
export async function note(
  needs: Pick<AskNeeds, 'database' | 'clock' | 'connectorCalls'>,
  connector: CallableConnector,
  { reading }: Conversation,
): Promise<void> {
  const { sql } = needs.database
  if (reading.action === 'Failed') {
    await recordFailure(sql, connector, { now: needs.clock(), reason: reading.reason, isDown: reading.isDown })
  } else if (connector.failures > 0 || connector.openUntil !== null) {
    await recordAnswer(sql, connector)
  } else {
    return
  }
  needs.connectorCalls.forget(connector.tenantId)
}

/** Keeps the exchange for those who look after the connector, values left out. Nobody waits for it. */
export async function keepExchange(
  { newId, log, connectorCalls }: Pick<AskNeeds, 'newId' | 'log' | 'connectorCalls'>,
  { tenantId, connectorId, step, idempotencyKey }: ConnectorQuestion,
  conversation: Conversation,
  isTest: boolean,
): Promise<void> {
  const { startedAt, durationMs, tries, body, answer, reading } = conversation
  const exchange: ShownExchange = {
    startedDateTime: startedAt.toISOString(),
    durationInMilliseconds: durationMs,
    isTest,
    step,
    idempotencyKey,
    tries,
    action: reading.action,
    reason: reading.action === 'Failed' ? reading.reason : null,
    request: redacted(body),
    response: answer
      ? {
          status: answer.status,
          contentType: answer.contentType?.slice(0, 100) ?? null,
          size: Buffer.byteLength(answer.body),
          body: redacted(bodyToRedact(answer.body)),
        }
      : null,
  }
  await connectorCalls.keep({ tenantId, connectorId, id: newId(), exchange }).catch((err: unknown) => {
    log.warn({ err, connector: connectorId }, 'an exchange with a connector was not kept')
  })
}
