import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { listIdentityProviders } from '../../sign-in/index.js'
import { refusals } from '../errors.js'
import { type ChangeNeeds, changeFlow } from './change-flow.js'
import { idInReference } from './references.js'
import { deleteFlowProvider, insertFlowProviders, readFlowProviders } from './store.js'

/** Entra: Microsoft Entra ID is offered by every flow. */
export const ALWAYS_ON = 'AADSignup-OAUTH'
/** What a page can show. */
const MOST = 20

/** The id in a reference to an identity provider. @throws Refusal */
export function providerIn(reference: string): string {
  return idInReference(reference, ['identityProviders', 'userFlowIdentityProviders'])
}

/** Identity providers of the organization as they spell their ids. Graph's samples differ in case. @throws Refusal */
export async function knownProviders(scope: TenantScope, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const all = (await listIdentityProviders(scope)).map(({ id }) => String(id))
  return ids.map((given) => {
    const known = all.find((id) => id.toLowerCase() === given.toLowerCase())
    if (known === undefined) throw refusals.notFound(given)
    return known
  })
}

/** Has a flow offer an identity provider behind the others (Graph: b2xidentityuserflow-post-userflowidentityproviders). */
export function addProvider(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  reference: string,
  idempotent?: IdempotentRequest,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    idempotent,
    async write(scope, flow) {
      const [id = ''] = await knownProviders(scope, [providerIn(reference)])
      const offered = await readFlowProviders(scope, [flow.id])
      if (offered.some(({ providerId }) => providerId === id)) throw refusals.referenceExists(id)
      if (offered.length >= MOST) throw refusals.tooManyProviders(MOST)
      await insertFlowProviders(scope, flow.id, [id], (offered.at(-1)?.position ?? 0) + 1)
      return { details: { identityProvider: id } }
    },
  })
}

/** Has a flow no longer offer it. @throws Refusal: it did not, or it is Entra ID. */
export function removeProvider(needs: ChangeNeeds, caller: Caller, name: string, id: string): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      const offered = await readFlowProviders(scope, [flow.id])
      const known = offered.find(({ providerId }) => providerId.toLowerCase() === id.toLowerCase())?.providerId
      if (known === undefined) throw refusals.notFound(id)
      if (known === ALWAYS_ON) throw refusals.providerAlwaysOn()
      await deleteFlowProvider(scope, flow.id, known)
      return { details: { removedIdentityProvider: known } }
    },
  })
}
