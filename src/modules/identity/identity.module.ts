import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { AuthGuard } from './auth.guard.js';
import { Authenticator } from './authenticator.js';
import { DeviceCredentials } from './devices/device-credentials.js';
import { PermissionsController } from './permissions.controller.js';
import { AccessTokens } from './sessions/access-tokens.js';
import { AuthController } from './sessions/auth.controller.js';
import { pruneRefreshTokens } from './sessions/refresh-token-store.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInLimiter } from './sessions/sign-in-limiter.js';
import { SignedInUsers } from './sessions/signed-in-users.js';
import { UsersController } from './users/users.controller.js';
import { UsersService } from './users/users.service.js';

const PRUNE_EVERY_S = 3600;

/** Who somebody is and what they may do. Its guard stands before every route of the application. */
@Module({
  controllers: [AuthController, UsersController, ApiKeysController, PermissionsController],
  providers: [
    AccessTokens,
    ApiKeysService,
    Authenticator,
    AuthGuard,
    DeviceCredentials,
    SessionsService,
    SignedInUsers,
    SignInLimiter,
    UsersService,
    { provide: APP_GUARD, useExisting: AuthGuard },
  ],
  exports: [AuthGuard, DeviceCredentials, UsersService],
})
export class IdentityModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly uow: UnitOfWork,
    private readonly limiter: SignInLimiter,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('identity.prune', PRUNE_EVERY_S, async () => {
      await pruneRefreshTokens(this.uow.reader);
      await this.limiter.prune();
    });
  }
}
