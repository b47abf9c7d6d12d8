export { type AuditActor, recordAudit } from './store.js'
