export { type Reaction, removeUser } from './change-user.js'
export { removeNeverRedeemed } from './remove-never-redeemed.js'
export { default as userRoutes } from './routes.js'
export {
  assignDirectoryRole,
  deleteIdentities,
  findExisting,
  findHolderOfAddress,
  findUser,
  insertUser,
  listNeverRedeemed,
  lockUser,
  readDirectoryRoles,
  readSubjectIn,
  type Subject,
  updateUser,
} from './store.js'
export type { UserRow } from './tables.js'
export { graphDateTime, otherMailsOf } from './user-resource.js'
