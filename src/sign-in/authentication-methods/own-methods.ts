import { lockUser } from '../../directory/index.js'
import { handleHash } from '../browser.js'
import { recordSecurityChange, type SecurityChange } from '../security-change.js'
import type { MethodKind } from './rules.js'
import { makeRecoveryCodes, maySetUp, type StepNeeds, type StepVisit } from './second-step.js'
import {
  codesToKeep,
  countRecoveryCodes,
  deleteCodesWithoutMethod,
  deleteMethod,
  findLiveSession,
  listMethods,
  type MethodRow,
} from './store.js'

/** What a person sees of their own second step. */
export type OwnMethods = {
  methods: { id: string; kind: MethodKind; displayName: string | null; created: Date; lastUsed: Date | null }[]
  recoveryCodesLeft: number
}

/** What somebody has set up, oldest first. */
export function listOwnMethods(
  { database }: Pick<StepNeeds, 'database'>,
  tenantId: string,
  userId: string,
): Promise<OwnMethods> {
  return database.withTenant(tenantId, async (scope) => {
    const rows = await listMethods(scope, userId)
    return {
      methods: rows.map(({ id, kind, displayName, createdDateTime, lastUsedDateTime }) => ({
        id,
        kind,
        displayName,
        created: createdDateTime,
        lastUsed: lastUsedDateTime,
      })),
      recoveryCodesLeft: await countRecoveryCodes(scope, userId),
    }
  })
}

/**
 * Takes one of their own methods away from somebody who has passed a second step; recovery codes go with the last one.
 * False when there is no such method, or when the session has not proved enough for it.
 */
export function removeOwnMethod(needs: StepNeeds, visit: StepVisit, methodId: string): Promise<boolean> {
  return changeOwn(needs, visit, 'User deleted security info', async ({ scope, userId, methods }) => {
    const method = methods.find(({ id }) => id === methodId)
    if (!method || !(await deleteMethod(scope, userId, methodId))) return undefined
    await deleteCodesWithoutMethod(scope, userId)
    return { change: 'removed', kind: method.kind }
  })
}

/** New recovery codes in place of those there are, to be kept by this browser. Conditions as for taking one away. */
export function renewRecoveryCodes(needs: StepNeeds, visit: StepVisit): Promise<boolean> {
  return changeOwn(needs, visit, 'User registered security info', async ({ scope, userId, handle, methods }) => {
    if (methods.length === 0) return undefined
    await codesToKeep(scope, handle, await makeRecoveryCodes(needs, scope, userId))
    return { change: 'codes' }
  })
}

type Change = {
  scope: Parameters<typeof lockUser>[0]
  userId: string
  handle: Buffer
  methods: MethodRow[]
}

function changeOwn(
  needs: StepNeeds,
  { tenantId, browser, session: { userId, address } }: StepVisit,
  activityDisplayName: string,
  change: (change: Change) => Promise<SecurityChange | undefined>,
): Promise<boolean> {
  const now = needs.clock()
  const handle = handleHash(needs.keys, browser, 'session', browser.session)
  return needs.database.withTenant(tenantId, async (scope) => {
    const user = await lockUser(scope, userId)
    const session = user && (await findLiveSession(scope, userId, handle, now))
    const methods = await listMethods(scope, userId)
    if (!session || !maySetUp({ session, methods })) return false
    const done = await change({ scope, userId, handle, methods })
    if (!done) return false
    await recordSecurityChange(
      scope,
      {
        id: needs.newId(),
        activityDateTime: now,
        activityDisplayName,
        initiatedBy: { kind: 'user', id: userId, displayName: address },
        targetId: userId,
      },
      done,
    )
    return true
  })
}
