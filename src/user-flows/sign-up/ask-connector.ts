import { createHash } from 'node:crypto'
import { format } from '../../kernel/ids.js'
import type { Language } from '../../platform/i18n/index.js'
import type { ConnectorAnswer, ConnectorStep } from '../words.js'
import { claimsOfFlow } from './attribute-values.js'
import { claimsFor, type Run } from './rules.js'
import type { Changes } from './store.js'
import { goingOnOf, languageIn, type Visit } from './visit.js'

/** What connectors are told as `ui_locales`. */
const LOCALES: Record<Language, string> = {
  en: 'en-US',
  de: 'de-DE',
  fr: 'fr-FR',
  es: 'es-ES',
  ja: 'ja-JP',
  ar: 'ar-SA',
}

/** What asking came to: what is to be kept of the run, or that it has to be asked again. */
export type Asked = { outcome: 'answered'; changes: Changes } | { outcome: 'failed'; answer: Failed }
type Failed = Extract<ConnectorAnswer, { action: 'Failed' }>

/** The first connector, after somebody has proved who they are: what it knows of them stands in the form. */
export function askAfterProof(visit: Visit, run: Run): Promise<Asked> {
  return ask(visit, run, 'PostFederationSignup', ({ claims }) => ({ prefill: claimsOfFlow(visit.flow, claims) }))
}

/** The second, before the guest is made: what it says takes the place of what was answered. */
export function askAfterAnswers(visit: Visit, run: Run): Promise<Asked> {
  return ask(visit, run, 'PostAttributeCollection', ({ claims }) => ({ overrides: claimsOfFlow(visit.flow, claims) }))
}

/**
 * Asks, with no connection of the database held. Nothing is kept here: whoever calls writes it unless the run has moved on,
 * and after a crash in between the same question is asked again under the same key.
 */
async function ask(
  visit: Visit,
  run: Run,
  step: ConnectorStep,
  continued: (answer: Extract<ConnectorAnswer, { action: 'Continue' }>) => Changes,
): Promise<Asked> {
  const { needs, request, tenant, flow } = visit
  const connectorId = flow.connectors[step]
  if (connectorId === undefined || !run.proof) throw new Error(`nobody is to be asked ${step}`)
  const { clientId } = goingOnOf(request, flow)
  const answer = await needs.neighbours.ask({
    tenantId: tenant.id,
    connectorId,
    step,
    claims: claimsFor(run.proof, step === 'PostAttributeCollection' ? run.answers : null),
    ...(clientId !== undefined && { clientId }),
    locale: LOCALES[languageIn(visit)],
    idempotencyKey: keyOf(run, step),
  })
  const changes = changesOf(answer, step, continued)
  return 'failed' in changes ? { outcome: 'failed', answer: changes.failed } : { outcome: 'answered', changes }
}

function changesOf(
  answer: ConnectorAnswer,
  step: ConnectorStep,
  continued: (answer: Extract<ConnectorAnswer, { action: 'Continue' }>) => Changes,
): Changes | { failed: Failed } {
  switch (answer.action) {
    case 'Continue':
      return continued(answer)
    case 'ShowBlockPage':
      return { ending: { kind: 'blocked', userMessage: answer.userMessage } }
    case 'ValidationError':
      if (step === 'PostAttributeCollection') return { notice: answer.userMessage }
      // Spec 11: there is nothing to validate yet, so this is no answer.
      return { failed: { action: 'Failed', reason: 'ValidationError is no answer to this step', isCircuitOpen: false } }
    case 'Failed':
      return { failed: answer }
  }
}

/** One for each state that a run asks in: whoever resubmits after a correction asks something new. */
function keyOf({ id, revision }: Run, step: ConnectorStep): string {
  return format(createHash('sha256').update(`${id} ${revision} ${step}`).digest().subarray(0, 16))
}
