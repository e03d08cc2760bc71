import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-docs.js';
import { RequirePermission } from '../identity/index.js';
import { FORETOLD_EXAMPLE, ForetoldPlanDto, foretoldDto } from './foretold.dto.js';
import { ForetoldReader } from './foretold.reader.js';

@ApiTags('broadcasts')
@Controller('clusters/:id/foretold')
export class ForetoldController {
  constructor(private readonly foretold: ForetoldReader) {}

  @Get()
  @RequirePermission('broadcasts:read')
  @ApiOperation({
    summary: 'What a cluster will make of its plan',
    description:
      'Which play is heard from when to when, and which are not and why, decided by the same function as at the cluster: class, rank, approval, quiet hours, overruns. It supposes that the files are at hand, the clock is right, and nothing is ordered meanwhile.',
  })
  @ApiParam({ name: 'id', example: FORETOLD_EXAMPLE.clusterId })
  @ApiOkResponse({ type: ForetoldPlanDto, example: FORETOLD_EXAMPLE })
  @ApiProblems(404)
  async get(@Param('id') id: string): Promise<ForetoldPlanDto> {
    return foretoldDto(await this.foretold.of(id));
  }
}
