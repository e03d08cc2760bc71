import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { type Actor, CurrentActor, RequirePermission } from '../identity/index.js';
import { CONFLICTS_EXAMPLE, ConflictsDto, conflictsDto } from './conflicts.dto.js';
import { ProgrammeConflicts } from './conflicts.service.js';
import {
  OCCURRENCE_EXAMPLE,
  PROGRAMME_EXAMPLE,
  PROGRAMME_LIFE_TABLE,
  ProgrammeDto,
  ProgrammeLifeDto,
  ProgrammeOccurrenceDto,
} from './programme-views.dto.js';
import { CopyProgrammeDto, EditProgrammeDto, NewProgrammeDto, ProgrammeQuery } from './programme.dto.js';
import { ProgrammesReader } from './programmes.reader.js';
import { ProgrammesWriter } from './programmes.writer.js';

const ID = { name: 'id', format: 'uuid', example: PROGRAMME_EXAMPLE.id };
const DRAFT = {
  ...PROGRAMME_EXAMPLE,
  state: 'DRAFT',
  contentHash: null,
  renditionSha256: null,
  durationS: null,
};

@ApiTags('programmes')
@Controller('programmes')
export class ProgrammesController {
  constructor(
    private readonly writer: ProgrammesWriter,
    private readonly reader: ProgrammesReader,
    private readonly conflicting: ProgrammeConflicts,
  ) {}

  @Post()
  @RequirePermission('programmes:write')
  @ApiOperation({
    summary: 'Write a programme: a draft, or a template',
    description:
      'It belongs to one unit and addresses clusters of that unit only. Nothing is played before another person has approved it.',
  })
  @ApiCreatedResponse({ type: ProgrammeDto, example: DRAFT })
  @ApiProblems(400)
  create(@CurrentActor() actor: Actor, @Body() body: NewProgrammeDto): Promise<ProgrammeDto> {
    return this.writer.create(actor, body);
  }

  @Get()
  @RequirePermission('programmes:read')
  @ApiOperation({ summary: 'Programmes, newest first' })
  @ApiPage(ProgrammeDto, PROGRAMME_EXAMPLE)
  @ApiProblems(400, 404)
  list(@Query() query: ProgrammeQuery): Promise<Page<ProgrammeDto>> {
    return this.reader.list(query);
  }

  @Get('life-cycle')
  @RequirePermission('programmes:read')
  @ApiOperation({
    summary: 'The states of a programme: what each means, what may follow, and who may say so',
  })
  @ApiOkResponse({ type: ProgrammeLifeDto, example: PROGRAMME_LIFE_TABLE })
  lifeCycle(): ProgrammeLifeDto {
    return PROGRAMME_LIFE_TABLE;
  }

  @Get(':id')
  @RequirePermission('programmes:read')
  @ApiOperation({ summary: 'A programme' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ProgrammeDto, example: PROGRAMME_EXAMPLE })
  @ApiProblems(404)
  get(@Param('id') id: string): Promise<ProgrammeDto> {
    return this.reader.get(id);
  }

  @Patch(':id')
  @RequirePermission('programmes:write')
  @ApiOperation({
    summary: 'Change a programme',
    description:
      'What is left out stays. One that was submitted or approved is a draft again: what is not on the air is withdrawn, and it must be approved anew.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: ProgrammeDto, example: DRAFT })
  @ApiProblems(400, 404, 409)
  edit(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: EditProgrammeDto,
  ): Promise<ProgrammeDto> {
    return this.writer.edit(actor, id, body);
  }

  @Post(':id/copy')
  @RequirePermission('programmes:write')
  @ApiOperation({
    summary: 'Make a new draft, or a template, of a programme',
    description:
      'One of a unit that is not yours becomes one of your own unit, with its target to be said anew.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({ type: ProgrammeDto, example: { ...DRAFT, copiedFrom: PROGRAMME_EXAMPLE.id } })
  @ApiProblems(400, 404)
  copy(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: CopyProgrammeDto,
  ): Promise<ProgrammeDto> {
    return this.writer.copy(actor, id, body);
  }

  @Get(':id/occurrences')
  @RequirePermission('programmes:read')
  @ApiOperation({
    summary: 'What became of the occurrences of a programme',
    description: 'Those of the next 72 hours and of the past; those further off are in its schedule.',
  })
  @ApiParam(ID)
  @ApiPage(ProgrammeOccurrenceDto, OCCURRENCE_EXAMPLE)
  @ApiProblems(400, 404)
  occurrences(
    @Param('id') id: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<Page<ProgrammeOccurrenceDto>> {
    return this.reader.occurrences(id, limit, cursor);
  }

  @Get(':id/conflicts')
  @RequirePermission('programmes:read')
  @ApiOperation({
    summary: 'Where it and others of its class would be heard at once, with proposals',
    description:
      'With all that are submitted or approved. 409 as long as its length is not known: it has not been submitted.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: ConflictsDto, example: CONFLICTS_EXAMPLE })
  @ApiProblems(404, 409)
  async conflicts(@Param('id') id: string): Promise<ConflictsDto> {
    return conflictsDto(await this.conflicting.of(await this.reader.get(id)));
  }
}
