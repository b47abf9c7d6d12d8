import { isNull, sql } from 'drizzle-orm'
import { defineResource, type Property, type Relation } from '../../graph/odata/resource.js'
import { guidBytes } from '../../kernel/ids.js'
import { openExtensionsRelation } from '../extensions/open-extensions-relation.js'
import { directoryExtensions } from '../extensions/open-properties.js'
import { concealed, showsMoreThanIds } from '../objects/concealed.js'
import { directoryObject, directoryObjects } from '../objects/kinds.js'
import { GROUP_FILTERS, GROUP_ORDERS, GROUP_SEARCH, LICENSE_ERRORS_FILTER, OWNERS_FILTER } from './filter-resource.js'
import { firstMembers, firstOwners } from './links-store.js'
import { showingMembers } from './read-groups.js'
import { findDeletedGroups, findGroups } from './store.js'
import { type GroupRow, groups } from './tables.js'
import { upwardRelations } from './upward-relations.js'
import { mustReadGroups } from './visible-members.js'

type GroupProperty = Property<GroupRow>

const GROUP = 'microsoft.graph.group'
const isConcealed = concealed(({ visibility }: GroupRow) => ({
  type: GROUP,
  hidesMembership: visibility === 'HiddenMembership',
}))

const text = (read: (row: GroupRow) => string | null): GroupProperty => ({ type: 'Edm.String', read })
const texts = (read: (row: GroupRow) => string[]): GroupProperty => ({ type: 'Edm.String', isCollection: true, read })
const truth = (read: (row: GroupRow) => boolean | null): GroupProperty => ({ type: 'Edm.Boolean', read })
const instant = (read: (row: GroupRow) => Date | null): GroupProperty => ({
  type: 'Edm.DateTimeOffset',
  read: (row) => graphDateTime(read(row)),
})
const nothing = () => null
const none = () => []

/** What Graph returns without `$select`, which for groups is long (facts of the contract, section 3). */
const byDefault: Record<string, GroupProperty> = {
  id: { ...text(({ id }) => id), filter: GROUP_FILTERS.id },
  deletedDateTime: instant(({ deletedDateTime }) => deletedDateTime),
  classification: { ...text(({ classification }) => classification), filter: GROUP_FILTERS.classification },
  createdDateTime: {
    ...instant(({ createdDateTime }) => createdDateTime),
    filter: GROUP_FILTERS.createdDateTime,
    orderBy: GROUP_ORDERS.createdDateTime,
  },
  creationOptions: texts(none),
  description: {
    ...text(({ description }) => description),
    filter: GROUP_FILTERS.description,
    search: { kind: 'words', table: 'groups', sql: GROUP_SEARCH.description },
  },
  displayName: {
    ...text(({ displayName }) => displayName),
    filter: GROUP_FILTERS.displayName,
    orderBy: GROUP_ORDERS.displayName,
    search: { kind: 'words', table: 'groups', sql: GROUP_SEARCH.displayName },
  },
  expirationDateTime: { ...instant(nothing), filter: GROUP_FILTERS.expirationDateTime },
  groupTypes: { ...texts(groupTypesOf), filter: GROUP_FILTERS.groupTypes },
  isAssignableToRole: {
    ...truth(({ isAssignableToRole }) => isAssignableToRole),
    filter: GROUP_FILTERS.isAssignableToRole,
  },
  mail: { ...text(({ mail }) => mail), filter: GROUP_FILTERS.mail },
  mailEnabled: { ...truth(({ mailEnabled }) => mailEnabled), filter: GROUP_FILTERS.mailEnabled },
  mailNickname: { ...text(({ mailNickname }) => mailNickname), filter: GROUP_FILTERS.mailNickname },
  membershipRule: { ...text(({ membershipRule }) => membershipRule), filter: GROUP_FILTERS.membershipRule },
  membershipRuleProcessingState: {
    ...text(({ membershipRuleProcessingState }) => membershipRuleProcessingState),
    filter: GROUP_FILTERS.membershipRuleProcessingState,
  },
  onPremisesDomainName: text(nothing),
  onPremisesLastSyncDateTime: { ...instant(nothing), filter: GROUP_FILTERS.onPremisesLastSyncDateTime },
  onPremisesNetBiosName: text(nothing),
  onPremisesProvisioningErrors: { ...texts(none), type: 'microsoft.graph.onPremisesProvisioningError' },
  onPremisesSamAccountName: { ...text(nothing), filter: GROUP_FILTERS.onPremisesSamAccountName },
  onPremisesSecurityIdentifier: { ...text(nothing), filter: GROUP_FILTERS.onPremisesSecurityIdentifier },
  onPremisesSyncEnabled: { ...truth(nothing), filter: GROUP_FILTERS.onPremisesSyncEnabled },
  preferredDataLocation: text(({ preferredDataLocation }) => preferredDataLocation),
  preferredLanguage: { ...text(({ preferredLanguage }) => preferredLanguage), filter: GROUP_FILTERS.preferredLanguage },
  proxyAddresses: texts(({ mail }) => (mail ? [`SMTP:${mail}`] : [])),
  renewedDateTime: { ...instant(({ renewedDateTime }) => renewedDateTime), filter: GROUP_FILTERS.renewedDateTime },
  resourceBehaviorOptions: texts(none),
  resourceProvisioningOptions: { ...texts(none), filter: GROUP_FILTERS.resourceProvisioningOptions },
  securityEnabled: { ...truth(({ securityEnabled }) => securityEnabled), filter: GROUP_FILTERS.securityEnabled },
  securityIdentifier: text(({ id }) => securityIdentifier(id)),
  serviceProvisioningErrors: { ...texts(none), type: 'microsoft.graph.serviceProvisioningError' },
  theme: text(({ theme }) => theme),
  uniqueName: { ...text(({ uniqueName }) => uniqueName), filter: GROUP_FILTERS.uniqueName },
  visibility: text(({ visibility }) => visibility),
}

/** Nothing here has mail, licences or teams; whoever asks is told what a group without them says. */
const onlySelected: Record<string, GroupProperty> = {
  accessType: text(nothing),
  allowExternalSenders: { ...truth(nothing), isSingleOnly: true },
  assignedLabels: { ...texts(none), type: 'microsoft.graph.assignedLabel' },
  assignedLicenses: {
    ...texts(none),
    type: 'microsoft.graph.assignedLicense',
    filter: GROUP_FILTERS.assignedLicenses,
  },
  autoSubscribeNewMembers: { ...truth(nothing), isSingleOnly: true },
  hideFromAddressLists: { ...truth(nothing), isSingleOnly: true },
  hideFromOutlookClients: { ...truth(nothing), isSingleOnly: true },
  isArchived: { ...truth(nothing), isSingleOnly: true },
  isSubscribedByMail: { ...truth(nothing), isSingleOnly: true },
  unseenCount: { type: 'Edm.Int32', read: nothing, isSingleOnly: true },
}

const groupProperties: Record<string, GroupProperty> = {
  ...Object.fromEntries(Object.entries(byDefault).map(([name, property]) => [name, { ...property, isDefault: true }])),
  ...onlySelected,
}

/** Graph: group. */
export const groupResource = directoryObject(
  defineResource<GroupRow>({
    type: GROUP,
    baseType: 'microsoft.graph.directoryObject',
    set: 'groups',
    name: 'Group',
    properties: groupProperties,
    filterPaths: { hasMembersWithLicenseErrors: LICENSE_ERRORS_FILTER, owners: OWNERS_FILTER },
    relations: {
      members: relation(async (context, ids, most) =>
        firstMembers(context.scope, await showingMembers(context, ids), most),
      ),
      owners: relation(async (context, ids, most) =>
        firstOwners(context.scope, await showingMembers(context, ids), most),
      ),
      ...upwardRelations(mustReadGroups),
      extensions: openExtensionsRelation((context, ids) => (showsMoreThanIds(context, GROUP) ? ids : [])),
    },
    table: { from: sql`${groups}`, id: groups.id, tenantId: groups.tenantId, present: isNull(groups.deletedDateTime) },
    load: ({ scope }, ids) => findGroups(scope, [...ids]),
    version: ({ changedXid }) => changedXid,
    open: directoryExtensions('Group', groups),
    isConcealed,
  }),
)

/** A deleted group, as long as it can be restored. */
export const deletedGroupResource = defineResource<GroupRow>({
  type: GROUP,
  baseType: 'microsoft.graph.directoryObject',
  set: 'groups',
  name: 'Group',
  properties: {
    ...groupProperties,
    deletedDateTime: {
      ...instant(({ deletedDateTime }) => deletedDateTime),
      isDefault: true,
      filter: GROUP_FILTERS.deletedDateTime,
      orderBy: GROUP_ORDERS.deletedDateTime,
    },
  },
  load: ({ scope }, ids) => findDeletedGroups(scope, ids),
  isConcealed,
})

function relation(load: NonNullable<Relation['load']>): Relation {
  return {
    type: 'microsoft.graph.directoryObject',
    isCollection: true,
    targets: directoryObjects,
    async load(context, ids, most) {
      mustReadGroups(context.caller)
      return load(context, ids, most)
    },
  }
}

function groupTypesOf({ isUnified, isDynamic }: GroupRow): string[] {
  return [...(isDynamic ? ['DynamicMembership'] : []), ...(isUnified ? ['Unified'] : [])]
}

/** The security identifier that Entra derives from an object id: its 16 bytes as four numbers. */
function securityIdentifier(id: string): string {
  const bytes = guidBytes(id)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  // In a GUID's binary form the first three fields are little-endian.
  const second = view.getUint16(4) + view.getUint16(6) * 2 ** 16
  return `S-1-12-1-${view.getUint32(0)}-${second}-${view.getUint32(8, true)}-${view.getUint32(12, true)}`
}

/** Graph writes times without fractions of a second. */
function graphDateTime(value: Date | null): string | null {
  return value && `${value.toISOString().slice(0, 19)}Z`
}
