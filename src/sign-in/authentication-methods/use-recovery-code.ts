import { matchingCode } from './recovery-codes.js'
import {
  attemptSecondStep,
  makeRecoveryCodes,
  type StepNeeds,
  type StepOutcome,
  type StepVisit,
} from './second-step.js'
import { listRecoveryCodes, useRecoveryCode } from './store.js'

/** Takes one of the recovery codes, once. With the last of them comes a new set. */
export function proveWithRecoveryCode(needs: StepNeeds, visit: StepVisit, code: string): Promise<StepOutcome> {
  return attemptSecondStep(needs, visit, 'recoveryCode', async ({ scope, user, now }) => {
    const left = await listRecoveryCodes(scope, user.id)
    if (left.length === 0) return { verdict: 'notDue' }
    const found = matchingCode(needs.keys, scope.tenantId, user.id, code, left)
    if (!found || !(await useRecoveryCode(scope, user.id, found, now))) return { verdict: 'wrong' }
    const codesToKeep = left.length > 1 ? undefined : await makeRecoveryCodes(needs, scope, user.id)
    return { verdict: 'passed', way: 'recoveryCode', codesToKeep }
  })
}
