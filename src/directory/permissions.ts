import type { FastifyRequest } from 'fastify'
import type { PermissionSets } from '../graph/access.js'
import { refusals } from './errors.js'
import { READ_ALL_USERS } from './rules.js'

const writeAll = ['User.ReadWrite.All', 'Directory.ReadWrite.All']
const both = (...names: string[]) => ({ application: names, delegated: names })

/** Reading people. User.Read and User.ReadWrite of a person's client reach only that person: use cases look again. */
export const readUsers = {
  application: [...READ_ALL_USERS, 'User.ReadBasic.All'],
  delegated: [...READ_ALL_USERS, 'User.ReadBasic.All', 'User.Read', 'User.ReadWrite'],
}

/** Creating people, and changing what ties them to others. */
export const writeUsers = both(...writeAll)

/** Changing one: everything, whether they may sign in, or, for oneself, what is said of oneself. */
export const changeUsers = {
  application: [...writeAll, ['User.EnableDisableAccount.All', 'User.Read.All']],
  delegated: [...writeAll, ['User.EnableDisableAccount.All', 'User.Read.All'], 'User.ReadWrite'],
}

export const deleteUsers = both(...writeAll, 'User.DeleteRestore.All')

export const revokeSessions = both('User.RevokeSessions.All', ...writeAll)

/** Delegated permissions for `/me`, where there is somebody whom it can mean. */
export const mine = (permission: { delegated: PermissionSets }) => ({
  permission: { delegated: permission.delegated },
  otherwise: ({ caller }: FastifyRequest) => (caller.kind === 'application' ? refusals.meNeedsPerson() : undefined),
})
