export { purgeDeleted } from './deleted-items/purge-deleted.js'
export { default as deletedItemRoutes } from './deleted-items/routes.js'
export { type ObjectChange, pageOfChanges } from './delta/change-feed.js'
export { default as deltaRoutes } from './delta/routes.js'
export { findGroups } from './groups/store.js'
export { default as userRelationRoutes } from './relation-routes.js'
export { removeNeverRedeemed } from './remove-never-redeemed.js'
export { default as userRoutes } from './routes.js'
export {
  assignDirectoryRole,
  deleteIdentities,
  findExisting,
  findHolderOfAddress,
  insertUser,
  isDomainInUse,
  lockUser,
  readDirectoryRoles,
  readOtherMails,
  readSubjectIn,
  replaceOtherMails,
  type Subject,
  updateUser,
} from './store.js'
export type { UserRow } from './tables.js'
export { otherMailsOf, userResource } from './user-resource.js'
