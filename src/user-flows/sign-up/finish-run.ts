import { selfServiceRow } from '../../directory/index.js'
import { parseEmailAddress } from '../../kernel/email-address.js'
import { later } from '../../kernel/instant.js'
import { mayRedeem } from '../../policies/index.js'
import { SESSION_MS } from '../../sign-in/index.js'
import type { Claims } from '../words.js'
import { claimsOfFlow, unanswered } from './attribute-values.js'
import { finalClaims, type Proof, type Run } from './rules.js'
import { finish, type Holder, hold } from './store.js'
import { goingOnOf, languageIn, logOf, type Visit } from './visit.js'

/** How often it is decided again because a policy changed between deciding and writing. */
const MOST_DECISIONS = 5

/** Why somebody who has proved an address cannot become a guest with it. */
export type Bar = 'domain' | 'ownDomain'

export type Finish =
  /** The guest is there, and this browser is signed in. */
  | { outcome: 'done' }
  /** They have an account by now, and this browser is signed in to it. */
  | { outcome: 'known' }
  | { outcome: 'held' }
  /** The flow asks something by now that was not answered. */
  | { outcome: 'unanswered' }
  | { outcome: 'moved' }
  | { outcome: 'refused'; reason: Bar | 'account' }

/** Whether the organization takes guests with this address (spec: external collaboration settings); undefined: it does. */
export async function barOf(
  { needs, tenant }: Pick<Visit, 'needs' | 'tenant'>,
  address: string,
): Promise<Bar | undefined> {
  const parsed = parseEmailAddress(address)
  if (!parsed) throw new Error('an address was proved that is none')
  if (tenant.domains.includes(parsed.domain)) return 'ownDomain'
  return mayRedeem(await needs.policies.of(tenant), parsed).allowed ? undefined : 'domain'
}

/**
 * Makes the guest, or has the request held where the flow wants approval: decides, writes if nothing changed meanwhile, else
 * decides again. Safe to run twice: there is one guest.
 */
export async function finishRun(visit: Visit, holder: Holder, run: Run, agreedTo: string | undefined): Promise<Finish> {
  const { needs, flow } = visit
  const { proof } = run
  if (!proof?.address) throw new Error('nobody has proved who is to become a guest')
  const claims = guestClaims(visit, run, proof)
  if (unanswered(flow, claims).length > 0) return { outcome: 'unanswered' }
  for (let decisions = 1; decisions <= MOST_DECISIONS; decisions++) {
    const tenant = await needs.tenants.find(visit.tenant.id)
    if (!tenant?.enabled) return { outcome: 'refused', reason: 'account' }
    const decided = { ...visit, tenant }
    const reason = await barOf(decided, proof.address)
    if (reason) return { outcome: 'refused', reason }
    if (flow.requiresApproval) return holdRun(decided, holder, run, { claims, agreedTo })
    const outcome = await write(decided, holder, run, { proof, claims, agreedTo })
    if (outcome !== 'stale') return outcome
    needs.tenants.forget(tenant.id)
  }
  return { outcome: 'moved' }
}

/** What the guest is made of: what the flow asks, and the name that their home has for them. */
function guestClaims({ flow }: Pick<Visit, 'flow'>, run: Run, { claims: told }: Proof): Claims {
  const { displayName, givenName, surname } = told
  const names = {
    ...(displayName !== undefined && { displayName }),
    ...(givenName !== undefined && { givenName }),
    ...(surname !== undefined && { surname }),
  }
  return { ...names, ...claimsOfFlow(flow, finalClaims(run)) }
}

async function write(
  visit: Visit,
  holder: Holder,
  run: Run,
  { proof, claims, agreedTo }: { proof: Proof; claims: Claims; agreedTo: string | undefined },
): Promise<Finish | 'stale'> {
  const { needs, tenant, now } = visit
  const address = parseEmailAddress(proof.address ?? '')
  if (!address || !holder.session) throw new Error('a run without a holder cannot end')
  const language = languageIn(visit)
  const made = await finish(needs.database.sql, tenant.id, now, holder.session, run, {
    version: tenant.version,
    agreedTo,
    initialDomain: tenant.initialDomain,
    guest: selfServiceRow({
      id: needs.newId(),
      address,
      identity: proof.identity,
      properties: { preferredLanguage: language, ...claims },
    }),
    ends: later(now, SESSION_MS),
    auditId: needs.newId(),
    log: logOf(visit, holder, address.text, proof.provider),
  })
  switch (made.outcome) {
    case 'done':
      needs.changed(tenant.id)
      return { outcome: 'done' }
    case 'known':
      return { outcome: 'known' }
    case 'stale':
      return 'stale'
    case 'moved':
    case 'lost':
      return { outcome: 'moved' }
    case 'addressTaken':
    case 'barred':
      return { outcome: 'refused', reason: 'account' }
  }
}

/** Holding and the end of the run are one statement. Whoever has an account by now is nobody to wait for. */
async function holdRun(
  visit: Visit,
  holder: Holder,
  run: Run,
  { claims, agreedTo: termsOfUse }: { claims: Claims; agreedTo: string | undefined },
): Promise<Finish> {
  const { needs, request, tenant, flow, now } = visit
  const { proof } = run
  if (!proof?.address || !holder.session) throw new Error('a run without a holder cannot be held')
  const { requests } = needs.neighbours
  const { clientId } = goingOnOf(request, flow)
  const { address: email, identity } = proof
  const language = languageIn(visit)
  const visitor = { flowId: flow.id, email, identity, claims, language, clientId, termsOfUse }
  const outcome = await hold(needs.database.sql, tenant.id, now, holder, run, {
    request: requests.of({ tenant, flow, visitor, termsOfUse }),
    ends: later(now, SESSION_MS),
    log: logOf(visit, holder, email, proof.provider),
  })
  if (outcome === 'barred') return { outcome: 'refused', reason: 'account' }
  if (outcome === 'held') requests.held()
  return { outcome }
}
