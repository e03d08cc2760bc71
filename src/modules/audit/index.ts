export { AuditModule } from './audit.module.js';
export { AUDIT_WRITTEN, changesById, type WrittenChange } from './written-changes.js';
