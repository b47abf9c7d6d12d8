import type { Caller } from '../../graph/caller.js'
import type { Precondition } from '../../graph/preferences.js'
import { type TenantScope, violates } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from '../errors.js'
import { isLanguageOn } from '../languages/store.js'
import type { FlowNeeds } from '../needs.js'
import { recordFlowAudit } from '../record-change.js'
import { endSignUps, SIGN_UP_MAIL } from '../requests/index.js'
import { connectorIn } from './change-connectors.js'
import { type ChangeNeeds, changeFlow, mustBeEntitled } from './change-flow.js'
import { ALWAYS_ON, knownProviders, providerIn } from './change-providers.js'
import { columnsOf } from './flow-properties.js'
import { flowIdOf } from './rules.js'
import type { FlowChanges, NewFlow } from './schema.js'
import { deleteFlow, insertFlow, insertFlowProviders } from './store.js'

/**
 * Creates a flow (Graph: identitycontainer-post-b2xuserflows), with Entra ID and the providers that are named. Answers
 * with what lists sort it by. @throws Refusal
 */
export async function createFlow(
  needs: ChangeNeeds,
  caller: Caller,
  wish: NewFlow,
  idempotent?: IdempotentRequest,
): Promise<string> {
  mustBeEntitled(caller)
  const { userFlowType = 'signUpOrSignIn', userFlowTypeVersion = 1 } = wish
  const name = flowIdOf(wish.id)
  if (name === undefined) throw refusals.flowName()
  if (userFlowType.toLowerCase() !== 'signuporsignin') throw refusals.flowKind('userFlowType', 'signUpOrSignIn')
  if (userFlowTypeVersion !== 1) throw refusals.flowKind('userFlowTypeVersion', '1')
  const columns = columnsOf(wish)
  const id = needs.newId()
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await madeBefore(scope, idempotent, id, needs.clock())
    if (before !== undefined) return before
    const connectors = await connectorsOf(scope, wish)
    const providers = await providersOf(scope, wish)
    await insertFlow(scope, {
      id,
      name,
      nameFolded: name.toLowerCase(),
      isEnabled: true,
      requiresApproval: false,
      requestLifetimeDays: null,
      termsOfUseUrl: null,
      defaultLanguage: 'en',
      createdDateTime: needs.clock(),
      ...connectors,
      ...columns,
    }).catch((error: unknown) => {
      throw violates(error, 'user_flows_name') ? refusals.flowExists(name) : error
    })
    await insertFlowProviders(scope, id, providers, 0)
    await recordFlowAudit(needs, scope, caller, 'Create user flow', { id: name, providers, ...columns }, id)
    return id
  })
}

/** Changes what is named and leaves the rest; in force for every step that a visitor takes from then on. @throws Refusal */
export function changeFlowProperties(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  changes: FlowChanges,
  mustBe: Precondition,
): Promise<void> {
  const columns = columnsOf(changes)
  return changeFlow(needs, caller, name, {
    mustBe,
    async write(scope, flow) {
      const { defaultLanguage } = columns
      if (defaultLanguage !== undefined && !(await isLanguageOn(scope, flow.id, defaultLanguage))) {
        throw refusals.languageOff('defaultLanguage')
      }
      return { details: { changes: columns }, columns }
    },
  })
}

/**
 * Deletes a flow with its questions, words and ties (Graph: b2xidentityuserflow-delete). Nobody goes on in it, and requests
 * that wait have lapsed; a new flow of the same id has nothing of them. @throws Refusal
 */
export async function removeFlow(
  needs: ChangeNeeds & Pick<FlowNeeds, 'signal'>,
  caller: Caller,
  name: string,
  mustBe: Precondition,
): Promise<void> {
  await changeFlow(needs, caller, name, {
    activityDisplayName: 'Delete user flow',
    mustBe,
    async write(scope, flow) {
      const requestsEnded = await endSignUps(scope, flow.name, needs.clock())
      await deleteFlow(scope, flow.id)
      return { details: { requestsEnded } }
    },
  })
  needs.signal.raise(SIGN_UP_MAIL)
}

async function providersOf(scope: TenantScope, wish: NewFlow): Promise<string[]> {
  const named = (wish.identityProviders ?? []).map(({ id }) => id)
  const bound = (wish['userFlowIdentityProviders@odata.bind'] ?? []).map(providerIn)
  const known = await knownProviders(scope, [...named, ...bound])
  return [...new Set([ALWAYS_ON, ...known])]
}

async function connectorsOf(scope: TenantScope, { apiConnectorConfiguration: slots }: NewFlow) {
  const idIn = async (slot: { '@odata.id': string } | null | undefined) =>
    slot ? connectorIn(scope, slot['@odata.id']) : null
  return {
    postFederationSignup: await idIn(slots?.postFederationSignup),
    postAttributeCollection: await idIn(slots?.postAttributeCollection),
  }
}
