import type { Caller } from '../../graph/caller.js'
import { isGuid } from '../../kernel/ids.js'
import type { TenantScope } from '../../platform/database.js'
import { holdConnector } from '../connectors/index.js'
import { refusals } from '../errors.js'
import { type ChangeNeeds, changeFlow } from './change-flow.js'
import { idInReference } from './references.js'

/** Graph: userFlowApiConnectorConfiguration; the slots in which a flow asks a connector. */
export const SLOTS = ['postFederationSignup', 'postAttributeCollection'] as const
export type Slot = (typeof SLOTS)[number]

/** The connector that a reference names, kept from being deleted until the transaction ends. @throws Refusal */
export async function connectorIn(scope: TenantScope, reference: string): Promise<string> {
  const id = idInReference(reference, ['apiConnectors'])
  if (!isGuid(id) || !(await holdConnector(scope, id.toLowerCase()))) throw refusals.notFound(id)
  return id.toLowerCase()
}

/** Has a flow ask a connector in a slot, in place of whichever it asked there before. @throws Refusal */
export function setConnector(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  slot: Slot,
  reference: string,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope) {
      const id = await connectorIn(scope, reference)
      return { details: { [slot]: id }, columns: { [slot]: id } }
    },
  })
}

/** Has a flow ask nobody in a slot. @throws Refusal when it asks nobody there. */
export function clearConnector(needs: ChangeNeeds, caller: Caller, name: string, slot: Slot): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(_scope, flow) {
      if (flow[slot] === null) throw refusals.notFound(slot)
      return { details: { [slot]: null, before: flow[slot] }, columns: { [slot]: null } }
    },
  })
}
