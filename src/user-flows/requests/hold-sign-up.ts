import type { Instant } from '../../kernel/instant.js'
import type { Tenant } from '../../tenants/index.js'
import type { UserFlow, Visitor } from '../words.js'
import { type Answer, answersOf, waitsUntil } from './rules.js'

/** A visitor who has done all that a flow asks, and whom it holds. */
export type Holding = {
  tenant: Tenant
  flow: UserFlow
  visitor: Visitor
  /** Address of the terms that they agreed to, for the audit. */
  termsOfUse: string | undefined
}

/**
 * A request as the statement takes it that ends a run and holds its visitor (`sign_up_request_hold`). The same person in
 * the same flow has one: whoever asks again, in another tab or another week, finds the one that waits or was denied.
 */
export type HeldRequest = {
  id: string
  flowId: string
  emailFolded: string
  displayName: string | null
  /** What was asked and answered, in the flow's words of this moment. */
  answers: Answer[]
  visitor: Visitor
  expiresDateTime: string
  termsOfUse?: string
  /** Of the outbox row that has the approvers asked, the audit event, and the mail about an earlier request that lapsed. */
  workId: string
  auditId: string
  lapseMailId: string
}

/** The request of a visitor who is held at `now`. */
export function heldRequest(
  { newId }: { newId: () => string },
  { tenant, flow, visitor, termsOfUse }: Holding,
  now: Instant,
): HeldRequest {
  const { displayName } = visitor.claims
  const expires = waitsUntil(now, flow.requestLifetimeDays, tenant.settings.signUpRequestLifetimeDays)
  return {
    id: newId(),
    flowId: flow.id,
    emailFolded: visitor.email.toLowerCase(),
    displayName: typeof displayName === 'string' ? displayName : null,
    answers: answersOf(flow.attributes, visitor.claims),
    visitor,
    expiresDateTime: expires.toISOString(),
    ...(termsOfUse !== undefined && { termsOfUse }),
    workId: newId(),
    auditId: newId(),
    lapseMailId: newId(),
  }
}
