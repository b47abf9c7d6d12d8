import type { Caller } from '../../graph/caller.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import {
  type CertificateUpload,
  type ConnectorChanges,
  type ConnectorNeeds,
  changeConnector,
  deleteConnectorIn,
  mustAdminister,
  uploadCertificate,
} from '../connectors/index.js'
import { refusals } from '../errors.js'
import type { Slot } from './change-connectors.js'
import { changeFlow } from './change-flow.js'
import { findFlow, updateFlow } from './store.js'

type Needs = Pick<ConnectorNeeds, 'database' | 'keys' | 'clock' | 'newId' | 'egress' | 'flowsAsking'>

/** Changes the connector that a flow asks in a slot, for every flow that asks it. @throws Refusal */
export async function changeInSlot(
  needs: Needs,
  caller: Caller,
  name: string,
  slot: Slot,
  changes: ConnectorChanges,
): Promise<void> {
  await changeConnector(needs, caller, await connectorInSlot(needs, caller, name, slot), changes)
}

/** Adds a certificate to the connector that a flow asks in a slot. @throws Refusal */
export async function uploadInSlot(
  needs: Needs,
  caller: Caller,
  name: string,
  slot: Slot,
  upload: CertificateUpload,
  idempotent: IdempotentRequest | undefined,
): Promise<void> {
  await uploadCertificate(needs, caller, await connectorInSlot(needs, caller, name, slot), upload, idempotent)
}

/**
 * Deletes the connector that a flow asks in a slot, and has the flow ask nobody there; its `$ref` is deleted to do only the
 * latter (OData 4.01 section 11.4.5). @throws Refusal also while another slot or flow asks it.
 */
export function deleteInSlot(needs: Needs, caller: Caller, name: string, slot: Slot): Promise<void> {
  mustAdminister(caller)
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      const id = flow[slot]
      if (id === null) throw refusals.notFound(slot)
      await updateFlow(scope, flow.id, { [slot]: null })
      await deleteConnectorIn(needs, scope, caller, id)
      return { details: { [slot]: null, before: id } }
    },
  })
}

/** @throws Refusal: no such flow, nobody is asked there, or a caller without the role. */
async function connectorInSlot(needs: Needs, caller: Caller, name: string, slot: Slot): Promise<string> {
  mustAdminister(caller)
  const flow = await needs.database.withTenant(caller.tenantId, (scope) => findFlow(scope, name))
  if (!flow) throw refusals.notFound(name)
  const id = flow[slot]
  if (id === null) throw refusals.notFound(slot)
  return id
}
