import type { AuditActor } from '../../audit/index.js'
import type { PermissionSets } from '../../graph/access.js'
import type { Caller } from '../../graph/caller.js'
import type { Collection } from '../../graph/odata/collection.js'
import type { GraphType, ReadContext, Resource } from '../../graph/odata/resource.js'
import type { TenantScope } from '../../platform/database.js'
import type { DirectoryNeeds } from '../needs.js'
import type { RestoreWish } from './schema.js'

/** Of clients, and of what people use. */
export type Permissions = { application: PermissionSets; delegated: PermissionSets }

/** One kind of object that is kept for a while after it was deleted. Users and groups each have one, others are told. */
export type DeletedKind = {
  type: GraphType
  /** Shows deleted objects, and only those. */
  resource: Resource
  /** Shows those that are not. */
  present: Resource
  collection: Collection
  /** What reading, and restoring or removing for good, ask for. The route has asked for those of some kind already. */
  mayRead: Permissions
  mayChange: Permissions
  /** @throws Refusal when the caller sees no list of them. */
  mustList(context: ReadContext): Promise<undefined>
  /** Makes it what it was. The row is locked here. @throws Refusal: not there, a conflict, a caller who may not. */
  restore(needs: DirectoryNeeds, scope: TenantScope, caller: Caller, id: string, wish: RestoreWish): Promise<void>
  /** Whether this caller may remove it for good. @throws Refusal when not. */
  mustPurge(scope: TenantScope, caller: Caller, id: string): Promise<void>
  /** Ids of those deleted before `before`, locked, in the order in which they were deleted. */
  lockLapsed(scope: TenantScope, before: Date, most: number): Promise<string[]>
  /** Removes the rows and everything that hangs on them. */
  purge(
    needs: Pick<DirectoryNeeds, 'clock' | 'newId' | 'onUsersPurged'>,
    scope: TenantScope,
    ids: readonly string[],
    actor: AuditActor,
  ): Promise<void>
}
