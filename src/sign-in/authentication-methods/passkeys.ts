import {
  type Ceremony,
  creationOptions,
  requestOptions,
  verifiedAssertion,
  verifiedCreation,
} from './passkey-ceremonies.js'
import { attemptSecondStep, maySetUp, type StepNeeds, type StepOutcome, type StepVisit, setUp } from './second-step.js'
import { listMethods, noteUse } from './store.js'

type PasskeyVisit = StepVisit & { origin: string }

/** What the browser is asked for a new passkey with, as JSON. Stores nothing: the challenge follows from the session. */
export function offerPasskey(needs: StepNeeds, visit: PasskeyVisit, organization: string): Promise<string> {
  const { tenantId, session } = visit
  return creationOptions(needs, ceremonyOf(visit), {
    organization,
    address: session.address,
    tenantId,
    userId: session.userId,
  })
}

/** What the browser is asked to show one of the person's passkeys with, as JSON. */
export async function askForPasskey(needs: StepNeeds, visit: PasskeyVisit): Promise<string> {
  const { database } = needs
  const methods = await database.withTenant(visit.tenantId, (scope) => listMethods(scope, visit.session.userId))
  return requestOptions(needs, ceremonyOf(visit), methods)
}

/** Sets up the passkey that a browser created for the challenge it was given here. */
export function setUpPasskey(needs: StepNeeds, visit: PasskeyVisit, credential: string): Promise<StepOutcome> {
  return attemptSecondStep(needs, visit, 'fido2', async (attempt) => {
    if (!maySetUp(attempt)) return { verdict: 'notDue' }
    const created = await verifiedCreation(needs, ceremonyOf(visit), credential)
    if (!created) return { verdict: 'wrong' }
    return setUp(needs, attempt, passkeyRow(created))
  })
}

/** Takes an assertion by one of the person's passkeys, for a challenge of this session. */
export function proveWithPasskey(needs: StepNeeds, visit: PasskeyVisit, credential: string): Promise<StepOutcome> {
  return attemptSecondStep(needs, visit, 'fido2', async ({ scope, methods, now }) => {
    const passkeys = methods.filter(({ kind }) => kind === 'fido2')
    if (passkeys.length === 0) return { verdict: 'notDue' }
    const shown = await verifiedAssertion(needs, ceremonyOf(visit), passkeys, credential)
    if (!shown) return { verdict: 'wrong' }
    await noteUse(scope, shown.passkey, now, shown.signCount)
    return { verdict: 'passed', way: 'fido2' }
  })
}

/** What is kept of a passkey that was created. */
export function passkeyRow({
  credential,
  aaguid,
  credentialBackedUp,
}: NonNullable<Awaited<ReturnType<typeof verifiedCreation>>>) {
  return {
    kind: 'fido2',
    displayName: 'Passkey',
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    signCount: credential.counter,
    transports: credential.transports ?? [],
    aaGuid: aaguid,
    isBackedUp: credentialBackedUp,
  } as const
}

/** A challenge is of one session; one that passed has another handle, so none is used twice. */
function ceremonyOf({ tenantId, session, browser, origin }: PasskeyVisit): Ceremony {
  return { origin, boundTo: [tenantId, session.userId, browser.session], userVerification: 'preferred' }
}
