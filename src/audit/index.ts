export { type AuditActor, recordAudit, recordAudits } from './store.js'
