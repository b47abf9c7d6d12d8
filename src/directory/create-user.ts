import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { EmailAddress } from '../kernel/email-address.js'
import { type TenantScope, violates } from '../platform/database.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { madeBefore } from '../platform/idempotency/store.js'
import type { Tenant } from '../tenants/index.js'
import { actorOf, mustBeFree, parseAddress } from './change-user.js'
import { refusals } from './errors.js'
import { extensionChange } from './extensions/change-values.js'
import type { DirectoryNeeds } from './needs.js'
import { readPrincipalName } from './principal-name.js'
import { identityProblem, isMailbox, isMailNickname, issuerName, MAIL_ISSUER, mayAdministerUsers } from './rules.js'
import type { UserCreation } from './schema.js'
import { findUser, insertIdentities, insertUser, type NewUser, replaceOtherMails } from './store.js'
import type { Identity, UserRow } from './tables.js'
import { columnsOf } from './user-columns.js'
import { replaceSearchedValues } from './values-store.js'

export type NewRelations = { managerId?: string | undefined; sponsorIds?: readonly string[] | undefined }

/** Ties a new user to a manager and sponsors that the request named, in the same transaction. */
export type Relate = (scope: TenantScope, user: UserRow, relations: NewRelations) => Promise<void>

/**
 * Creates a member or guest with an account of this organization, or an external account that signs in with the
 * identities given (Graph: user-post-users): what a system that approves sign-ups was told of a visitor makes a guest who
 * signs in the way they signed up (Entra: self-service-sign-up-add-approvals). Other people are invited instead.
 * With an idempotency key that was used before, answers whom the first request made.
 * @throws Refusal in Graph's words: a missing value, a name on a domain that is not verified here, something taken.
 */
export async function createUser(
  needs: Pick<DirectoryNeeds, 'database' | 'tenants' | 'clock' | 'newId'>,
  caller: Caller,
  body: UserCreation,
  relations: NewRelations,
  relate: Relate,
  idempotent?: IdempotentRequest,
): Promise<UserRow> {
  if (!mayAdministerUsers(caller)) throw refusals.roleMissing()
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant) throw new Error('a caller without a tenant was let in')
  const id = needs.newId()
  const now = needs.clock()
  const identities = readIdentities(body, tenant)
  const names = readNames(body, tenant, id, identities.length > 0)
  const { mail, others } = readAddresses(body, identities)
  const user: NewUser = {
    ...columnsOf(body),
    ...names,
    tenantId: tenant.id,
    id,
    userType: body.userType ?? 'Member',
    creationType: identities.some(({ signInType }) => signInType !== 'federated') ? 'LocalAccount' : null,
    mail: mail?.text ?? null,
    mailFolded: mail?.folded ?? null,
    createdDateTime: now,
  }
  return needs.database.withTenant(tenant.id, async (scope) => {
    const before = await madeBefore(scope, idempotent, id, now)
    if (before !== undefined) return existing(await findUser(scope, before), before)
    if (mail) await mustBeFree(scope, 'mail', mail.folded, id)
    for (const { folded } of others) await mustBeFree(scope, 'otherMails', folded, id)
    const extensions = await extensionChange(scope, 'User', body)
    const row = await insert(
      scope,
      extensions ? { ...user, extensionValues: extensions.extensionValues } : user,
      identities,
    )
    if (extensions) await replaceSearchedValues(scope, id, extensions.searched, true)
    if (others.length > 0) await replaceOtherMails(scope, id, others)
    await relate(scope, row, relations)
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: now,
      activityDisplayName: 'Add user',
      category: 'UserManagement',
      loggedByService: 'Core Directory',
      initiatedBy: actorOf(caller),
      targetId: id,
    })
    return row
  })
}

/** @throws Refusal when whom the first request with this key made has been deleted since. */
function existing(user: UserRow | undefined, id: string): UserRow {
  if (!user) throw refusals.userNotFound(id)
  return user
}

type Names = Pick<NewUser, 'userPrincipalName' | 'displayName' | 'mailNickname'>

/** External accounts get a name of their own making, since they sign in with another (Graph: identities). */
function readNames(body: UserCreation, tenant: Tenant, id: string, isExternal: boolean): Names {
  const { accountEnabled, displayName, mailNickname, userPrincipalName } = body
  const given = { accountEnabled, displayName, ...(!isExternal && { mailNickname, userPrincipalName }) }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === '') throw refusals.valueRequired(name)
  }
  if (mailNickname && !isMailNickname(mailNickname)) throw refusals.nicknameMalformed()
  return {
    displayName: displayName ?? '',
    mailNickname: mailNickname || id,
    userPrincipalName: userPrincipalName
      ? readPrincipalName(userPrincipalName, tenant.domains, isExternal && body.userType === 'Guest')
      : `${id}@${tenant.initialDomain}`,
  }
}

function readIdentities(body: UserCreation, tenant: Tenant): Identity[] {
  // The identity by name is derived from it; clients that copy a user send it along.
  const given = (body.identities ?? []).filter(({ signInType }) => signInType !== 'userPrincipalName')
  return given.map((identity) => {
    const problem = identityProblem(identity, tenant.domains, body.userType ?? 'Member')
    if (problem !== undefined) throw refusals.identityMalformed(problem)
    const { signInType, issuer = '', issuerAssignedId = '' } = identity
    if (isMailbox(identity)) {
      const address = parseAddress('identities', issuerAssignedId)
      if (tenant.domains.includes(address.domain)) throw refusals.ownDomain(address.domain)
      return { signInType: 'federated', issuer: MAIL_ISSUER, issuerAssignedId: address.folded }
    }
    return {
      signInType,
      issuer: signInType === 'federated' ? issuerName(issuer) : issuer.toLowerCase(),
      issuerAssignedId:
        signInType === 'emailAddress' ? parseAddress('identities', issuerAssignedId).folded : issuerAssignedId,
    }
  })
}

/** Who signs in with an address has it as mail unless another is given: codes go there, and nobody else may have it. */
function readAddresses(
  body: UserCreation,
  identities: readonly Identity[],
): { mail: EmailAddress | undefined; others: EmailAddress[] } {
  const own = identities.find(
    ({ signInType, issuer }) => signInType === 'emailAddress' || issuer === MAIL_ISSUER,
  )?.issuerAssignedId
  const text = body.mail ?? own ?? undefined
  return {
    mail: text === undefined || text === null ? undefined : parseAddress('mail', text),
    others: (body.otherMails ?? []).map((address) => parseAddress('otherMails', address)),
  }
}

async function insert(scope: TenantScope, user: NewUser, identities: readonly Identity[]): Promise<UserRow> {
  try {
    const row = await insertUser(scope, user)
    await insertIdentities(scope, row.id, identities)
    return row
  } catch (error) {
    if (violates(error, 'users_user_principal_name')) throw refusals.valueTaken('userPrincipalName')
    if (violates(error, 'users_mail')) throw refusals.addressTaken('mail')
    if (violates(error, 'user_identities_tenant_id_issuer_issuer_assigned_id_pk'))
      throw refusals.valueTaken('identities')
    throw error
  }
}
