export { type Actor } from './actor.js';
export {
  CurrentActor,
  OptionalActor,
  Public,
  PublicWithActor,
  RequirePermission,
} from './access.decorators.js';
export { AuthGuard } from './auth.guard.js';
export { DEVICE_CREDENTIAL_CHANGED, DeviceCredentials } from './devices/device-credentials.js';
export { IdentityModule } from './identity.module.js';
export { PERMISSIONS, permissionsOf, ROLES, type Permission, type Role } from './permissions.js';
export { assertAllRoutesDeclareAccess, listRouteAccess } from './route-access.js';
export { UserEntity } from './users/user.entity.js';
export { UsersService } from './users/users.service.js';
