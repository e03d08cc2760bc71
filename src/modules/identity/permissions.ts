/** Every permission there is, with what it allows. A route names exactly one of them, or is public. */
export const PERMISSIONS = {
  'attributes:read': 'see which custom attributes there are',
  'attributes:write': 'define, change and retire custom attributes',
  'areas:read': 'see administrative units',
  'areas:write': 'change administrative units',
  'hamlets:read': 'see hamlets and the mobile signal reported of them',
  'hamlets:write': 'create, change and take out hamlets',
  'sites:read': 'see mobile sites and cells',
  'sites:write': 'create and change mobile sites and cells',
  'sites:transition': 'move mobile sites through their life cycle, each step as its table allows',
  'sites:approve': 'approve mobile sites, and give them up for good',
  'fibre:read': 'see fibre figures',
  'fibre:write': 'record fibre figures',
  'fibre:close': 'close a quarter of fibre figures for good',
  'coverage:read': 'see coverage runs and figures',
  'coverage:run': 'start and cancel coverage runs',
  'coverage:configure': 'set what coverage runs take by default',
  'speakers:read': 'see loudspeaker clusters and their state',
  'speakers:write': 'register clusters and groups and configure them',
  'speakers:command': 'send self-test, volume and reboot to a cluster',
  'speakers:credentials': 'issue and revoke the credential of a cluster',
  'media:read': 'see and fetch audio',
  'media:write': 'upload audio',
  'broadcasts:read': 'see broadcasts and what was played',
  'broadcasts:write': 'announce, and stop an announcement',
  'broadcasts:emergency': 'announce as EMERGENCY, over everything and in quiet hours',
  'programmes:read': 'see programmes, their schedules and what became of them',
  'programmes:write': 'write, submit and cancel programmes',
  'programmes:approve': 'approve and reject programmes of others',
  'open-data:read': 'read the collections of open data that are not public',
  'open-data:manage': 'make a collection of open data public, or not',
  'imports:read': 'see imports of files, their reports and corrections',
  'imports:write': 'import files; each resource needs its own permission as well',
  'users:manage': 'manage users',
  'api-keys:manage': 'manage API keys',
  'audit:read': 'read the audit trail',
  'history:read': 'see how the register changed, by whom, and as it was at a moment',
  'webhooks:manage': 'manage webhooks: whom changes are sent to',
  'operations:read': 'see jobs, dead letters and queues',
  'profile:read': 'see oneself',
  'profile:write': 'change one’s own password',
} as const;
export type Permission = keyof typeof PERMISSIONS;

export const ROLES = [
  'administrator',
  'planner',
  'broadcaster',
  'approver',
  'viewer',
  'device',
  'api-client',
] as const;
export type Role = (typeof ROLES)[number];

/** What a person can be, and what an API key can; `device` is neither's. The tables check the same lists. */
export const USER_ROLES = ['administrator', 'planner', 'broadcaster', 'approver', 'viewer'] as const;
export type UserRole = (typeof USER_ROLES)[number];
export const API_KEY_ROLES = [...USER_ROLES, 'api-client'] as const;
export type ApiKeyRole = (typeof API_KEY_ROLES)[number];

const READ: Permission[] = [
  'attributes:read',
  'areas:read',
  'hamlets:read',
  'sites:read',
  'fibre:read',
  'coverage:read',
  'speakers:read',
  'media:read',
  'broadcasts:read',
  'programmes:read',
  'open-data:read',
  'profile:read',
];

/** A person has a password of their own; an API client does not. */
const PERSON: Permission[] = [...READ, 'profile:write'];

/** What each role may do. `device` is a loudspeaker cluster fetching its audio. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  administrator: Object.keys(PERMISSIONS) as Permission[],
  planner: [
    'imports:read',
    'imports:write',
    ...PERSON,
    'history:read',
    'areas:write',
    'hamlets:write',
    'sites:write',
    'sites:transition',
    'fibre:write',
    'fibre:close',
    'coverage:run',
  ],
  broadcaster: [
    ...PERSON,
    'speakers:command',
    'media:write',
    'broadcasts:write',
    'broadcasts:emergency',
    'programmes:write',
  ],
  approver: [
    ...PERSON,
    'history:read',
    'sites:transition',
    'sites:approve',
    'broadcasts:write',
    'broadcasts:emergency',
    'programmes:approve',
  ],
  viewer: PERSON,
  device: ['media:read'],
  'api-client': READ,
};

export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  return new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role]));
}
