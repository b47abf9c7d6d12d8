export { logoPath, mailOrganization, pageOrganization } from './branding.js'
export { default as logoRoutes } from './routes.js'
export type { TenantSettings } from './settings.js'
export { DEFAULT_SETTINGS } from './settings.js'
export {
  insertTenant,
  listTenantIds,
  raiseVersion,
  SECURITY_CHANNEL,
  type TenantChanges,
  updateTenant,
} from './store.js'
export { createTenants, type Tenant, type Tenants } from './tenant.js'
