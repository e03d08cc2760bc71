import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { RequirePermission } from '../identity/index.js';
import { AUDIT_ENTRY_EXAMPLE, AuditEntryDto, AuditQuery } from './audit.dto.js';
import { AuditReader } from './audit.reader.js';

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @RequirePermission('audit:read')
  @ApiOperation({ summary: 'Who changed what, when; newest first' })
  @ApiPage(AuditEntryDto, AUDIT_ENTRY_EXAMPLE)
  @ApiProblems(400)
  list(@Query() query: AuditQuery): Promise<Page<AuditEntryDto>> {
    return this.reader.list(query);
  }
}
