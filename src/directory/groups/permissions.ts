import { READ_GROUPS } from '../objects/rules.js'

const both = (...names: string[]) => ({ application: names, delegated: names })

const WRITE_GROUPS = ['Group.ReadWrite.All', 'Directory.ReadWrite.All']

/** Graph's names, from the contract's table of permissions. */
export const readGroups = both(...READ_GROUPS)
export const createGroups = { application: ['Group.Create', ...WRITE_GROUPS], delegated: WRITE_GROUPS }
export const writeGroups = both(...WRITE_GROUPS)
/** Members alone: `PATCH /groups/{id}` takes it too, and looks again when there is more to change. */
export const writeMembers = both('GroupMember.ReadWrite.All', ...WRITE_GROUPS)

/** Whether a group could be called so. */
export const readGroupNames = both(
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

/** What a user is in: of themselves anybody may read it. Use cases look again. */
export const readMemberships = {
  application: [...readGroups.application, 'User.Read.All', 'User.ReadWrite.All'],
  delegated: [...readGroups.delegated, 'User.Read.All', 'User.ReadWrite.All', 'User.Read', 'User.ReadWrite'],
}

export const readObjects = both('Directory.Read.All', 'Directory.ReadWrite.All')
/** By way of any object; use cases look again at what may be done to one of its kind. */
export const readMembershipsOfObjects = both(...readGroups.application, 'User.Read.All', 'User.ReadWrite.All')
export const deleteObjects = both(
  'Directory.ReadWrite.All',
  'User.ReadWrite.All',
  'User.DeleteRestore.All',
  'Group.ReadWrite.All',
)
