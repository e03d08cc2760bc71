import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../../common/http/api-docs.js';
import type { Page } from '../../../common/http/page.js';
import { CurrentActor, RequirePermission } from '../access.decorators.js';
import type { Actor } from '../actor.js';
import { ChangeUserDto, CreateUserDto, USER_EXAMPLE, UserDto, UsersQuery } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @RequirePermission('users:manage')
  @ApiOperation({ summary: 'List users by username' })
  @ApiPage(UserDto, USER_EXAMPLE)
  @ApiProblems(400)
  list(@Query() query: UsersQuery): Promise<Page<UserDto>> {
    return this.users.list(query);
  }

  @Get(':id')
  @RequirePermission('users:manage')
  @ApiOperation({ summary: 'See a user' })
  @ApiOkResponse({ type: UserDto, example: USER_EXAMPLE })
  @ApiProblems(400, 404)
  get(@Param('id', ParseUUIDPipe) id: string): Promise<UserDto> {
    return this.users.get(id);
  }

  @Post()
  @RequirePermission('users:manage')
  @ApiOperation({ summary: 'Create a user' })
  @ApiCreatedResponse({ type: UserDto, example: USER_EXAMPLE })
  @ApiProblems(400, 409)
  create(@CurrentActor() actor: Actor, @Body() body: CreateUserDto): Promise<UserDto> {
    return this.users.create(actor, body);
  }

  @Patch(':id')
  @RequirePermission('users:manage')
  @ApiOperation({
    summary: 'Change a user: name, roles, jurisdiction, active, password',
    description: 'A new password or a deactivation ends all sessions of the user.',
  })
  @ApiOkResponse({ type: UserDto, example: USER_EXAMPLE })
  @ApiProblems(400, 404, 409)
  change(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ChangeUserDto,
  ): Promise<UserDto> {
    return this.users.change(actor, id, body);
  }
}
