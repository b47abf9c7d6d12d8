import { lockUser, readDirectoryRoles } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import type { Database } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import type { TextSender } from '../../platform/text-messages/text-message.js'
import { recordSecurityChange } from '../security-change.js'
import { refusals } from './errors.js'
import { MOBILE_PHONE_ID, type ShownMethod, shownMethods } from './method-shapes.js'
import { mayAddMethods, mayReadMethods, readPhoneNumber } from './rules.js'
import { insertMethod, listMethods } from './store.js'

type Needs = { database: Database; clock: () => Date; newId: () => string; texts: TextSender | undefined }

/**
 * Gives somebody a phone that codes go to, on an administrator's word (Graph: authentication-post-phonemethods). There
 * is one for a person, as Graph has one mobile phone, and the next sign-in that asks for a second step takes it.
 * @throws Refusal: no such person, a caller who may not, a number or type that is none, a phone that is there already.
 */
export function addPhone(
  needs: Needs,
  caller: Caller,
  userId: string,
  wish: { phoneNumber: string; phoneType: string },
  idempotent?: IdempotentRequest,
): Promise<ShownMethod> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const id = needs.newId()
    const now = needs.clock()
    const made = await madeBefore(scope, idempotent, id, now)
    const user = await lockUser(scope, userId)
    // Whoever may not look learns nothing of who is there.
    if (!mayReadMethods(caller, userId)) throw refusals.roleMissing()
    if (!user) throw refusals.notFound(userId)
    if (!mayAddMethods(caller, userId, await readDirectoryRoles(scope, userId))) throw refusals.roleMissing()
    const before = await listMethods(scope, userId)
    const phone = before.find(({ kind }) => kind === 'phone')
    if (made !== undefined) {
      if (phone?.id !== made) throw refusals.notFound(MOBILE_PHONE_ID)
      return shownPhone([phone])
    }
    if (wish.phoneType !== 'mobile') throw refusals.onlyMobile()
    const phoneNumber = readPhoneNumber(wish.phoneNumber)
    if (phoneNumber === undefined) throw refusals.notPhoneNumber()
    if (needs.texts?.reaches(phoneNumber) === false) throw refusals.countryNotReached()
    if (phone) throw refusals.phoneExists()
    await insertMethod(scope, { id, userId, kind: 'phone', phoneNumber, createdDateTime: now })
    await recordSecurityChange(
      scope,
      {
        id: needs.newId(),
        activityDateTime: now,
        activityDisplayName: 'Admin registered security info',
        initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
        targetId: userId,
        additionalDetails: { method: 'Phone' },
      },
      { change: 'added', kind: 'phone' },
    )
    return shownPhone(await listMethods(scope, userId))
  })
}

function shownPhone(rows: Parameters<typeof shownMethods>[0]): ShownMethod {
  const phone = shownMethods(rows, {}).find(({ kind }) => kind === 'phone')
  if (!phone) throw new Error('a phone was made and is not there')
  return phone
}
