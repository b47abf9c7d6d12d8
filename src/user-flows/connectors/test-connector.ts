import type { Caller } from '../../graph/caller.js'
import { keepExchange, note } from './ask-connector.js'
import { mustAdminister } from './change-connectors.js'
import { converse } from './converse.js'
import { refusals } from './errors.js'
import type { ConnectorNeeds } from './needs.js'
import type { ConnectorTest } from './schema.js'
import { withoutQueryValues } from './shown-exchange.js'
import { storable } from './wire.js'

/** Proofs of who calls: that they were sent is shown, and not what they are. */
const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'webhook-signature'])

/**
 * Asks a connector as a flow would, for those who build one: what was sent, what came, how long it took, and how it is
 * read. Also while the circuit is open, which an answer closes. Nothing of it touches a flow or a visitor.
 * @throws Refusal: not there, no role.
 */
export async function testConnector(needs: ConnectorNeeds, caller: Caller, id: string, wish: ConnectorTest) {
  mustAdminister(caller)
  const { connectorCalls: calls } = needs
  const { tenantId } = caller
  // What was changed a moment ago is what is tried, whether this process has been told or not.
  calls.forget(tenantId)
  const connector = await calls.find(tenantId, id)
  if (!connector) throw refusals.notFound(id)
  const question = {
    tenantId,
    connectorId: id,
    step: wish.step ?? 'PostAttributeCollection',
    claims: wish.claims,
    clientId: wish.clientId,
    locale: wish.uiLocales ?? 'en-US',
    idempotencyKey: needs.newId(),
  }
  const place = await calls.enter(tenantId, id)
  if (typeof place === 'string') throw refusals.busy()
  try {
    const conversation = await converse(calls, connector, question, needs.clock)
    await note(needs, connector, conversation)
    await keepExchange(needs, question, conversation, true)
    const { startedAt, durationMs, tries, body, headers, answer, reading } = conversation
    return {
      startedDateTime: startedAt.toISOString(),
      durationInMilliseconds: durationMs,
      tries,
      request: {
        method: 'POST',
        url: withoutQueryValues(connector.targetUrl),
        headers: Object.entries(headers).map(([name, value]) => ({
          name,
          value: SECRET_HEADERS.has(name) ? '***' : value,
        })),
        body: JSON.stringify(body),
      },
      response: answer
        ? { status: answer.status, contentType: answer.contentType ?? null, body: storable(answer.body) }
        : null,
      reading: {
        action: reading.action,
        userMessage: 'userMessage' in reading ? reading.userMessage : null,
        reason: reading.action === 'Failed' ? reading.reason : null,
        claims: reading.action === 'Continue' ? reading.claims : null,
        ignored: reading.action === 'Continue' ? reading.ignored : [],
        visitorPasses: reading.action === 'Continue' || (reading.action === 'Failed' && connector.isFailOpen),
      },
    }
  } finally {
    place.leave()
  }
}
