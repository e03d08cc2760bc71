import { Body, Controller, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { CurrentActor, Public, RequirePermission } from '../access.decorators.js';
import type { Actor } from '../actor.js';
import {
  ChangePasswordDto,
  ME_EXAMPLE,
  MeDto,
  RefreshDto,
  SESSION_EXAMPLE,
  SessionDto,
  SignInDto,
} from './auth.dto.js';
import { SessionsService } from './sessions.service.js';
import { TooManySignIns } from './sign-in-limiter.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(private readonly sessions: SessionsService) {}

  @Post('login')
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in with username and password' })
  @ApiOkResponse({ type: SessionDto, example: SESSION_EXAMPLE })
  @ApiProblems(400, 401, 429)
  async login(
    @Body() body: SignInDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    return sayingWhen(reply, () => this.sessions.signIn(body.username, body.password, request.ip));
  }

  @Put('password')
  @RequirePermission('profile:write')
  @ApiOperation({
    summary: 'Change one’s own password',
    description:
      'Ends every session of the user, this one too; the answer has the tokens of a new one. Wrong attempts count like failed sign-ins.',
  })
  @ApiOkResponse({ type: SessionDto, example: SESSION_EXAMPLE })
  @ApiProblems(400, 429)
  changePassword(
    @CurrentActor() actor: Actor,
    @Body() body: ChangePasswordDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    return sayingWhen(reply, () => this.sessions.changePassword(actor, body, request.ip));
  }

  @Post('refresh')
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Exchange a refresh token for new tokens' })
  @ApiOkResponse({ type: SessionDto, example: SESSION_EXAMPLE })
  @ApiProblems(400, 401)
  refresh(@Body() body: RefreshDto): Promise<SessionDto> {
    return this.sessions.refresh(body.refreshToken);
  }

  @Post('logout')
  @Public()
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session that a refresh token belongs to' })
  @ApiNoContentResponse({ description: 'The session has ended, or there was none' })
  @ApiProblems(400)
  logout(@Body() body: RefreshDto): Promise<void> {
    return this.sessions.signOut(body.refreshToken);
  }

  @Get('me')
  @RequirePermission('profile:read')
  @ApiOperation({ summary: 'Who is signed in, and what they may do' })
  @ApiOkResponse({ type: MeDto, example: ME_EXAMPLE })
  me(@CurrentActor() actor: Actor): MeDto {
    return {
      kind: actor.kind,
      id: actor.id,
      name: actor.name,
      permissions: [...actor.permissions].sort(),
      jurisdictionAreaId: actor.jurisdictionAreaId,
    };
  }
}

/** Who has tried too often is told when to come back. */
async function sayingWhen<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooManySignIns) void reply.header('retry-after', error.retryAfterS);
    throw error;
  }
}
