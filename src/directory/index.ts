export { adoptObjects } from './adopt-objects.js'
export { answerForGuest } from './answer-guest.js'
export { changeUserWithin, isExternal, limitAccess, removeUser, setAccessEnd } from './change-user.js'
export type { DeletedKind } from './deleted-items/kind.js'
export { purgeDeleted } from './deleted-items/purge-deleted.js'
export { default as deletedItemRoutes } from './deleted-items/routes.js'
export { type ObjectChange, pageOfChanges } from './delta/change-feed.js'
export { columnNames } from './delta/delta-store.js'
export { directoryDelta } from './delta/directory-delta.js'
export { DeltaAnswer, default as deltaRoutes } from './delta/routes.js'
export { default as domainReferenceRoutes } from './domain-reference-routes.js'
export { isDomainInUse } from './domain-store.js'
export { defineExtensionProperty, type NewExtensionProperty } from './extensions/define-property.js'
export { deleteExtensionProperty, listExtensionProperties } from './extensions/store.js'
export type { DataType } from './extensions/tables.js'
export { addUserToGroups } from './groups/change-members.js'
export { applyQueuedRule } from './groups/dynamic/apply-rule.js'
export { forgetMemberships } from './groups/forget-memberships.js'
export { groupResource } from './groups/group-resource.js'
export { ownedBy as objectsOwnedBy } from './groups/held/owned-store.js'
export { owned as ownedObjects } from './groups/held/query.js'
export { membershipsAmong, peopleWithin } from './groups/member-store.js'
export { membershipRoutes } from './groups/membership-routes.js'
export { linksAbove } from './groups/relation-routes.js'
export { default as groupRoutes } from './groups/routes.js'
export { findGroups } from './groups/store.js'
export { leaveDomain } from './leave-domain.js'
export { type Casts, linkRoutes } from './link-routes.js'
export type { Reaction } from './needs.js'
export { concealed, showsMoreThanIds } from './objects/concealed.js'
export { directoryObjectResource } from './objects/directory-object.js'
export { directoryObject, searchedBy } from './objects/kinds.js'
export { findVisibleObjects } from './objects/read-objects.js'
export { default as directoryObjectRoutes } from './objects/routes.js'
export { READ_APPLICATIONS } from './objects/rules.js'
export { mine } from './permissions.js'
export { userItem } from './query.js'
export { isThereFor, resolveUserId, seesEverybody, userIdOf } from './read-users.js'
export { default as userRelationRoutes } from './relation-routes.js'
export { readSponsorIds } from './relations-store.js'
export { removeEndedGuests } from './remove-ended-guests.js'
export { removeNeverRedeemed } from './remove-never-redeemed.js'
export { holdersOfRoles } from './roles/holders-store.js'
export { roleResource } from './roles/role-resource.js'
export { default as userRoutes } from './routes.js'
export { InvitedUserProperties } from './schema.js'
export { type SelfServiceGuest, type SelfServiceRow, selfServiceRow } from './self-service-guest.js'
export { addSelfServiceGuest } from './self-service-store.js'
export { default as staleGuestRoutes } from './stale-guests/routes.js'
export { mayReadReports } from './stale-guests/rules.js'
export { staleGuestResource } from './stale-guests/stale-guest-resource.js'
export {
  deleteIdentities,
  findExisting,
  findHolderOfAddress,
  findUser,
  findUserByMail,
  insertUser,
  loadUsers,
  lockUser,
  readIdentities,
  readOtherMails,
  replaceOtherMails,
  updateUser,
} from './store.js'
export { assignDirectoryRole, readDirectoryRoles, readSubjectIn, type Subject } from './subject-store.js'
export type { UserRow } from './tables.js'
export { createUserReader, type ReadUser } from './user-reader-store.js'
export { otherMailsOf, userResource } from './user-resource.js'
