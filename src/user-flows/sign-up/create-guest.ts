import { recordAudit } from '../../audit/index.js'
import {
  addSelfServiceGuest,
  answerForGuest,
  findUserByMail,
  lockUser,
  type SelfServiceGuest,
} from '../../directory/index.js'
import { hasOpenInvitation } from '../../invitations/index.js'
import { parseEmailAddress } from '../../kernel/email-address.js'
import { uuidv7 } from '../../kernel/ids.js'
import type { TenantScope } from '../../platform/database.js'
import type { CreateGuest, Visitor } from '../words.js'
import { refusals } from './errors.js'

/**
 * Makes the guest of a visitor in the transaction that decided it: approving does. Whoever is known by the identity by now
 * is that guest. So is whoever was invited meanwhile and has still to accept: they do, with the next sign-in, as in a run.
 * @throws Refusal when somebody else has the address, or it is of the organization's own domain.
 */
export const createGuest: CreateGuest = async (scope, visitor, by) => {
  const { tenant, now } = by
  const address = parseEmailAddress(visitor.email)
  if (!address) throw new Error('a visitor has no address')
  if (tenant.domains.includes(address.domain)) throw refusals.ownDomain(address.domain)
  const guest: SelfServiceGuest = {
    id: uuidv7(now.getTime()),
    address,
    identity: visitor.identity,
    properties: { preferredLanguage: visitor.language, ...visitor.claims },
  }
  const made = await addSelfServiceGuest(scope, now, tenant.initialDomain, guest)
  if (made.outcome === 'exists') return { userId: made.userId, isNew: false }
  if (made.outcome === 'created') {
    await record(scope, visitor, by, 'Add user', made.userId, { creationType: 'SelfServiceSignUp' })
    return { userId: made.userId, isNew: true }
  }
  const userId = await answerForInvited(scope, visitor, by, guest)
  if (userId === undefined) throw refusals.addressTaken(address.text)
  return { userId, isNew: false }
}

type By = Parameters<CreateGuest>[2]

/** The guest who was invited at this address and has still to accept, with the visitor's answers; undefined: nobody. */
async function answerForInvited(
  scope: TenantScope,
  visitor: Visitor,
  by: By,
  guest: SelfServiceGuest,
): Promise<string | undefined> {
  const holder = await findUserByMail(scope, guest.address.folded)
  const invited = holder && (await lockUser(scope, holder.id))
  if (invited?.externalUserState !== 'PendingAcceptance') return undefined
  if (!(await hasOpenInvitation(scope, invited.id, by.now))) return undefined
  const properties = await answerForGuest(scope, invited, guest)
  if (properties.length > 0) await record(scope, visitor, by, 'Update user', invited.id, { properties })
  return invited.id
}

function record(
  scope: TenantScope,
  visitor: Visitor,
  { actor, now }: By,
  activityDisplayName: 'Add user' | 'Update user',
  targetId: string,
  details: Record<string, unknown>,
): Promise<void> {
  return recordAudit(scope, {
    id: uuidv7(now.getTime()),
    activityDateTime: now,
    activityDisplayName,
    category: 'UserManagement',
    loggedByService: 'Core Directory',
    initiatedBy: actor,
    targetId,
    additionalDetails: {
      userFlow: visitor.flowId,
      ...details,
      ...(visitor.termsOfUse !== undefined && { termsOfUse: visitor.termsOfUse }),
    },
  })
}
