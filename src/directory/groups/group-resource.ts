import { guidBytes } from '../../kernel/ids.js'
import { graphDateTime } from '../user-resource.js'
import type { GroupRow } from './tables.js'

type Reader = (row: GroupRow) => unknown

const instant = (value: Date | null) => (value ? graphDateTime(value) : null)
const nothing = () => null
const none = () => []

/** Every property a group can be asked for, and where its value comes from. In the order of Graph's answers. */
const READERS: Record<string, Reader> = {
  id: ({ id }) => id,
  deletedDateTime: ({ deletedDateTime }) => instant(deletedDateTime),
  classification: ({ classification }) => classification,
  createdDateTime: ({ createdDateTime }) => instant(createdDateTime),
  creationOptions: none,
  description: ({ description }) => description,
  displayName: ({ displayName }) => displayName,
  expirationDateTime: nothing,
  groupTypes: (row) => groupTypesOf(row),
  isAssignableToRole: ({ isAssignableToRole }) => isAssignableToRole,
  mail: ({ mail }) => mail,
  mailEnabled: ({ mailEnabled }) => mailEnabled,
  mailNickname: ({ mailNickname }) => mailNickname,
  membershipRule: ({ membershipRule }) => membershipRule,
  membershipRuleProcessingState: ({ membershipRuleProcessingState }) => membershipRuleProcessingState,
  onPremisesDomainName: nothing,
  onPremisesLastSyncDateTime: nothing,
  onPremisesNetBiosName: nothing,
  onPremisesSamAccountName: nothing,
  onPremisesSecurityIdentifier: nothing,
  onPremisesSyncEnabled: nothing,
  preferredDataLocation: ({ preferredDataLocation }) => preferredDataLocation,
  preferredLanguage: ({ preferredLanguage }) => preferredLanguage,
  proxyAddresses: ({ mail }) => (mail ? [`SMTP:${mail}`] : []),
  renewedDateTime: ({ renewedDateTime }) => instant(renewedDateTime),
  resourceBehaviorOptions: none,
  resourceProvisioningOptions: none,
  securityEnabled: ({ securityEnabled }) => securityEnabled,
  securityIdentifier: ({ id }) => securityIdentifier(id),
  theme: ({ theme }) => theme,
  uniqueName: ({ uniqueName }) => uniqueName,
  visibility: ({ visibility }) => visibility,
  onPremisesProvisioningErrors: none,
  serviceProvisioningErrors: none,
}

/** Names that `$select` may hold; all of them are there without it (Graph: group, "returned by default"). */
export const GROUP_PROPERTIES: readonly string[] = Object.keys(READERS)

/** A group in Graph's shape, with just the properties asked for. */
export function groupResource(row: GroupRow, properties: readonly string[]): Record<string, unknown> {
  const resource: Record<string, unknown> = {}
  for (const name of properties) resource[name] = READERS[name]?.(row)
  return resource
}

export function groupTypesOf({ isUnified, isDynamic }: Pick<GroupRow, 'isUnified' | 'isDynamic'>): string[] {
  return [...(isDynamic ? ['DynamicMembership'] : []), ...(isUnified ? ['Unified'] : [])]
}

/** The security identifier that Entra derives from an object id: its 16 bytes as four little-endian numbers. */
function securityIdentifier(id: string): string {
  const view = new DataView(guidBytes(id).buffer)
  // A GUID's first three fields are stored little-endian.
  const data1 = view.getUint32(0)
  const data2 = view.getUint16(4) + view.getUint16(6) * 2 ** 16
  return `S-1-12-1-${data1}-${data2}-${view.getUint32(8, true)}-${view.getUint32(12, true)}`
}
