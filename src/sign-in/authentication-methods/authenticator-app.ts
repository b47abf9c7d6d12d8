import type { Keys } from '../../platform/crypto.js'
import { attemptSecondStep, maySetUp, type StepNeeds, type StepOutcome, type StepVisit, setUp } from './second-step.js'
import { replaceSecret, takeTimeStep } from './store.js'
import { type Authenticator, authenticatorOf, offeredKey, stepOf } from './totp.js'

/** What this browser is offered to set its app up with. Writes nothing; the same until the key is taken. */
export function offerApp(keys: Keys, { tenantId, browser, session }: StepVisit, organization: string): Authenticator {
  return authenticatorOf(offeredKey(keys, tenantId, session.userId, browser.session), organization, session.address)
}

/** Sets the offered app up, shown by a code of it. The time step of that code counts as used. */
export function setUpApp(needs: StepNeeds, visit: StepVisit, code: string): Promise<StepOutcome> {
  const key = offeredKey(needs.keys, visit.tenantId, visit.session.userId, visit.browser.session)
  return attemptSecondStep(needs, visit, 'softwareOath', async (attempt) => {
    if (!maySetUp(attempt)) return { verdict: 'notDue' }
    const lastTimeStep = stepOf(key, code, attempt.now, 0)
    if (lastTimeStep === undefined) return { verdict: 'wrong' }
    const secret = needs.keys.seal('authentication-method', key)
    return setUp(needs, attempt, { kind: 'softwareOath', secret, lastTimeStep })
  })
}

/** Takes a code of any app that the person has set up; each time step once. */
export function proveWithApp(needs: StepNeeds, visit: StepVisit, code: string): Promise<StepOutcome> {
  const { keys } = needs
  return attemptSecondStep(needs, visit, 'softwareOath', async ({ scope, methods, now }) => {
    const apps = methods.filter(({ kind }) => kind === 'softwareOath')
    if (apps.length === 0) return { verdict: 'notDue' }
    for (const app of apps) {
      if (!app.secret) continue
      const key = keys.open('authentication-method', app.secret)
      const step = stepOf(key, code, now, app.lastTimeStep ?? 0)
      if (step === undefined || !(await takeTimeStep(scope, app, step, now))) continue
      if (keys.isOutdated('authentication-method', app.secret)) {
        await replaceSecret(scope, app, keys.seal('authentication-method', key))
      }
      return { verdict: 'passed', way: 'softwareOath' }
    }
    return { verdict: 'wrong' }
  })
}
