import { uuidv7 } from '../../kernel/ids.js'
import { clientNetwork } from '../../platform/client-network.js'
import type { TenantScope } from '../../platform/database.js'
import { loggedFor } from '../log/log-context.js'
import { logHasRoom, logSignIn } from '../log/store.js'
import type { FlowHome, FlowPurpose, Trouble } from './flow.js'

/** What the sign-in log calls a home: the id of the identity provider or of the organization. */
export function providerOf(home: FlowHome): string {
  return home.kind === 'provider' ? home.providerId : home.tenantId
}

/**
 * Writes the line of a sign-in that led nowhere; none of what was no sign-in. Anybody can begin one and bring an answer that
 * says no, so beyond thirty an hour from a network nothing is written.
 */
export async function logTrouble(
  scope: TenantScope,
  now: Date,
  { purpose, home, client }: { purpose: FlowPurpose; home: FlowHome; client: string | undefined },
  trouble: Trouble,
): Promise<void> {
  const logged = loggedFor(purpose)
  if (!logged) return
  const network = `home ${client === undefined ? '' : clientNetwork(client)}`
  if (!(await logHasRoom(scope, now, { id: uuidv7(now.getTime()), network }))) return
  const { userId, address } = purpose
  await logSignIn(scope, now, {
    userId: typeof userId === 'string' ? userId : undefined,
    method: 'federated',
    outcome: trouble,
    log: {
      ...logged,
      client,
      provider: providerOf(home),
      identifier: typeof address === 'string' ? address : home.name,
    },
  })
}
