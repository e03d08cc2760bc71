import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-docs.js';
import { Problem } from '../../common/http/problem.js';
import { type Actor, CurrentActor, RequirePermission } from '../identity/index.js';
import { HAZARD_CODES, HAZARDS, LEVELS, TEMPLATE_USES } from './domain/hazards.js';
import { SetTemplateDto } from './emergency.dto.js';
import { CatalogueDto, TEMPLATE_EXAMPLE, TemplateDto } from './emergency-views.dto.js';
import { EmergencyTemplates } from './templates.service.js';

@ApiTags('emergencies')
@Controller('emergencies')
export class TemplatesController {
  constructor(private readonly templates: EmergencyTemplates) {}

  @Get('hazards')
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'Hazards and levels with their colours (Decision 18/2021/QĐ-TTg)' })
  @ApiOkResponse({
    type: CatalogueDto,
    example: { hazards: [{ code: 'storm', vi: 'Bão', en: 'Storm' }], levels: [...LEVELS] },
  })
  hazards(): CatalogueDto {
    return { hazards: HAZARD_CODES.map((code) => ({ code, ...HAZARDS[code] })), levels: [...LEVELS] };
  }

  @Get('templates')
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'The audio that every cluster holds ready, by hazard, level and use' })
  @ApiOkResponse({ type: [TemplateDto], example: [TEMPLATE_EXAMPLE] })
  list(): Promise<TemplateDto[]> {
    return this.templates.list();
  }

  @Put('templates/:hazard/:level/:use')
  @RequirePermission('broadcasts:emergency')
  @ApiOperation({
    summary: 'Set the audio of a hazard, level and use',
    description: 'Every cluster fetches it now. The audio of a warning cannot be that of a drill.',
  })
  @ApiParam({ name: 'hazard', enum: HAZARD_CODES, example: 'storm' })
  @ApiParam({ name: 'level', type: 'integer', example: 4 })
  @ApiParam({ name: 'use', enum: TEMPLATE_USES, example: 'ALERT' })
  @ApiOkResponse({ type: TemplateDto, example: TEMPLATE_EXAMPLE })
  @ApiProblems(400, 404)
  set(
    @CurrentActor() actor: Actor,
    @Param('hazard') hazardCode: string,
    @Param('level') levelText: string,
    @Param('use') useCode: string,
    @Body() { sha256 }: SetTemplateDto,
  ): Promise<TemplateDto> {
    const hazard = HAZARD_CODES.find((code) => code === hazardCode);
    const level = LEVELS.find((known) => String(known.level) === levelText)?.level;
    const use = TEMPLATE_USES.find((code) => code === useCode);
    if (!hazard || !use || level === undefined)
      throw Problem.notFound(
        { en: 'template', vi: 'mẫu khẩn cấp' },
        `${hazardCode}/${levelText}/${useCode}`.slice(0, 200),
      );
    return this.templates.set(actor, { hazard, level, use, sha256 });
  }
}
