import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from './access.decorators.js';
import { type Permission, PERMISSIONS, type Role, ROLE_PERMISSIONS, ROLES } from './permissions.js';

class PermissionDto {
  @ApiProperty({ enum: Object.keys(PERMISSIONS), example: 'sites:write' }) permission: Permission;
  @ApiProperty({ example: 'create and change mobile sites and cells' }) allows: string;
}
class RoleDto {
  @ApiProperty({ enum: ROLES, example: 'planner' }) role: Role;
  @ApiProperty({ enum: Object.keys(PERMISSIONS), isArray: true, example: ['sites:read', 'sites:write'] })
  permissions: Permission[];
}
class RolesAndPermissionsDto {
  @ApiProperty({ type: [RoleDto] }) roles: RoleDto[];
  @ApiProperty({ type: [PermissionDto] }) permissions: PermissionDto[];
}
const EXAMPLE = {
  roles: [{ role: 'device', permissions: ['media:read'] }],
  permissions: [{ permission: 'media:read', allows: PERMISSIONS['media:read'] }],
};

@ApiTags('auth')
@Controller('permissions')
export class PermissionsController {
  @Get()
  @RequirePermission('profile:read')
  @ApiOperation({ summary: 'What there is to be allowed, and what each role may do' })
  @ApiOkResponse({ type: RolesAndPermissionsDto, example: EXAMPLE })
  list(): RolesAndPermissionsDto {
    return {
      roles: ROLES.map((role) => ({ role, permissions: [...ROLE_PERMISSIONS[role]] })),
      permissions: (Object.keys(PERMISSIONS) as Permission[]).map((permission) => ({
        permission,
        allows: PERMISSIONS[permission],
      })),
    };
  }
}
