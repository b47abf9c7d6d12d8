import { DAY_MS, later } from '../../kernel/instant.js'
import { type MethodKind, type SecondStep, secondStep, tryLimit } from './rules.js'
import { maySetUp, type StepNeeds, type StepVisit } from './second-step.js'
import { countRecoveryCodes, listFailures, listMethods } from './store.js'

/** The second step that is due, and when there is a next try if there is none now. */
export type Standing = SecondStep & { retryAt: Date | undefined }

/** Looks up which second step is due. Writes nothing. */
export function readSecondStep(
  { database, clock }: StepNeeds,
  { tenantId, session }: StepVisit,
  available: readonly MethodKind[],
  wished: string | undefined,
  isAdding = false,
): Promise<Standing> {
  const now = clock()
  return database.withTenant(tenantId, async (scope) => {
    const methods = await listMethods(scope, session.userId)
    const facts = {
      kinds: methods.map(({ kind }) => kind),
      recoveryCodesLeft: await countRecoveryCodes(scope, session.userId),
      first: session,
      mailbox: undefined,
      available,
      isAdding: isAdding && maySetUp({ session, methods }),
    }
    const limit = tryLimit(await listFailures(scope, session.userId, later(now, -DAY_MS)), now)
    return { ...secondStep(facts, wished), retryAt: 'retryAt' in limit ? limit.retryAt : undefined }
  })
}
