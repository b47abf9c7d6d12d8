import { recordAudit } from '../../audit/index.js'
import type { Caller } from '../../graph/caller.js'
import { parseDomainName } from '../../kernel/email-address.js'
import type { Keys } from '../../platform/crypto.js'
import { type Database, type TenantScope, violates } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { isBelowOneOf, mayChangeDomains, rootOf } from '../rules.js'
import { raiseVersion } from '../store.js'
import type { Tenants } from '../tenant.js'
import { refusals } from './errors.js'
import { type Domain, findDomain, readDomains } from './read-domains.js'
import type { DomainChanges, DomainCreation } from './schema.js'
import {
  deleteDomainRows,
  insertClaim,
  insertVerified,
  isVerifiedElsewhere,
  setDefaultDomain,
  setPromoted,
  setServices,
} from './store.js'
import { type ResolveTxt, verificationText } from './verification.js'

export type DomainNeeds = {
  database: Database
  tenants: Tenants
  keys: Keys
  clock: () => Date
  newId: () => string
  resolveTxt: ResolveTxt
  /**
   * Gives everybody of the domain a name of another one, blocks them if that is wanted, and says how many they were; a
   * refusal of theirs ends the transaction.
   */
  leaveDomain(scope: TenantScope, caller: Caller, wish: LeavingDomain): Promise<number>
  /** Whether names or addresses of people end with the domain. */
  isDomainInUse(scope: TenantScope, name: string): Promise<boolean>
}

/** Nothing was written, so there is nothing to record. */
const DONE_BEFORE = Symbol('done before')
export type LeavingDomain = { domain: string; initialDomain: string; disableAccounts: boolean }

/**
 * Claims a domain (Graph: domain-post-domains). A name below a verified one is verified with it.
 * @throws Refusal: malformed, here already, verified by another organization.
 */
export async function addDomain(
  needs: DomainNeeds,
  caller: Caller,
  wish: DomainCreation,
  idempotent?: IdempotentRequest,
): Promise<Domain> {
  const name = parseDomainName(wish.id)
  if (name === undefined) throw refusals.malformed()
  const domain = { name, supportedServices: wish.supportedServices ?? [], createdAt: needs.clock() }
  await change(needs, caller, 'Add unverified domain', name, async (scope) => {
    // The same request names the same domain: which id is remembered does not matter.
    if (await madeBefore(scope, idempotent, needs.newId(), needs.clock())) return DONE_BEFORE
    const known = await readDomains(scope)
    if (known.some(({ id }) => id === name)) throw refusals.exists()
    if (await isVerifiedElsewhere(scope, name)) throw refusals.taken(name)
    const verified = known.filter(({ isVerified }) => isVerified).map(({ id }) => id)
    if (isBelowOneOf(name, verified)) await prove(scope, domain)
    else await insertClaim(scope, domain)
    return undefined
  })
  return needs.database.withTenant(caller.tenantId, (scope) => findDomain(scope, name))
}

/**
 * Looks for the proof in DNS and, when it is there, makes the domain the organization's (Graph: domain-verify).
 * @throws Refusal: no such record, name servers that do not answer, another organization was faster.
 */
export async function verifyDomain(needs: DomainNeeds, caller: Caller, given: string): Promise<Domain> {
  if (!mayChangeDomains(caller)) throw refusals.roleMissing()
  const read = () => needs.database.withTenant(caller.tenantId, (scope) => findDomain(scope, given))
  const domain = await read()
  if (domain.isVerified) return domain
  const { id: name, supportedServices } = domain
  const text = verificationText(needs.keys, caller.tenantId, name)
  // Outside a transaction: name servers take their time.
  const texts = await needs.resolveTxt(name).catch((cause: unknown) => {
    throw refusals.dnsUnavailable(name, cause)
  })
  if (!texts.includes(text)) throw refusals.notProved(name, text)
  await change(needs, caller, 'Verify domain', name, async (scope) => {
    const current = await findDomain(scope, name)
    if (!current.isVerified) await prove(scope, { name, supportedServices, createdAt: needs.clock() })
  })
  return read()
}

/** Changes services, or which domain is the default one (Graph: domain-update). @throws Refusal */
export function changeDomain(needs: DomainNeeds, caller: Caller, given: string, changes: DomainChanges): Promise<void> {
  return change(needs, caller, 'Update domain', given, async (scope) => {
    const domain = await findDomain(scope, given)
    if (changes.isDefault === false && domain.isDefault) throw refusals.mustHaveDefault()
    if (changes.isDefault && !domain.isVerified) throw refusals.notVerified()
    if (changes.isDefault) await setDefaultDomain(scope, domain.id)
    if (changes.supportedServices) await setServices(scope, domain.id, changes.supportedServices)
  })
}

/** Gives a domain up (Graph: domain-delete). @throws Refusal: the initial one, the default one, one that is in use. */
export function removeDomain(needs: DomainNeeds, caller: Caller, given: string): Promise<void> {
  return change(needs, caller, 'Remove domain', given, async (scope) => {
    const domain = await findDomain(scope, given)
    if (domain.isInitial) throw refusals.initial()
    if (domain.isDefault) throw refusals.isDefault()
    if (domain.isVerified && (await needs.isDomainInUse(scope, domain.id))) throw refusals.inUse()
    await deleteDomainRows(scope, domain.id)
  })
}

/**
 * Gives a domain up although people have names of it: they get names of the initial one (Graph: domain-forcedelete).
 * Here it is over when it is answered. @throws Refusal: the initial one, the default one, too many people.
 */
export function forceRemoveDomain(
  needs: DomainNeeds,
  caller: Caller,
  given: string,
  disableAccounts: boolean,
): Promise<void> {
  return change(needs, caller, 'Delete domain', given, async (scope) => {
    const domain = await findDomain(scope, given)
    const initial = (await readDomains(scope)).find(({ isInitial }) => isInitial)
    if (domain.isInitial || !initial) throw refusals.initial()
    if (domain.isDefault) throw refusals.isDefault()
    if (domain.isVerified) {
      await needs.leaveDomain(scope, caller, { domain: domain.id, initialDomain: initial.id, disableAccounts })
    }
    await deleteDomainRows(scope, domain.id)
  })
}

/** Makes a domain below another one a root of its own (Graph: domain-promote). @throws Refusal */
export function promoteDomain(needs: DomainNeeds, caller: Caller, given: string): Promise<void> {
  return change(needs, caller, 'Promote sub domain to root', given, async (scope) => {
    const domain = await findDomain(scope, given)
    if (!domain.isVerified) throw refusals.notVerifiedYet()
    if (rootOf(domain, await readDomains(scope)) === domain.id) throw refusals.alreadyRoot()
    await setPromoted(scope, domain.id)
  })
}

async function prove(scope: TenantScope, domain: Parameters<typeof insertVerified>[1]): Promise<void> {
  await insertVerified(scope, domain).catch((error: unknown) => {
    if (violates(error, 'domains_folded') || violates(error, 'domains_pkey')) throw refusals.taken(domain.name)
    throw error
  })
}

async function change(
  needs: DomainNeeds,
  caller: Caller,
  activityDisplayName: string,
  name: string,
  write: (scope: TenantScope) => Promise<unknown>,
): Promise<void> {
  if (!mayChangeDomains(caller)) throw refusals.roleMissing()
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    // First of all: it waits for whoever decides with the domains as they are, and keeps others out.
    await raiseVersion(scope.orm, caller.tenantId)
    if ((await write(scope)) === DONE_BEFORE) return
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName,
      category: 'DirectoryManagement',
      loggedByService: 'Core Directory',
      initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
      additionalDetails: { domain: name },
    })
  })
  needs.tenants.forget(caller.tenantId)
}
