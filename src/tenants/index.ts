export { mailOrganization, pageOrganization } from './branding.js'
export { default as logoRoutes } from './routes.js'
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
