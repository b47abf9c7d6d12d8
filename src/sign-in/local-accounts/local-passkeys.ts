import { later } from '../../kernel/instant.js'
import {
  type Ceremony,
  CHALLENGE_MS,
  creationOptions,
  requestOptions,
  verifiedAssertion,
  verifiedCreation,
} from '../authentication-methods/passkey-ceremonies.js'
import { passkeyRow } from '../authentication-methods/passkeys.js'
import { insertMethod, listMethods, noteUse } from '../authentication-methods/store.js'
import { useAssertion } from '../federation/flow-store.js'
import { logHasRoom } from '../log/store.js'
import { NOBODY } from '../log/tables.js'
import { recordSecurityChange } from '../security-change.js'
import { withProof } from './choose-password.js'
import { admit, begin, type LocalNeeds, type LocalOutcome, type LocalVisit, logTry } from './local-visit.js'
import { maySetPasskeyUp } from './rules.js'

/**
 * A passkey whose device made sure who holds it is both steps at once: what one has, and what one knows or is (NIST SP
 * 800-63B section 2.2.1).
 */
const BOTH_STEPS = ['fido', 'mfa']

/** What the browser is asked for a new passkey with, as JSON. Stores nothing. */
export function offerPasskeyHere(needs: LocalNeeds, visit: LocalVisit): Promise<string> {
  const { tenant, userId = '', address } = visit
  return creationOptions(needs, ceremonyOf(visit), {
    organization: tenant.displayName,
    address,
    tenantId: tenant.id,
    userId,
  })
}

/** What the browser is asked to show a passkey with. It names none: whose address has one is nobody's business. */
export function askForPasskeyHere(needs: LocalNeeds, visit: LocalVisit): Promise<string> {
  return requestOptions(needs, ceremonyOf(visit), [])
}

/** Sets a passkey up, for a browser that has just proved the mailbox, and signs it in with both steps taken. */
export async function createPasskeyHere(
  needs: LocalNeeds,
  visit: LocalVisit,
  credential: string,
): Promise<LocalOutcome> {
  const created = await verifiedCreation(needs, ceremonyOf(visit), credential)
  if (!created) return { outcome: 'wrong' }
  return withProof(needs, visit, async (scope, admitted, now) => {
    const { user } = admitted
    if (!maySetPasskeyUp(await listMethods(scope, user.id))) return { outcome: 'notDue' }
    const used = { userId: user.id, createdDateTime: now, lastUsedDateTime: now }
    await insertMethod(scope, { ...passkeyRow(created), ...used, id: needs.newId() })
    await recordSecurityChange(
      scope,
      {
        id: needs.newId(),
        activityDateTime: now,
        activityDisplayName: 'User registered security info',
        initiatedBy: { kind: 'user', id: user.id, displayName: visit.address },
        targetId: user.id,
        additionalDetails: { method: 'Passkey' },
      },
      { change: 'added', kind: 'fido2' },
    )
    return begin(needs, scope, visit, admitted, { method: 'fido2', amr: BOTH_STEPS, now })
  })
}

/** Signs a browser in by a passkey of the person, for a challenge of this visit, each once. */
export function signInWithPasskey(needs: LocalNeeds, visit: LocalVisit, credential: string): Promise<LocalOutcome> {
  const { tenant, userId } = visit
  const now = needs.clock()
  return needs.database.withTenant(tenant.id, async (scope): Promise<LocalOutcome> => {
    const admitted = await admit(scope, visit, userId, now)
    // Looked up for nobody, too, or the time it takes would tell.
    const passkeys = (await listMethods(scope, userId ?? NOBODY)).filter(({ kind }) => kind === 'fido2')
    const shown = await verifiedAssertion(needs, ceremonyOf(visit), passkeys, credential)
    // No session is there yet that would end with the challenge, so each is remembered until it ends by itself.
    const challenge = shown && {
      issuer: 'passkey',
      assertionId: shown.challenge,
      expiresDateTime: later(now, CHALLENGE_MS),
    }
    if (!shown || !challenge || !(await useAssertion(scope, challenge))) {
      if (await logHasRoom(scope, now, { id: needs.newId(), network: visit.network })) {
        await logTry(scope, visit, userId, { method: 'fido2', outcome: 'wrongPasskey', now })
      }
      return { outcome: 'wrong' }
    }
    if (!admitted) {
      await logTry(scope, visit, userId, { method: 'fido2', outcome: 'disabled', now })
      return { outcome: 'noAccount' }
    }
    await noteUse(scope, shown.passkey, now, shown.signCount)
    return begin(needs, scope, visit, admitted, { method: 'fido2', amr: BOTH_STEPS, now })
  })
}

/** A challenge is of one browser on its way to one thing. */
function ceremonyOf({ tenant, browserHash, flow, origin }: LocalVisit): Ceremony {
  return {
    origin,
    boundTo: ['local account', tenant.id, flow, browserHash.toString('hex')],
    userVerification: 'required',
  }
}
