import { defineResource, type Property } from '../../graph/odata/resource.js'
import { mayReadWholeOrganization } from '../rules.js'
import { readTenant, type TenantRow } from '../store.js'

type Row = { id: string; tenant: TenantRow; domains: string[] }
type OrganizationProperty = Property<Row>

/** What Graph answers with User.Read alone; the last one says nothing of an organization, and is never null in its schema. */
const ALWAYS_SEEN = new Set(['id', 'displayName', 'verifiedDomains', 'mobileDeviceManagementAuthority'])

const seen = (type: OrganizationProperty['type'], read: (row: Row) => unknown = () => null): OrganizationProperty => ({
  type,
  isDefault: true,
  read,
})
const list = (type: OrganizationProperty['type'], read: (row: Row) => unknown = () => []): OrganizationProperty => ({
  ...seen(type, read),
  isCollection: true,
})

/** Graph: organization. There is one in every tenant: itself. */
export const organizationResource = defineResource<Row>({
  type: 'microsoft.graph.organization',
  baseType: 'microsoft.graph.directoryObject',
  set: 'organization',
  name: 'Organization',
  properties: {
    id: seen('Edm.String', ({ id }) => id),
    deletedDateTime: seen('Edm.DateTimeOffset'),
    assignedPlans: list('microsoft.graph.assignedPlan'),
    businessPhones: list('Edm.String'),
    city: seen('Edm.String'),
    country: seen('Edm.String'),
    countryLetterCode: seen('Edm.String'),
    createdDateTime: seen('Edm.DateTimeOffset', ({ tenant }) => `${tenant.createdAt.toISOString().slice(0, 19)}Z`),
    defaultUsageLocation: seen('Edm.String'),
    displayName: seen('Edm.String', ({ tenant }) => tenant.displayName),
    marketingNotificationEmails: list('Edm.String', ({ tenant }) => tenant.profile.marketingNotificationEmails ?? []),
    mobileDeviceManagementAuthority: seen('Edm.String', () => 'unknown'),
    onPremisesLastSyncDateTime: seen('Edm.DateTimeOffset'),
    onPremisesSyncEnabled: seen('Edm.Boolean'),
    partnerTenantType: seen('Edm.String'),
    postalCode: seen('Edm.String'),
    preferredLanguage: seen('Edm.String', ({ tenant }) => tenant.notificationLanguage),
    privacyProfile: seen('microsoft.graph.privacyProfile', ({ tenant }) =>
      tenant.contactAddress === null && tenant.privacyStatementUrl === null
        ? null
        : { contactEmail: tenant.contactAddress, statementUrl: tenant.privacyStatementUrl },
    ),
    provisionedPlans: list('microsoft.graph.provisionedPlan'),
    securityComplianceNotificationMails: list(
      'Edm.String',
      ({ tenant }) => tenant.profile.securityComplianceNotificationMails ?? [],
    ),
    securityComplianceNotificationPhones: list(
      'Edm.String',
      ({ tenant }) => tenant.profile.securityComplianceNotificationPhones ?? [],
    ),
    state: seen('Edm.String'),
    street: seen('Edm.String'),
    technicalNotificationMails: list('Edm.String', ({ tenant }) => tenant.profile.technicalNotificationMails ?? []),
    tenantType: seen('Edm.String', () => 'AAD'),
    verifiedDomains: list('microsoft.graph.verifiedDomain', ({ tenant, domains }) =>
      domains.map((name) => ({
        capabilities: 'Email',
        isDefault: name === tenant.defaultDomain,
        isInitial: name === tenant.initialDomain,
        name,
        type: 'Managed',
      })),
    ),
  },
  async load({ scope }, ids) {
    const found = ids.includes(scope.tenantId) ? await readTenant(scope.orm, scope.tenantId) : undefined
    return found ? [{ id: scope.tenantId, tenant: found.row, domains: found.domains.sort() }] : []
  },
  isConcealed: (_row, property, { caller }) => !ALWAYS_SEEN.has(property) && !mayReadWholeOrganization(caller),
})
