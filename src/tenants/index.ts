export { mailOrganization, organizationFrame, pageOrganization } from './branding.js'
export { domainResource } from './domains/domain-resource.js'
export { findDomain } from './domains/read-domains.js'
export { default as domainRoutes } from './domains/routes.js'
export { createTxtResolver, type ResolveTxt } from './domains/verification.js'
export { organizationResource } from './organization/organization-resource.js'
export { default as organizationRoutes } from './organization/routes.js'
export { default as logoRoutes } from './routes.js'
export { mayReadDomains } from './rules.js'
export { type Recipient, type Sender, sendTenantMail, type TenantMailNeeds } from './send-tenant-mail.js'
export type { TenantSettings } from './settings.js'
export {
  forEachTenant,
  insertTenant,
  isCurrentVersion,
  listTenantIds,
  raiseVersion,
  readInitialDomain,
  SECURITY_CHANNEL,
  type TenantChanges,
  updateTenant,
} from './store.js'
export { createTenants, type Tenant, type Tenants } from './tenant.js'
