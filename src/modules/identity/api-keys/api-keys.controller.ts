import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../../common/http/api-docs.js';
import { type Page, PageQuery } from '../../../common/http/page.js';
import { CurrentActor, RequirePermission } from '../access.decorators.js';
import type { Actor } from '../actor.js';
import {
  API_KEY_EXAMPLE,
  ApiKeyDto,
  CREATED_API_KEY_EXAMPLE,
  CreateApiKeyDto,
  CreatedApiKeyDto,
} from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('api-keys')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Get()
  @RequirePermission('api-keys:manage')
  @ApiOperation({ summary: 'List API keys, newest first' })
  @ApiPage(ApiKeyDto, API_KEY_EXAMPLE)
  @ApiProblems(400)
  list(@Query() query: PageQuery): Promise<Page<ApiKeyDto>> {
    return this.apiKeys.list(query);
  }

  @Post()
  @RequirePermission('api-keys:manage')
  @ApiOperation({ summary: 'Make an API key; the answer alone holds it' })
  @ApiCreatedResponse({ type: CreatedApiKeyDto, example: CREATED_API_KEY_EXAMPLE })
  @ApiProblems(400)
  create(@CurrentActor() actor: Actor, @Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    return this.apiKeys.create(actor, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('api-keys:manage')
  @ApiOperation({ summary: 'Revoke an API key for good' })
  @ApiNoContentResponse({ description: 'Revoked' })
  @ApiProblems(400, 404)
  revoke(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.apiKeys.revoke(actor, id);
  }
}
