import t from 'tap'
import {
  changeProblem,
  defaultVisibility,
  type GroupPart,
  type GroupShape,
  mayChangeGroup,
  mayCreateGroup,
  shapeProblem,
} from '../../../src/directory/groups/rules.js'

const GLOBAL = '62e90394-69f5-4237-9190-012177145e10'
const USERS = 'fe930be7-5e62-47db-91af-98c3a49a38b1'
const GROUPS = 'fdd7a751-b60b-444a-984c-02652fe8fa1c'
const ROLES = 'e8611ab8-c189-46e8-94e1-60213ab1f814'
const INVITER = '95e79109-95c0-4d8e-aee3-d01accf2d47b'

const person = (role?: string, userType: 'Member' | 'Guest' = 'Member') => ({
  kind: 'user' as const,
  userType,
  directoryRoles: new Set(role ? [role] : []),
  permissions: new Set(['Group.ReadWrite.All', 'RoleManagement.ReadWrite.Directory']),
})
const app = (...permissions: string[]) => ({
  kind: 'application' as const,
  directoryRoles: new Set<string>(),
  permissions: new Set(permissions),
})
const HAND_OUT_ROLES = 'RoleManagement.ReadWrite.Directory'

t.test('who may create which group', async (t) => {
  const plain = { isDynamic: false, isAssignableToRole: false }
  const dynamic = { isDynamic: true, isAssignableToRole: false }
  const forRoles = { isDynamic: false, isAssignableToRole: true }
  const cases: [
    who: string,
    caller: Parameters<typeof mayCreateGroup>[0],
    open: boolean,
    group: typeof plain,
    may: boolean,
  ][] = [
    ['an application', app(), false, plain, true],
    ['an application', app(), false, dynamic, true],
    ['an application', app(), false, forRoles, false],
    ['an application that hands out roles', app(HAND_OUT_ROLES), false, forRoles, true],
    ['a member', person(), false, plain, false],
    ['a member where members may', person(), true, plain, true],
    ['a member where members may', person(), true, dynamic, false],
    ['a member where members may', person(), true, forRoles, false],
    ['a guest where members may', person(undefined, 'Guest'), true, plain, false],
    ['a guest who administers groups', person(GROUPS, 'Guest'), false, plain, true],
    ['a Groups Administrator', person(GROUPS), false, dynamic, true],
    ['a Groups Administrator', person(GROUPS), false, forRoles, false],
    ['a User Administrator', person(USERS), false, plain, true],
    ['a Guest Inviter', person(INVITER), false, plain, false],
    ['a Privileged Role Administrator', person(ROLES), false, plain, false],
    ['a Privileged Role Administrator', person(ROLES), false, forRoles, true],
    ['a Global Administrator', person(GLOBAL), false, forRoles, true],
  ]
  for (const [who, caller, membersCreateGroups, group, may] of cases) {
    t.equal(mayCreateGroup(caller, { membersCreateGroups }, group), may, `${who}, ${JSON.stringify(group)}`)
  }
})

t.test('who may change which part of a group', async (t) => {
  const parts: GroupPart[] = ['properties', 'members', 'owners', 'rule', 'whole']
  const cases: [
    who: string,
    caller: Parameters<typeof mayChangeGroup>[0],
    isOwner: boolean,
    plain: GroupPart[],
    forRoles: GroupPart[],
  ][] = [
    ['an application', app(), false, parts, []],
    ['an application that hands out roles', app(HAND_OUT_ROLES), false, parts, parts],
    ['a member', person(), false, [], []],
    [
      'an owner',
      person(),
      true,
      ['properties', 'members', 'owners', 'whole'],
      ['properties', 'members', 'owners', 'whole'],
    ],
    [
      'an owner who is a guest',
      person(undefined, 'Guest'),
      true,
      ['properties', 'members', 'owners', 'whole'],
      ['properties', 'members', 'owners', 'whole'],
    ],
    ['a Groups Administrator', person(GROUPS), false, parts, []],
    ['a User Administrator', person(USERS), false, parts, []],
    ['a Guest Inviter', person(INVITER), false, [], []],
    ['a Privileged Role Administrator', person(ROLES), false, [], parts],
    ['a Global Administrator', person(GLOBAL), false, parts, parts],
  ]
  for (const [who, caller, isOwner, plain, forRoles] of cases) {
    for (const part of parts) {
      t.equal(
        mayChangeGroup(caller, { isAssignableToRole: false, isOwner }, part),
        plain.includes(part),
        `${who}, ${part}`,
      )
      t.equal(
        mayChangeGroup(caller, { isAssignableToRole: true, isOwner }, part),
        forRoles.includes(part),
        `${who}, ${part} of one for roles`,
      )
    }
  }
})

const security: GroupShape = {
  isUnified: false,
  isDynamic: false,
  mailEnabled: false,
  securityEnabled: true,
  visibility: 'Private',
  isAssignableToRole: false,
  membershipRule: null,
}
const unified: GroupShape = {
  ...security,
  isUnified: true,
  mailEnabled: true,
  securityEnabled: false,
  visibility: 'Public',
}
const rule = { isDynamic: true, membershipRule: 'user.city -eq "x"' }

t.test('which groups there are', async (t) => {
  const cases: [group: GroupShape, wrong: string | undefined][] = [
    [security, undefined],
    [unified, undefined],
    [{ ...unified, securityEnabled: true }, undefined],
    [{ ...security, ...rule }, undefined],
    [{ ...unified, ...rule }, undefined],
    [{ ...unified, visibility: 'HiddenMembership' }, undefined],
    [{ ...security, visibility: 'Public' }, undefined],
    [{ ...security, mailEnabled: true }, 'mailEnabled'],
    [{ ...security, securityEnabled: false }, 'securityEnabled'],
    [{ ...unified, mailEnabled: false }, 'mailEnabled'],
    [{ ...security, visibility: 'HiddenMembership' }, 'visibility'],
    [{ ...security, isDynamic: true }, 'membershipRule'],
    [{ ...security, membershipRule: 'x' }, 'membershipRule'],
    [{ ...security, isAssignableToRole: true }, undefined],
    [{ ...security, isAssignableToRole: true, visibility: 'Public' }, 'isAssignableToRole'],
    [{ ...security, ...rule, isAssignableToRole: true }, 'isAssignableToRole'],
    [{ ...unified, visibility: 'Private', isAssignableToRole: true }, 'isAssignableToRole'],
  ]
  for (const [group, wrong] of cases) t.equal(shapeProblem(group)?.details.target, wrong, JSON.stringify(group))
})

t.test('what stays as it was made', async (t) => {
  const cases: [before: GroupShape, change: Partial<GroupShape>, wrong: string | undefined][] = [
    [security, {}, undefined],
    [security, { visibility: 'Public' }, undefined],
    [security, rule, undefined],
    [{ ...security, ...rule }, { isDynamic: false, membershipRule: null }, undefined],
    [unified, { securityEnabled: true }, undefined],
    [security, { isUnified: true, mailEnabled: true }, 'groupTypes'],
    [unified, { mailEnabled: false }, 'mailEnabled'],
    [security, { isAssignableToRole: true }, 'isAssignableToRole'],
    [unified, { visibility: 'HiddenMembership' }, 'visibility'],
    [{ ...unified, visibility: 'HiddenMembership' }, { visibility: 'Public' }, 'visibility'],
    [security, { securityEnabled: false }, 'securityEnabled'],
    [security, { isDynamic: true }, 'membershipRule'],
  ]
  for (const [before, change, wrong] of cases) {
    t.equal(changeProblem(before, { ...before, ...change })?.details.target, wrong, JSON.stringify(change))
  }
})

t.test('security groups are private and Microsoft 365 groups public unless something else is said', async (t) => {
  t.equal(defaultVisibility({ isUnified: false, isAssignableToRole: false }), 'Private')
  t.equal(defaultVisibility({ isUnified: true, isAssignableToRole: false }), 'Public')
  t.equal(defaultVisibility({ isUnified: true, isAssignableToRole: true }), 'Private')
})
