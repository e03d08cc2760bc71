import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
  OmitType,
  PartialType,
} from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { GROUP_ID_PATTERN } from './domain/cluster-rules.js';
import { GroupService, type Group } from './group.service.js';

const EXAMPLE = {
  id: 'kcn-song-hau',
  name: 'Khu công nghiệp Sông Hậu',
  clusterIds: ['hgi-31375-01', 'hgi-31378-01'],
  source: 'synthetic demo',
};

class NewGroupDto {
  @ApiProperty({ example: EXAMPLE.id }) @Matches(new RegExp(GROUP_ID_PATTERN)) id: string;
  @ApiProperty({ example: EXAMPLE.name }) @IsString() @IsNotEmpty() @MaxLength(200) name: string;
  @ApiProperty({ example: EXAMPLE.clusterIds })
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @MaxLength(40, { each: true })
  clusterIds: string[];
}
class ChangeGroupDto extends PartialType(OmitType(NewGroupDto, ['id'] as const), {
  skipNullProperties: false,
}) {}
class GroupDto extends NewGroupDto {
  @ApiProperty({ example: EXAMPLE.source }) source: string;
}

@ApiTags('speakers')
@Controller('cluster-groups')
export class GroupsController {
  constructor(private readonly groups: GroupService) {}

  @Get()
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'Groups of clusters, by id' })
  @ApiPage(GroupDto, EXAMPLE)
  @ApiProblems(400)
  async list(@Query() query: PageQuery): Promise<Page<Group>> {
    return this.groups.list(query);
  }

  @Get(':id')
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'One group' })
  @ApiOkResponse({ type: GroupDto, example: EXAMPLE })
  @ApiProblems(404)
  async one(@Param('id') id: string): Promise<Group> {
    return this.groups.get(id);
  }

  @Post()
  @RequirePermission('speakers:write')
  @ApiOperation({ summary: 'Make a group' })
  @ApiCreatedResponse({ type: GroupDto, example: EXAMPLE })
  @ApiProblems(400, 409)
  async create(@CurrentActor() actor: Actor, @Body() body: NewGroupDto): Promise<Group> {
    return this.groups.create(actor, body);
  }

  @Patch(':id')
  @RequirePermission('speakers:write')
  @ApiOperation({ summary: 'Rename a group, or give it other members' })
  @ApiOkResponse({ type: GroupDto, example: EXAMPLE })
  @ApiProblems(400, 404)
  async change(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: ChangeGroupDto,
  ): Promise<Group> {
    return this.groups.change(actor, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('speakers:write')
  @ApiOperation({ summary: 'Remove a group; its clusters stay' })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    await this.groups.remove(actor, id);
  }
}
