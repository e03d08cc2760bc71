export { type Actor } from './actor.js';
export { CurrentActor, Public, RequirePermission } from './access.decorators.js';
export { PERMISSIONS, ROLES, type Permission, type Role } from './permissions.js';
