import { recordAudit } from '../../audit/index.js'
import type { Caller } from '../../graph/caller.js'
import { parseDomainName } from '../../kernel/email-address.js'
import { later } from '../../kernel/instant.js'
import type { Keys } from '../../platform/crypto.js'
import { type Database, type TenantScope, violates } from '../../platform/database.js'
import { type Egress, EgressRefused } from '../../platform/egress/egress.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore, rememberedBy } from '../../platform/idempotency/store.js'
import { type ResolveTxt, raiseVersion, type Tenants } from '../../tenants/index.js'
import { refusals } from './errors.js'
import { consentRecord, liesWithin, mayChangeProviders } from './rules.js'
import { endProviderSignIns } from './store.js'

export type ProviderNeeds = {
  database: Database
  tenants: Tenants
  keys: Keys
  clock: () => Date
  newId: () => string
  egress: Egress
  resolveTxt: ResolveTxt
  onSignInsEnded: SignInsEnded[]
}

/** What else happens, in the same transaction, when what people were signed in to ends: of many at once. */
export type SignInsEnded = (scope: TenantScope, userIds: readonly string[], now: Date) => Promise<void>

/**
 * Writes a change of the providers with its audit row, in force for every sign-in from its commit on. `write` may complete
 * what `details` tell.
 * A request whose key was used writes nothing and is told what that made: an id that `made` gave.
 * @throws Refusal for callers without the role, a domain or issuer that another provider has.
 */
export async function change(
  needs: Pick<ProviderNeeds, 'database' | 'tenants' | 'clock' | 'newId'>,
  caller: Caller,
  activityDisplayName: string,
  details: Record<string, unknown>,
  write: (scope: TenantScope) => Promise<void>,
  made?: { by: IdempotentRequest | undefined; id: string },
): Promise<string | undefined> {
  mustBeEntitled(caller)
  const writing = needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = made && (await madeBefore(scope, made.by, made.id, needs.clock()))
    if (before !== undefined) return before
    // First of all: it waits for whoever decides with the providers as they are, and keeps others out.
    await raiseVersion(scope.orm, caller.tenantId)
    await write(scope)
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName,
      category: 'DirectoryManagement',
      loggedByService: 'Core Directory',
      initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
      additionalDetails: details,
    })
    return undefined
  })
  const before = await writing.catch((error: unknown) => {
    if (violates(error, 'identity_providers_tenant_id_id_pk')) throw refusals.exists()
    if (violates(error, 'identity_providers_issuer')) throw refusals.issuerTaken()
    if (violates(error, 'provider_domains_tenant_id_name_pk')) throw refusals.domainTaken('one of them')
    throw error
  })
  needs.tenants.forget(caller.tenantId)
  return before
}

/** What a request with this key made, for those that ask name servers before they write. @throws Refusal */
export async function madeByKey(
  { database, clock }: Pick<ProviderNeeds, 'database' | 'clock'>,
  { tenantId }: Caller,
  idempotent: IdempotentRequest | undefined,
): Promise<string | undefined> {
  return idempotent && database.withTenant(tenantId, (scope) => rememberedBy(scope, idempotent, clock()))
}

/** Milliseconds that the transaction in which a provider goes may take. */
const ENDING_MS = 60_000

/**
 * Ends what came of signing in at a provider, before it goes or gets another issuer: sessions of those it named, tokens of
 * those who are known by it, and what applications hold. Answers with what the audit row tells.
 *
 * Tokens end that were given until the transaction is over at the latest: somebody may get one while it runs. Whoever
 * finds another way to sign in does so by having their redemption reset, which counts from then.
 */
export async function endSignInsAt(
  needs: Pick<ProviderNeeds, 'clock' | 'onSignInsEnded'>,
  scope: TenantScope,
  providerId: string,
): Promise<{ signedOut: number }> {
  const now = needs.clock()
  const userIds = await endProviderSignIns(scope, { providerId, until: later(now, ENDING_MS), mostMs: ENDING_MS })
  for (const reaction of needs.onSignInsEnded) await reaction(scope, userIds, now)
  return { signedOut: userIds.length }
}

export function mustBeEntitled(caller: Caller): void {
  if (!mayChangeProviders(caller)) throw refusals.roleMissing()
}

/** An address that this service will call, or send browsers to. @throws Refusal that says why it will not. */
export function readUrl(egress: Pick<Egress, 'check'>, name: string, text: string): string {
  try {
    egress.check(text.replace('{tenant}', 'tenant'))
    return text
  } catch (error) {
    if (error instanceof EgressRefused) throw refusals.notAnAddress(name, error.message)
    throw error
  }
}

/**
 * Domains in lower case and A-labels, each consented to by its owner: what signs in lies within it, or the owner's TXT
 * record names it. Asks name servers, so it is called outside transactions.
 * @throws Refusal for a name that is none, is the organization's own, or whose owner has not agreed.
 */
export async function readDomains(
  needs: Pick<ProviderNeeds, 'tenants' | 'resolveTxt'>,
  tenantId: string,
  given: readonly string[],
  signInUrl: string | undefined,
): Promise<string[]> {
  const tenant = await needs.tenants.find(tenantId)
  const names = [...new Set(given.map(readName))]
  for (const name of names) {
    if (tenant?.domains.includes(name)) throw refusals.ownDomain(name)
    if (signInUrl !== undefined) await mustBeAgreed(needs, name, signInUrl)
  }
  return names
}

function readName(given: string): string {
  const name = parseDomainName(given.trim())
  if (name === undefined) throw refusals.malformedDomain(given)
  return name
}

async function mustBeAgreed(
  { resolveTxt }: Pick<ProviderNeeds, 'resolveTxt'>,
  name: string,
  url: string,
): Promise<void> {
  if (liesWithin(url, name)) return
  const record = consentRecord(url)
  const texts = await resolveTxt(name).catch((cause: unknown) => {
    throw refusals.dnsUnavailable(name, cause)
  })
  if (!texts.includes(record)) throw refusals.domainNotProved(name, record)
}
