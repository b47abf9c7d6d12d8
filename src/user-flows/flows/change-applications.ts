import { findApplications } from '../../applications/index.js'
import type { Caller } from '../../graph/caller.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { refusals } from '../errors.js'
import { type ChangeNeeds, changeFlow } from './change-flow.js'
import { deleteFlowApplication, findFlowOfApplication, insertFlowApplication } from './store.js'

/**
 * Has people who come to an application sign up by a flow (addition; Entra has it in its portal only). One flow an
 * application, many applications a flow. @throws Refusal
 */
export function attachApplication(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  applicationId: string,
  idempotent?: IdempotentRequest,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    idempotent,
    async write(scope, flow) {
      const [application] = await findApplications(scope, [applicationId])
      if (!application) throw refusals.notFound(applicationId)
      const { appId } = application
      if (!(await insertFlowApplication(scope, { flowId: flow.id, applicationId, appId }))) {
        const other = await findFlowOfApplication(scope, applicationId)
        throw other === flow.name ? refusals.referenceExists(applicationId) : refusals.applicationTaken(other ?? '')
      }
      return { details: { application: appId } }
    },
  })
}

/** People who come to the application only sign in from then on. @throws Refusal when it has another flow or none. */
export function detachApplication(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  applicationId: string,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      if (!(await deleteFlowApplication(scope, flow.id, applicationId))) throw refusals.notFound(applicationId)
      return { details: { removedApplication: applicationId } }
    },
  })
}
