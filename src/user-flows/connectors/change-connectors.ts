import { recordAudit } from '../../audit/index.js'
import type { Caller } from '../../graph/caller.js'
import { isGuid } from '../../kernel/ids.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from './errors.js'
import type { ConnectorNeeds } from './needs.js'
import { type OpenedCertificate, openCertificate } from './open-certificate.js'
import {
  mayKeepSecret,
  readAddress,
  readAuthentication,
  secretName,
  type WishedAuthentication,
} from './read-authentication.js'
import { MOST_CERTIFICATES, mayAdministerConnectors } from './rules.js'
import type { CertificateUpload, ConnectorChanges, NewConnector } from './schema.js'
import { sealFor } from './secrets.js'
import { withoutQueryValues } from './shown-exchange.js'
import {
  type ConnectorUpdate,
  countCertificates,
  deleteCertificates,
  deleteConnector,
  insertCertificate,
  insertConnector,
  listCertificates,
  lockConnector,
  tellConnectorsChanged,
  updateConnector,
} from './store.js'
import type { Connector } from './tables.js'

type ChangeNeeds = Pick<ConnectorNeeds, 'database' | 'keys' | 'clock' | 'newId' | 'egress'>

/** @throws Refusal to people without the role. */
export function mustAdminister(caller: Caller): void {
  if (!mayAdministerConnectors(caller)) throw refusals.roleMissing()
}

/** An id as it is looked up. @throws Refusal: such a connector cannot be. */
export function connectorId(text: string): string {
  if (!isGuid(text)) throw refusals.notFound(text)
  return text.toLowerCase()
}

/**
 * Creates a connector (Graph: identityapiconnector-create); answers with its id. A key in the address alone is not
 * enough: it always has an authentication.
 * @throws Refusal
 */
export async function createConnector(
  needs: ChangeNeeds,
  caller: Caller,
  wish: NewConnector,
  idempotent?: IdempotentRequest,
): Promise<string> {
  mustAdminister(caller)
  const targetUrl = readAddress(needs.egress, 'targetUrl', wish.targetUrl)
  if (!wish.authenticationConfiguration) throw refusals.authenticationMissing()
  const wished = readAuthentication(needs.egress, wish.authenticationConfiguration)
  if ('secret' in wished && wished.secret === undefined) throw refusals.missing(secretName(wished.authentication.kind))
  const opened = await openedOf(wished)
  const id = needs.newId()
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await madeBefore(scope, idempotent, id, needs.clock())
    if (before !== undefined) return before
    await insertConnector(scope, {
      id,
      displayName: wish.displayName,
      targetUrl,
      authentication: wished.authentication,
      secretSealed: sealedOf(needs, id, wished),
      isFailOpen: wish.isFailOpen ?? false,
      createdDateTime: needs.clock(),
    })
    await addCertificate(needs, scope, id, wished, opened)
    await record(needs, scope, caller, 'Create API connector', id, {
      displayName: wish.displayName,
      targetUrl: withoutQueryValues(targetUrl),
      authentication: wished.authentication.kind,
    })
    return id
  })
}

/**
 * Changes what is named and leaves the rest (Graph: identityapiconnector-update); another authentication replaces the
 * one before, certificates included. A new try is given to a connector whose circuit is open.
 * @throws Refusal, also for a known secret that would go to another host than it was given for.
 */
export async function changeConnector(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  changes: ConnectorChanges,
): Promise<void> {
  mustAdminister(caller)
  const { displayName, isFailOpen, authenticationConfiguration: given } = changes
  if (given === null) throw refusals.authenticationMissing()
  const targetUrl = changes.targetUrl && readAddress(needs.egress, 'targetUrl', changes.targetUrl)
  const wished = given && readAuthentication(needs.egress, given)
  const opened = wished && (await openedOf(wished))
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const known = await mustLock(scope, id)
    const after = {
      targetUrl: targetUrl ?? known.targetUrl,
      authentication: wished?.authentication ?? known.authentication,
    }
    const isKept = !wished || ('secret' in wished && wished.secret === undefined)
    if (isKept) mayKeepSecret(known, after)
    const update: ConnectorUpdate = {
      ...(displayName !== undefined && { displayName }),
      ...(isFailOpen !== undefined && { isFailOpen }),
      ...(targetUrl !== undefined && { targetUrl }),
      ...(wished && { authentication: wished.authentication }),
      ...(wished && !isKept && { secretSealed: sealedOf(needs, id, wished) }),
      ...((targetUrl !== undefined || wished) && { failures: 0, openUntil: null, openings: 0, probeUntil: null }),
    }
    await updateConnector(scope, id, update)
    if (wished) {
      await deleteCertificates(scope, id)
      await addCertificate(needs, scope, id, wished, opened)
    }
    await record(needs, scope, caller, 'Update API connector', id, {
      displayName: displayName ?? known.displayName,
      changed: Object.keys(changes).filter((name) => !name.startsWith('@')),
      ...(targetUrl !== undefined && { targetUrl: withoutQueryValues(targetUrl) }),
    })
  })
}

/** Adds a certificate (Graph: identityapiconnector-uploadclientcertificate). @throws Refusal */
export async function uploadCertificate(
  needs: ChangeNeeds,
  caller: Caller,
  id: string,
  { pkcs12Value, password }: CertificateUpload,
  idempotent?: IdempotentRequest,
): Promise<void> {
  mustAdminister(caller)
  const opened = await openCertificate(pkcs12Value, password)
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const known = await mustLock(scope, id)
    if (await madeBefore(scope, idempotent, id, needs.clock())) return
    if (known.authentication.kind !== 'certificate') throw refusals.noCertificates()
    if ((await countCertificates(scope, id)) >= MOST_CERTIFICATES) throw refusals.tooManyCertificates(MOST_CERTIFICATES)
    const same = (await listCertificates(scope, [id])).some(({ thumbprint }) => thumbprint === opened.thumbprint)
    if (same) throw refusals.sameCertificate()
    const wished: WishedAuthentication = {
      authentication: { kind: 'certificate' },
      pkcs12: { value: pkcs12Value, password },
    }
    await addCertificate(needs, scope, id, wished, opened)
    await tellConnectorsChanged(scope)
    await record(needs, scope, caller, 'Update API connector', id, {
      displayName: known.displayName,
      certificate: opened.thumbprint,
    })
  })
}

/** Deletes a connector that no flow asks, with its certificates and exchanges. @throws Refusal */
export async function removeConnector(
  needs: Pick<ConnectorNeeds, 'database' | 'clock' | 'newId' | 'flowsAsking'>,
  caller: Caller,
  id: string,
): Promise<void> {
  mustAdminister(caller)
  await needs.database.withTenant(caller.tenantId, (scope) => deleteConnectorIn(needs, scope, caller, id))
}

/** The same in a transaction that has more to write, by a caller who may. @throws Refusal */
export async function deleteConnectorIn(
  needs: Pick<ConnectorNeeds, 'clock' | 'newId' | 'flowsAsking'>,
  scope: TenantScope,
  caller: Caller,
  id: string,
): Promise<void> {
  const known = await mustLock(scope, id)
  const flows = await needs.flowsAsking(scope, id)
  if (flows.length > 0) throw refusals.inUse(flows)
  await deleteConnector(scope, id)
  await record(needs, scope, caller, 'Delete API connector', id, { displayName: known.displayName })
}

async function mustLock(scope: TenantScope, id: string): Promise<Connector> {
  const known = await lockConnector(scope, id)
  if (!known) throw refusals.notFound(id)
  return known
}

/** Outside of transactions: it starts a process. */
async function openedOf(wished: WishedAuthentication): Promise<OpenedCertificate | undefined> {
  return 'pkcs12' in wished ? openCertificate(wished.pkcs12.value, wished.pkcs12.password) : undefined
}

function sealedOf({ keys }: ChangeNeeds, id: string, wished: WishedAuthentication): Buffer | null {
  return 'secret' in wished && wished.secret !== undefined ? sealFor(keys, id, wished.secret) : null
}

async function addCertificate(
  { keys, newId }: ChangeNeeds,
  scope: TenantScope,
  id: string,
  wished: WishedAuthentication,
  opened: OpenedCertificate | undefined,
): Promise<void> {
  if (!('pkcs12' in wished) || !opened) return
  const kept = { pfx: wished.pkcs12.value.replace(/\s/g, ''), passphrase: wished.pkcs12.password }
  await insertCertificate(scope, { connectorId: id, id: newId(), ...opened, pkcs12Sealed: sealFor(keys, id, kept) })
}

function record(
  { clock, newId }: Pick<ChangeNeeds, 'clock' | 'newId'>,
  scope: TenantScope,
  { kind, objectId, displayName }: Caller,
  activityDisplayName: string,
  targetId: string,
  additionalDetails: Record<string, unknown>,
): Promise<void> {
  return recordAudit(scope, {
    id: newId(),
    activityDateTime: clock(),
    activityDisplayName,
    category: 'DirectoryManagement',
    loggedByService: 'Core Directory',
    initiatedBy: { kind, id: objectId, displayName },
    targetId,
    additionalDetails,
  })
}
