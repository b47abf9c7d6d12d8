export { purgeAudit } from './purge-audit.js'
export { type AuditActor, type AuditEvent, findAudit, recordAudit, recordAudits } from './store.js'
