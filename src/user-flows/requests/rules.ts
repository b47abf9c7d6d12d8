import { DAY_MS, type Instant, later } from '../../kernel/instant.js'
import type { Claims, FlowAttribute } from '../words.js'

export type State = 'pending' | 'approved' | 'denied' | 'lapsed'

/** What is true of a request at `now`: it has lapsed at its moment, whatever the sweep has written down. */
export function stateAt({ state, expiresDateTime }: { state: State; expiresDateTime: Instant }, now: Instant): State {
  return state === 'pending' && expiresDateTime <= now ? 'lapsed' : state
}

/**
 * Whether an earlier request of the same person in the same flow keeps them from asking again: one that waits, and one
 * that was denied, until an administrator deletes it.
 */
export function isInTheWay(state: State): boolean {
  return state === 'pending' || state === 'denied'
}

/** Until when a request that is made at `now` waits. A flow's own days go before the organization's. */
export function waitsUntil(now: Instant, flowDays: number | undefined, organizationDays: number): Instant {
  return later(now, (flowDays ?? organizationDays) * DAY_MS)
}

/** Directory roles, by Graph's template ids, whose holders decide and see without being approvers. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
/** Entra: External ID User Flow Administrator. */
const USER_FLOW_ADMINISTRATOR = '6e591065-9bad-43ed-90f3-e9424366d2f0'
/** Those two: who decides about a flow that names no approvers, so that nobody waits for nobody. */
export const DECIDING_ROLES = [GLOBAL_ADMINISTRATOR, USER_FLOW_ADMINISTRATOR]
const GLOBAL_READER = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'

/** Who asks over the API, as far as these rules look at it. */
export type Asker = { kind: 'application' | 'user'; directoryRoles: ReadonlySet<string> }

/** Applications by their permission, which the route asks for; people by their role, or as approvers of the flow. */
export function mayDecide(asker: Asker, isApprover: boolean): boolean {
  return isApprover || mayDelete(asker)
}

/** The same for looking. */
export function mayRead(asker: Asker, isApprover: boolean): boolean {
  return mayDecide(asker, isApprover) || asker.directoryRoles.has(GLOBAL_READER)
}

/** Deleting lets somebody who was denied ask again, so it is not the approvers' but the administrators'. */
export function mayDelete({ kind, directoryRoles }: Asker): boolean {
  if (kind === 'application') return true
  return DECIDING_ROLES.some((role) => directoryRoles.has(role))
}

/** A question of the flow and what was answered, both for people. */
export type Answer = { name: string; label: string; value: string }

/** What approvers read of a visitor's answers, in the order of the page; what has no answer is left out. */
export function answersOf(attributes: readonly FlowAttribute[], claims: Claims): Answer[] {
  return attributes.flatMap(({ claim, label, values }) => {
    const given = claims[claim]
    if (given === undefined) return []
    const words = (Array.isArray(given) ? given : [given]).map(String)
    const shown = words.map((word) => values.find(({ value }) => value === word)?.name ?? word)
    return [{ name: claim, label, value: shown.join(', ') }]
  })
}

/** Characters of a reason. */
export const MOST_REASON = 500

/** A reason as it is kept: undefined when nothing was said. Line breaks stay, since the mail quotes it. */
export function readReason(text: string | null | undefined): string | undefined {
  const reason = (text ?? '').replace(/\r\n?/g, '\n').trim()
  return reason === '' ? undefined : reason
}

/** People of the groups who are mailed, beside those named themselves. Everybody in the groups may decide. */
export const MOST_MAILED = 50
/** Mails about requests that one approver gets in 24 hours; the page lists what waits in any case. */
export const MAILS_PER_APPROVER_AND_DAY = 20
/** How long an approved or lapsed request is kept. A denied one stays until an administrator deletes it. */
export const KEPT_DAYS = 90
