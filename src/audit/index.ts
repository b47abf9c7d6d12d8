export { type AuditActor, type AuditEvent, recordAudit } from './store.js'
