export { purgeAudit } from './purge-audit.js'
export { type AuditActor, recordAudit } from './store.js'
