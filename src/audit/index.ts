export { purgeAudit } from './purge-audit.js'
export { type AuditActor, recordAudit, recordAudits } from './store.js'
