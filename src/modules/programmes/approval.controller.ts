import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-docs.js';
import { type Actor, CurrentActor, RequirePermission } from '../identity/index.js';
import { ProgrammeApproval } from './approval.service.js';
import { CONFLICTS_EXAMPLE, ConflictsDto, conflictsDto } from './conflicts.dto.js';
import { ProgrammeConflicts } from './conflicts.service.js';
import { PROGRAMME_EXAMPLE, ProgrammeDto } from './programme-views.dto.js';
import { ApproveDto, CancelDto, RejectDto, VersionDto } from './programme.dto.js';

const ID = { name: 'id', format: 'uuid', example: PROGRAMME_EXAMPLE.id };
const DECIDED = {
  ...PROGRAMME_EXAMPLE,
  version: 4,
  decidedBy: 'tran.thi.b',
  decidedAt: new Date('2027-02-25T01:00:00Z'),
};

export class SubmittedDto {
  @ApiProperty({ type: ProgrammeDto }) programme: ProgrammeDto;
  @ApiProperty({ type: ConflictsDto, description: 'Told as they arise' }) conflicts: ConflictsDto;
}

@ApiTags('programmes')
@Controller('programmes')
export class ProgrammeApprovalController {
  constructor(
    private readonly approval: ProgrammeApproval,
    private readonly conflicting: ProgrammeConflicts,
  ) {}

  @Post(':id/submit')
  @HttpCode(200)
  @RequirePermission('programmes:write')
  @ApiOperation({
    summary: 'Submit a programme for approval',
    description:
      'Its items become one audio file, which is what is listened to, approved and played; contentHash is over that file and everything else that is played. Its conflicts with other programmes are told with the answer.',
  })
  @ApiParam(ID)
  @ApiOkResponse({
    type: SubmittedDto,
    example: { programme: PROGRAMME_EXAMPLE, conflicts: CONFLICTS_EXAMPLE },
  })
  @ApiProblems(400, 404, 409, 503)
  async submit(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() { version }: VersionDto,
  ): Promise<SubmittedDto> {
    const programme = await this.approval.submit(actor, id, version);
    return { programme, conflicts: conflictsDto(await this.conflicting.of(programme)) };
  }

  @Post(':id/approve')
  @HttpCode(200)
  @RequirePermission('programmes:approve')
  @ApiOperation({
    summary: 'Approve a programme of somebody else',
    description:
      'Names the contentHash that was looked at: refused when the programme is another by now (409 CONTENT_CHANGED), when you wrote any of it (403 AUTHOR), and when it and another PRIORITY programme would be heard at once (409 PRIORITY_CONFLICT, both sides named).',
  })
  @ApiParam(ID)
  @ApiOkResponse({
    type: ProgrammeDto,
    example: { ...DECIDED, state: 'SCHEDULED', approvedHash: PROGRAMME_EXAMPLE.contentHash },
  })
  @ApiProblems(400, 404, 409)
  approve(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() { contentHash }: ApproveDto,
  ): Promise<ProgrammeDto> {
    return this.approval.approve(actor, id, contentHash);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @RequirePermission('programmes:approve')
  @ApiOperation({
    summary: 'Reject a programme, or take its approval back',
    description: 'Of one that was approved, what has not begun is withdrawn.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: ProgrammeDto, example: { ...DECIDED, state: 'REJECTED', reason: 'Sai giờ phát' } })
  @ApiProblems(400, 404, 409)
  reject(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() { reason }: RejectDto,
  ): Promise<ProgrammeDto> {
    return this.approval.reject(actor, id, reason);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('programmes:write')
  @ApiOperation({
    summary: 'Give a programme up for good',
    description:
      'What has not begun is withdrawn; what is on the air is heard to its end, unless its broadcast is stopped.',
  })
  @ApiParam(ID)
  @ApiOkResponse({
    type: ProgrammeDto,
    example: { ...DECIDED, state: 'CANCELLED', reason: 'Hoãn đến tháng sau' },
  })
  @ApiProblems(400, 404, 409)
  cancel(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() { reason }: CancelDto,
  ): Promise<ProgrammeDto> {
    return this.approval.cancel(actor, id, reason);
  }
}
