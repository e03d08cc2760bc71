import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditReader } from './audit.reader.js';
import { AuditTrail } from './audit-trail.js';

/** Every change with who, when, before and after. It listens; nobody calls it. */
@Module({ controllers: [AuditController], providers: [AuditReader, AuditTrail] })
export class AuditModule {}
