import fc from 'fast-check';
import { mayGrant } from './grants.js';
import { type Permission, PERMISSIONS, permissionsOf } from './permissions.js';

const HERE = '00000000-0000-4000-8000-000000000001';
const THERE = '00000000-0000-4000-8000-000000000002';
const everywhere = { permissions: permissionsOf(['administrator']), jurisdictionAreaId: null };

test('an administrator of everything may grant everything', () => {
  expect(mayGrant(everywhere, permissionsOf(['administrator']), null)).toBe(true);
  expect(mayGrant(everywhere, permissionsOf(['viewer']), HERE)).toBe(true);
});

test('one with a jurisdiction grants in that one only', () => {
  const here = { ...everywhere, jurisdictionAreaId: HERE };
  expect(mayGrant(here, [], HERE)).toBe(true);
  expect(mayGrant(here, [], THERE)).toBe(false);
  expect(mayGrant(here, [], null)).toBe(false);
});

test('what one does not hold cannot be granted', () => {
  const some = fc.subarray(Object.keys(PERMISSIONS) as Permission[]);
  fc.assert(
    fc.property(some, some, (held, granted) => {
      const granter = { permissions: new Set(held), jurisdictionAreaId: null };
      expect(mayGrant(granter, granted, null)).toBe(granted.every((permission) => held.includes(permission)));
    }),
  );
});
