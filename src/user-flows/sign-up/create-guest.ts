import { recordAudit } from '../../audit/index.js'
import { addSelfServiceGuest } from '../../directory/index.js'
import { parseEmailAddress } from '../../kernel/email-address.js'
import { uuidv7 } from '../../kernel/ids.js'
import type { CreateGuest } from '../words.js'
import { refusals } from './errors.js'

/**
 * Makes the guest of a visitor in the transaction that decided it: approving does. Whoever is known by the identity by now
 * is that guest.
 * @throws Refusal when somebody else has the address, or it is of the organization's own domain.
 */
export const createGuest: CreateGuest = async (scope, visitor, { tenant, actor, now }) => {
  const address = parseEmailAddress(visitor.email)
  if (!address) throw new Error('a visitor has no address')
  if (tenant.domains.includes(address.domain)) throw refusals.ownDomain(address.domain)
  const made = await addSelfServiceGuest(scope, now, tenant.initialDomain, {
    id: uuidv7(now.getTime()),
    address,
    identity: visitor.identity,
    properties: { preferredLanguage: visitor.language, ...visitor.claims },
  })
  if (made.outcome === 'addressTaken') throw refusals.addressTaken(address.text)
  if (made.outcome === 'created') {
    await recordAudit(scope, {
      id: uuidv7(now.getTime()),
      activityDateTime: now,
      activityDisplayName: 'Add user',
      category: 'UserManagement',
      loggedByService: 'Core Directory',
      initiatedBy: actor,
      targetId: made.userId,
      additionalDetails: { userFlow: visitor.flowId, creationType: 'SelfServiceSignUp' },
    })
  }
  return { userId: made.userId, isNew: made.outcome === 'created' }
}
