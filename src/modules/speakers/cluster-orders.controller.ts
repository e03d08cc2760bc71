import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-docs.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import {
  COMMAND_EXAMPLE,
  CommandDto,
  CREDENTIAL_EXAMPLE,
  CredentialDto,
  NewCommandDto,
} from './cluster-detail.dto.js';
import { ClusterOrders } from './cluster-orders.js';
import type { CommandView } from './speakers.types.js';

@ApiTags('speakers')
@Controller('clusters/:id')
export class ClusterOrdersController {
  constructor(private readonly orders: ClusterOrders) {}

  @Post('commands')
  @RequirePermission('speakers:command')
  @ApiOperation({
    summary: 'Order a self-test, another volume or a restart; the answer comes with the cluster’s acks',
  })
  @ApiCreatedResponse({ type: CommandDto, example: COMMAND_EXAMPLE })
  @ApiProblems(400, 404)
  async order(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewCommandDto,
  ): Promise<CommandView> {
    return this.orders.order(actor, id, body);
  }

  @Post('credential')
  @RequirePermission('speakers:credentials')
  @ApiOperation({ summary: 'Issue the cluster’s secret, or another one; it is shown this once' })
  @ApiCreatedResponse({ type: CredentialDto, example: CREDENTIAL_EXAMPLE })
  @ApiProblems(404)
  async issue(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<CredentialDto> {
    return this.orders.issueCredential(actor, id);
  }

  @Delete('credential')
  @HttpCode(204)
  @RequirePermission('speakers:credentials')
  @ApiOperation({ summary: 'Revoke the cluster’s secret' })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.orders.revokeCredential(actor, id);
  }
}
