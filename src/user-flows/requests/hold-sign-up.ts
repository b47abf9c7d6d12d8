import { recordAudit } from '../../audit/index.js'
import type { Instant } from '../../kernel/instant.js'
import type { TenantScope } from '../../platform/database.js'
import type { Tenant } from '../../tenants/index.js'
import type { SignUpIdentity, UserFlow, Visitor } from '../words.js'
import { whomToAsk } from './approvers.js'
import type { RequestNeeds } from './needs.js'
import { answersOf, isInTheWay, type State, stateAt, waitsUntil } from './rules.js'
import { insertRequest, lockInTheWay, queueMails, settle, tieBrowser } from './store.js'
import type { RequestRow } from './tables.js'

/** A visitor's request, as far as the run of a flow asks. */
export type Held = { requestId: string; state: State }

type Holding = {
  tenant: Tenant
  flow: UserFlow
  visitor: Visitor
  /** Of the browser that has just proved the identity: it may look at the request without a code. */
  browserHash: Buffer
}

/**
 * Holds a sign-up until an approver decides, and has the approvers mailed, in the transaction of the run. The same person
 * in the same flow has one request: whoever asks again, in another tab or another week, finds the one that waits or was
 * denied. The caller raises `SIGN_UP_MAIL` once the transaction has ended.
 */
export async function holdSignUp(
  needs: Pick<RequestNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  { tenant, flow, visitor, browserHash }: Holding,
): Promise<Held> {
  const now = needs.clock()
  const person = { flowId: flow.id, identity: visitor.identity }
  const id = needs.newId()
  // Twice: what was made at the same moment is seen by the second look.
  for (let turn = 1; turn <= 2; turn++) {
    const known = await inTheWay(needs, scope, person, now)
    if (known) {
      await tieBrowser(scope, known.id, browserHash)
      return { requestId: known.id, state: known.state }
    }
    const isMade = await insertRequest(scope, {
      ...requestOf(flow, visitor),
      tenantId: tenant.id,
      id,
      browserHash,
      createdDateTime: now,
      expiresDateTime: waitsUntil(now, flow.requestLifetimeDays, tenant.settings.signUpRequestLifetimeDays),
    })
    if (isMade) break
    if (turn === 2) throw new Error('a request is in the way and cannot be found')
  }
  const approvers = await whomToAsk(scope, flow.id, now)
  await queueMails(
    scope,
    approvers.map((approverId) => ({ id: needs.newId(), requestId: id, approverId })),
    now,
  )
  await recordAudit(scope, {
    id: needs.newId(),
    activityDateTime: now,
    activityDisplayName: 'Create sign-up request',
    category: 'UserManagement',
    loggedByService: 'Self-service Sign-up',
    initiatedBy: { kind: 'user', displayName: visitor.email },
    additionalDetails: {
      requestId: id,
      userFlowId: flow.id,
      approversMailed: approvers.length,
      ...(visitor.termsOfUse !== undefined && { termsOfUse: visitor.termsOfUse }),
    },
  })
  return { requestId: id, state: 'pending' }
}

/**
 * The request that keeps somebody from signing up once more, for the run to ask as soon as an identity is proved;
 * undefined: there is none, and they may go on. Their browser may look at it from then on.
 */
export async function requestInTheWay(
  needs: Pick<RequestNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  { flowId, identity, browserHash }: { flowId: string; identity: SignUpIdentity; browserHash: Buffer },
): Promise<Held | undefined> {
  const known = await inTheWay(needs, scope, { flowId, identity }, needs.clock())
  if (!known) return undefined
  await tieBrowser(scope, known.id, browserHash)
  return { requestId: known.id, state: known.state }
}

async function inTheWay(
  needs: Pick<RequestNeeds, 'newId'>,
  scope: TenantScope,
  person: { flowId: string; identity: SignUpIdentity },
  now: Instant,
): Promise<RequestRow | undefined> {
  const known = await lockInTheWay(scope, person)
  if (!known || isInTheWay(stateAt(known, now))) return known
  // Its time is over and no sweep has come by yet.
  await settle(scope, known.id, needs.newId(), { state: 'lapsed', now })
  return undefined
}

function requestOf(flow: UserFlow, visitor: Visitor) {
  const { displayName } = visitor.claims
  return {
    flowId: flow.id,
    state: 'pending' as const,
    email: visitor.email,
    emailFolded: visitor.email.toLowerCase(),
    displayName: typeof displayName === 'string' ? displayName : null,
    issuer: visitor.identity.issuer,
    issuerAssignedId: visitor.identity.issuerAssignedId,
    answers: answersOf(flow.attributes, visitor.claims),
    visitor,
  }
}
