import { lockUser, readDirectoryRoles, readSubjectIn } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import type { Database } from '../../platform/database.js'
import { deletePassword, readPassword } from '../local-accounts/store.js'
import { recordSecurityChange } from '../security-change.js'
import { refusals } from './errors.js'
import { type MethodType, PASSWORD_ID, type ShownMethod, shownMethods } from './method-shapes.js'
import { mayDeleteMethods, mayReadMethods } from './rules.js'
import { deleteCodesWithoutMethod, deleteMethod, listMethods } from './store.js'

type Needs = { database: Database; clock: () => Date; newId: () => string }

/**
 * What a person can take a second step with (Graph: authentication-list-methods).
 * @throws Refusal: unknown person, a caller who may not see it.
 */
export function readMethods(
  { database }: Pick<Needs, 'database'>,
  caller: Caller,
  userId: string,
): Promise<ShownMethod[]> {
  if (!mayReadMethods(caller, userId)) throw refusals.roleMissing()
  return database.withTenant(caller.tenantId, async (scope) => {
    const user = await readSubjectIn(scope, userId)
    if (!user) throw refusals.notFound(userId)
    const password = await readPassword(scope, userId)
    return shownMethods(await listMethods(scope, userId), { mail: user.mail, password })
  })
}

/**
 * Takes a method away: whoever has none left sets one up at the next sign-in that asks (Graph:
 * softwareoathauthenticationmethod-delete and its like). Recovery codes go with the last one. Whose password goes chooses
 * another with a proof of the mailbox.
 * @throws Refusal: unknown person or method, a mailbox, a caller who may not.
 */
export async function deleteMethodOf(
  needs: Needs,
  caller: Caller,
  userId: string,
  { kind, type }: MethodType,
  methodId: string,
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const user = await lockUser(scope, userId)
    // Whoever may not look learns nothing of who is there.
    if (!mayReadMethods(caller, userId)) throw refusals.roleMissing()
    if (!user) throw refusals.notFound(userId)
    if (!mayDeleteMethods(caller, userId, await readDirectoryRoles(scope, userId))) throw refusals.roleMissing()
    const rows = await listMethods(scope, userId)
    const index = shownMethods(rows, {}).findIndex((shown) => shown.kind === kind && shown.id === methodId)
    const row = rows[index]
    if (kind === 'email') throw user.mail ? refusals.mailboxIsProfile() : refusals.notFound(methodId)
    const isGone =
      kind === 'password'
        ? methodId === PASSWORD_ID && (await deletePassword(scope, userId))
        : row !== undefined && (await deleteMethod(scope, userId, row.id))
    if (!isGone) throw refusals.notFound(methodId)
    await deleteCodesWithoutMethod(scope, userId)
    const isOwn = caller.kind === 'user' && caller.objectId === userId
    await recordSecurityChange(
      scope,
      {
        id: needs.newId(),
        activityDateTime: needs.clock(),
        activityDisplayName: isOwn ? 'User deleted security info' : 'Admin deleted security info',
        initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
        targetId: userId,
        additionalDetails: { type, id: row?.id ?? methodId },
      },
      { change: 'removed', kind },
    )
  })
}
