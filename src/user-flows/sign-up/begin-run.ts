import type { EmailAddress } from '../../kernel/email-address.js'
import { later } from '../../kernel/instant.js'
import { clientNetwork } from '../../platform/client-network.js'
import { passcodeRequest, type StartedFlow } from '../../sign-in/index.js'
import { type BeginOutcome, begin, type Holder, subjectOf } from './store.js'
import { languageIn, type Visit } from './visit.js'

/** How long a run can be gone on with. Four hours. */
const RUN_MS = 4 * 3_600_000

/** Sign-ups that one network begins in an hour without the work that an organization asks for (`signUpChallenge`). */
const WITHOUT_WORK = 5

/**
 * Begins a run in a browser, or goes on with the one it has, and sends a code to `address` where one is given, or
 * remembers what is needed when somebody comes back from their home. Known and unknown addresses get the same answer:
 * nothing here looks for an account.
 */
export async function beginRun(
  visit: Visit,
  holder: Holder,
  { address, leaving, hasWorked }: { address?: EmailAddress; leaving?: StartedFlow; hasWorked: boolean },
): Promise<BeginOutcome> {
  const { needs, request, tenant, now } = visit
  const { signUpsPerNetworkAndHour, signUpsPerFlowAndHour, signUpChallenge } = tenant.settings
  const client = clientNetwork(request.ip)
  const flow = { tenantId: tenant.id, browser: holder.browser, subject: subjectOf(holder.flowId), now }
  const outcome = await begin(needs.database.sql, tenant.id, now, holder, {
    id: needs.newId(),
    client,
    expires: later(now, RUN_MS),
    mostOfClient:
      signUpChallenge && !hasWorked ? Math.min(WITHOUT_WORK, signUpsPerNetworkAndHour) : signUpsPerNetworkAndHour,
    mostOfFlow: signUpsPerFlowAndHour,
    leaving,
    passcode:
      address &&
      passcodeRequest(needs, flow, {
        address: address.text,
        folded: address.folded,
        language: languageIn(visit),
        client,
      }),
  })
  if (outcome.outcome === 'sent') needs.signal.raise('passcode.mail')
  return outcome
}
