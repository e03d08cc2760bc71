import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { RequirePermission } from '../identity/index.js';
import {
  ATTRIBUTE_EXAMPLE,
  AttributeDto,
  AttributesQuery,
  ChangeAttributeDto,
  NewAttributeDto,
} from './attributes.dto.js';
import { AttributesService } from './attributes.service.js';

/** Attributes that the province adds to what the register knows of its things. */
@ApiTags('attributes')
@Controller('attributes')
export class AttributesController {
  constructor(private readonly attributes: AttributesService) {}

  @Get()
  @RequirePermission('attributes:read')
  @ApiOperation({ summary: 'Custom attributes of sites, cells and others, by resource and name' })
  @ApiPage(AttributeDto, ATTRIBUTE_EXAMPLE)
  @ApiProblems(400)
  list(@Query() { limit, cursor, ...filter }: AttributesQuery): Promise<Page<AttributeDto>> {
    return this.attributes.list(limit, cursor, filter);
  }

  @Get(':id')
  @RequirePermission('attributes:read')
  @ApiOperation({ summary: 'One custom attribute' })
  @ApiOkResponse({ type: AttributeDto, example: ATTRIBUTE_EXAMPLE })
  @ApiProblems(400, 404)
  get(@Param('id', ParseUUIDPipe) id: string): Promise<AttributeDto> {
    return this.attributes.get(id);
  }

  @Post()
  @RequirePermission('attributes:write')
  @ApiOperation({ summary: 'Give a resource one more attribute' })
  @ApiCreatedResponse({ type: AttributeDto, example: ATTRIBUTE_EXAMPLE })
  @ApiProblems(400, 409)
  create(@Body() body: NewAttributeDto): Promise<AttributeDto> {
    return this.attributes.create({
      resource: body.resource,
      name: body.name,
      title: { en: body.title.en, vi: body.title.vi },
      description: body.description ?? null,
      type: body.type,
      unit: body.unit ?? null,
      required: body.required ?? false,
      min: body.min ?? null,
      max: body.max ?? null,
      pattern: body.pattern ?? null,
      maxLength: body.maxLength ?? null,
      choices: body.choices ?? [],
      openData: body.openData ?? false,
    });
  }

  @Patch(':id')
  @RequirePermission('attributes:write')
  @ApiOperation({
    summary:
      'Change an attribute, retire it, or take it up again; 409 with how many stored values it would refuse',
  })
  @ApiOkResponse({ type: AttributeDto, example: ATTRIBUTE_EXAMPLE })
  @ApiProblems(400, 404, 409)
  change(@Param('id', ParseUUIDPipe) id: string, @Body() body: ChangeAttributeDto): Promise<AttributeDto> {
    return this.attributes.change(id, body);
  }
}
