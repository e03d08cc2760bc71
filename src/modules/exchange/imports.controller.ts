import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { type Page, PageQuery } from '../../common/http/page.js';
import { type Actor, CurrentActor, RequirePermission } from '../identity/index.js';
import { Corrections } from './corrections.js';
import { ImportFiles } from './import-files.js';
import { IMPORT_MODES, ON_ERRORS, RESOURCES } from './import.types.js';
import {
  ApplyImportDto,
  CHANGE_EXAMPLE,
  FINDING_EXAMPLE,
  FindingDto,
  IMPORT_EXAMPLE,
  ImportChangeDto,
  importDto,
  ImportDto,
  ReportQuery,
} from './imports.dto.js';
import { ImportsService } from './imports.service.js';
import { ImportsStore } from './imports.store.js';
import { StagingStore } from './staging.store.js';
import { receiveUpload } from './upload.js';

@ApiTags('imports')
@Controller('imports')
export class ImportsController {
  constructor(
    private readonly imports: ImportsService,
    private readonly store: ImportsStore,
    private readonly staging: StagingStore,
    private readonly files: ImportFiles,
    private readonly corrections: Corrections,
  ) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('imports:write')
  @ApiOperation({
    summary: 'Send a file to be checked or imported',
    description:
      'CSV in any usual encoding, XLSX or GeoJSON. Every row is checked before anything is written; a dry run (the default) writes nothing. The file is kept until it is applied, and for 30 days after it was last checked; what was found, what would change and the corrections stay. Needs the resource’s own write permission as well. Clusters that are imported have no credential, as when they are registered one by one: issue one for each with POST /clusters/{id}/credential and write it into the device.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file', 'resource'],
      properties: {
        resource: { type: 'string', enum: [...RESOURCES] },
        source: { type: 'string', maxLength: 200, description: 'Who the file is from; default: its name' },
        mode: { type: 'string', enum: [...IMPORT_MODES], default: 'dry-run' },
        onErrors: { type: 'string', enum: [...ON_ERRORS], default: 'refuse' },
        sheet: { type: 'string', description: 'Of an XLSX; default: the first' },
        mapping: {
          type: 'string',
          description:
            'JSON object from column names to fields (null: passed over); remembered for the source',
          example: '{"Cao độ cột (m)":"structureHeightM","Ghi chú":null}',
        },
        file: { type: 'string', format: 'binary' },
      },
    },
  })
  @ApiAcceptedResponse({ type: ImportDto, example: { ...IMPORT_EXAMPLE, state: 'queued', counts: null } })
  @ApiProblems(400, 413, 415)
  async start(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<ImportDto> {
    const upload = await receiveUpload(request, this.files);
    try {
      return importDto(await this.imports.start(actor, upload));
    } catch (error) {
      await this.files.discard(upload.importId);
      throw error;
    }
  }

  @Get()
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'Imports, newest first' })
  @ApiPage(ImportDto, IMPORT_EXAMPLE)
  @ApiProblems(400)
  async list(@Query() { limit, cursor }: PageQuery): Promise<Page<ImportDto>> {
    const page = await this.store.list(limit, cursor);
    return { ...page, items: page.items.map(importDto) };
  }

  @Get(':id')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'One import: how far it is, and what was found' })
  @ApiOkResponse({ type: ImportDto, example: IMPORT_EXAMPLE })
  @ApiProblems(404)
  async one(@Param('id') id: string): Promise<ImportDto> {
    return importDto(await this.store.get(id));
  }

  @Get(':id/report')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'Everything that was found in the file, in its order' })
  @ApiPage(FindingDto, FINDING_EXAMPLE)
  @ApiProblems(400, 404)
  async report(@Param('id') id: string, @Query() query: ReportQuery): Promise<Page<FindingDto>> {
    return this.staging.findings((await this.store.get(id)).id, query);
  }

  @Get(':id/changes')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'What the file would change, or has changed, field by field' })
  @ApiPage(ImportChangeDto, CHANGE_EXAMPLE)
  @ApiProblems(400, 404)
  async changes(
    @Param('id') id: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<Page<ImportChangeDto>> {
    return this.staging.changes((await this.store.get(id)).id, limit, cursor);
  }

  @Get(':id/corrections.csv')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'The rows that cannot be stored, as they were, with why: to mend and send again' })
  @ApiOkResponse({
    content: {
      'text/csv': {
        schema: { type: 'string' },
        example: 'Mã trạm,Vĩ độ,Dòng gốc / Row,Lý do / Reasons\r\nHGI-1,"abc",17,"Vĩ độ: …"\r\n',
      },
    },
  })
  @ApiProblems(404)
  async correctionsOf(@Param('id') id: string): Promise<StreamableFile> {
    const run = await this.store.get(id);
    return new StreamableFile(this.corrections.csv(run), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="corrections-${run.id}.csv"`,
    });
  }

  @Post(':id/apply')
  @HttpCode(202)
  @RequirePermission('imports:write')
  @ApiOperation({ summary: 'Check the file again, as the register is now, and apply it' })
  @ApiAcceptedResponse({ type: ImportDto, example: { ...IMPORT_EXAMPLE, mode: 'apply', state: 'queued' } })
  @ApiProblems(400, 404, 409)
  async apply(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: ApplyImportDto,
  ): Promise<ImportDto> {
    return importDto(await this.imports.apply(actor, id, body?.onErrors));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('imports:write')
  @ApiOperation({ summary: 'Stop an import that has not ended; nothing of it is written' })
  @ApiOkResponse({ type: ImportDto, example: { ...IMPORT_EXAMPLE, state: 'cancelled' } })
  @ApiProblems(404, 409)
  async cancel(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ImportDto> {
    return importDto(await this.imports.cancel(actor, id));
  }

  @Post(':id/undo')
  @HttpCode(200)
  @RequirePermission('imports:write')
  @ApiOperation({ summary: 'Take an applied import back; refused when something of it was changed since' })
  @ApiOkResponse({ type: ImportDto, example: { ...IMPORT_EXAMPLE, mode: 'apply', state: 'undone' } })
  @ApiProblems(404, 409)
  async undo(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ImportDto> {
    return importDto(await this.imports.undo(actor, id));
  }
}
