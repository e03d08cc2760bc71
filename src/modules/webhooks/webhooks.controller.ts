import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { RequirePermission } from '../identity/index.js';
import {
  ChangeWebhookDto,
  CREATED_WEBHOOK_EXAMPLE,
  CreatedWebhookDto,
  DeliveriesQuery,
  DELIVERY_EXAMPLE,
  DeliveryDto,
  NewWebhookDto,
  PING_EXAMPLE,
  PingDto,
  ReplayedDto,
  ReplayQuery,
  WEBHOOK_EXAMPLE,
  WebhookDto,
} from './webhooks.dto.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Get()
  @RequirePermission('webhooks:manage')
  @ApiOperation({ summary: 'Webhooks, newest first' })
  @ApiPage(WebhookDto, WEBHOOK_EXAMPLE)
  @ApiProblems(400)
  list(@Query() query: PageQuery): Promise<Page<WebhookDto>> {
    return this.webhooks.list(query);
  }

  @Get(':id')
  @RequirePermission('webhooks:manage')
  @ApiOperation({ summary: 'One webhook' })
  @ApiOkResponse({ type: WebhookDto, example: WEBHOOK_EXAMPLE })
  @ApiProblems(400, 404)
  get(@Param('id', ParseUUIDPipe) id: string): Promise<WebhookDto> {
    return this.webhooks.get(id);
  }

  @Post()
  @RequirePermission('webhooks:manage')
  @ApiOperation({
    summary: 'Have changes sent to an address; the answer alone holds the secret they are signed with',
  })
  @ApiCreatedResponse({ type: CreatedWebhookDto, example: CREATED_WEBHOOK_EXAMPLE })
  @ApiProblems(400)
  create(@Body() body: NewWebhookDto): Promise<CreatedWebhookDto> {
    return this.webhooks.create(body);
  }

  @Patch(':id')
  @RequirePermission('webhooks:manage')
  @ApiOperation({ summary: 'Change a webhook, pause it, or let it begin again' })
  @ApiOkResponse({ type: WebhookDto, example: WEBHOOK_EXAMPLE })
  @ApiProblems(400, 404)
  change(@Param('id', ParseUUIDPipe) id: string, @Body() body: ChangeWebhookDto): Promise<WebhookDto> {
    return this.webhooks.change(id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('webhooks:manage')
  @ApiOperation({ summary: 'Remove a webhook with what waits for it' })
  @ApiNoContentResponse({ description: 'Removed' })
  @ApiProblems(400, 404)
  remove(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.webhooks.remove(id);
  }

  @Get(':id/deliveries')
  @RequirePermission('webhooks:manage')
  @ApiOperation({ summary: 'What was sent, waits and was given up; newest first' })
  @ApiPage(DeliveryDto, DELIVERY_EXAMPLE)
  @ApiProblems(400, 404)
  deliveries(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() query: DeliveriesQuery,
  ): Promise<Page<DeliveryDto>> {
    return this.webhooks.deliveries(id, query);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @RequirePermission('webhooks:manage')
  @ApiOperation({ summary: 'Send the changes since a time once more, under the same message ids' })
  @ApiAcceptedResponse({ type: ReplayedDto, example: { queued: 12 } })
  @ApiProblems(400, 404, 409)
  replay(@Param('id', ParseUUIDPipe) id: string, @Query() { from }: ReplayQuery): Promise<ReplayedDto> {
    const at = new Date(from);
    if (Number.isNaN(at.getTime()))
      throw Problem.invalidField('from', 'INSTANT', {
        en: 'from must be an instant like 2026-02-01T00:00:00+07:00',
        vi: 'from phải là thời điểm như 2026-02-01T00:00:00+07:00',
      });
    return this.webhooks.replay(id, at);
  }

  @Post(':id/test')
  @HttpCode(200)
  @RequirePermission('webhooks:manage')
  @ApiOperation({ summary: 'Send a message of no meaning and say what came of it' })
  @ApiOkResponse({ type: PingDto, example: PING_EXAMPLE })
  @ApiProblems(400, 404)
  ping(@Param('id', ParseUUIDPipe) id: string): Promise<PingDto> {
    return this.webhooks.ping(id);
  }
}
