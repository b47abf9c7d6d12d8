import type { Database } from '../platform/database.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import { askConnector } from './connectors/index.js'
import { readUserFlow, userFlowOfApplication } from './flows/read-flow.js'
import { heldRequest, requestPath, SIGN_UP_MAIL, tieBrowser } from './requests/index.js'
import { type Neighbours, readTogether, signUpPath } from './sign-up/index.js'

type Needs = Parameters<typeof askConnector>[0] &
  Parameters<typeof heldRequest>[0] & { database: Database; signal: WorkSignal; clock: () => Date }

/** What the run of a sign-up asks of the parts of user flows beside it. */
export function createNeighbours(needs: Needs): Neighbours {
  const { sql } = needs.database
  return {
    readFlow: readTogether((tenantId, flowId) => readUserFlow(sql, tenantId, flowId)),
    ask: (question) => askConnector(needs, question),
    requests: {
      of: (holding) => heldRequest(needs, holding, needs.clock()),
      held: () => needs.signal.raise(SIGN_UP_MAIL),
      tie: (tenantId, id, browserHash) => tieBrowser(sql, tenantId, id, browserHash),
      path: requestPath,
    },
  }
}

/** Where people sign up who come to an application without an account; back to their sign-in there at the end. */
export function createSignUpAt({ database }: { database: Database }) {
  return async (tenantId: string, clientId: string, uid: string): Promise<string | undefined> => {
    const flow = await userFlowOfApplication(database.sql, tenantId, clientId)
    const query = new URLSearchParams({ continue: uid, app: clientId })
    return flow?.isEnabled ? `${signUpPath(tenantId, flow.id)}?${query}` : undefined
  }
}
