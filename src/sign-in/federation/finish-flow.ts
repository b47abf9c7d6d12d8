import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Keys } from '../../platform/crypto.js'
import { type Database, wasRaised } from '../../platform/database.js'
import type { Logger } from '../../platform/log.js'
import type { Tenant } from '../../tenants/index.js'
import { type Browser, handleHash, setSession } from '../browser.js'
import { flowId } from './begin-flow.js'
import type { Destinations } from './destination.js'
import type { Assertion, FlowOutcome, FlowSecrets } from './flow.js'
import { claimFlow, type FlowRow, findFlow, noteOutcome } from './flow-store.js'
import { HomeTrouble } from './openid-connect.js'
import { logTrouble, providerOf } from './trouble-log.js'

export type FinishNeeds = {
  database: Database
  keys: Keys
  clock: () => Date
  log: Logger
  destinations: Destinations
}

/** A request by which a browser comes back. */
export type Return = {
  needs: FinishNeeds
  request: FastifyRequest
  reply: FastifyReply
  browser: Browser
  tenant: Tenant
  /** The flow's name outside. */
  state: string
}

/**
 * Finishes a flow: takes it for good, reads what the home said with `read`, and lets the capability that sent the browser
 * decide. Answers with the path of the page that follows, or undefined when there is no such flow of this browser.
 */
export async function finishFlow(
  back: Return,
  status: 'started' | 'answered',
  read: (flow: FlowRow, secrets: FlowSecrets) => Promise<Assertion>,
): Promise<string | undefined> {
  const { needs, tenant, browser, state } = back
  const id = flowId(needs.keys, tenant.id, state)
  const browserHash = browser.handle && handleHash(needs.keys, browser, 'browser', browser.handle)
  if (!browserHash) return undefined
  const claim = { id, browserHash, status, now: needs.clock() }
  const flow = await needs.database.withTenant(tenant.id, (scope) => claimFlow(scope, claim))
  if (flow) return conclude(back, flow, () => read(flow, secretsOf(needs, flow)))
  // Somebody reloaded, or went back: what became of it is shown once more, and nothing is done again.
  const over = await needs.database.withTenant(tenant.id, (scope) => findFlow(scope, id))
  if (!over?.browserHash.equals(browserHash)) return undefined
  return leadTo(back, over, over.outcome ?? lost(over))
}

/** What `sign_in_home_must_stand` raises (identity-providers/functions.sql). */
const PROVIDER_GONE = 'VS001'

/** The end of a flow that is taken already: by what `read` tells. */
export async function conclude(back: Return, flow: FlowRow, read: () => Promise<Assertion>): Promise<string> {
  const { needs, request, reply, browser, tenant } = back
  const home = flow.home.name
  const arrival = { tenant, browser, request, purpose: flow.purpose, home, provider: providerOf(flow.home) }
  let outcome: FlowOutcome
  try {
    const arrived = await destinationOf(needs, flow).arrive(arrival, await read())
    outcome = arrived.outcome
    if (arrived.session !== undefined) setSession(reply, browser, arrived.session)
  } catch (failure) {
    const error = wasRaised(failure, PROVIDER_GONE)
      ? new HomeTrouble('misconfigured', 'the provider is gone since it was asked', failure)
      : failure
    if (!(error instanceof HomeTrouble)) throw error
    needs.log.warn({ tenant: tenant.id, home, trouble: error.trouble, err: error }, 'a sign-in at a home led nowhere')
    outcome = { kind: 'trouble', trouble: error.trouble, home }
    await destinationOf(needs, flow).fail?.(arrival, error.trouble, error.message)
  }
  await needs.database.withTenant(tenant.id, async (scope) => {
    await noteOutcome(scope, flow.id, outcome)
    const trouble = outcome.kind === 'trouble' ? outcome.trouble : undefined
    const of = { purpose: flow.purpose, home: flow.home, client: request.ip }
    // What else an arrival comes to, the statement that decides it writes.
    if (trouble) await logTrouble(scope, needs.clock(), of, trouble)
  })
  return leadTo(back, flow, outcome)
}

/** The flow of this browser, as long as it waits for its home. */
export async function findOpenFlow({ needs, tenant, browser, state }: Return): Promise<FlowRow | undefined> {
  const id = flowId(needs.keys, tenant.id, state)
  const flow = await needs.database.withTenant(tenant.id, (scope) => findFlow(scope, id))
  const isOurs = browser.handle && flow?.browserHash.equals(handleHash(needs.keys, browser, 'browser', browser.handle))
  const isOpen = flow?.status === 'started' && flow.expiresDateTime > needs.clock()
  return isOurs && isOpen ? flow : undefined
}

/** The flow of this browser, whatever became of it. */
export async function flowOf({ needs, tenant, browser, state }: Return): Promise<FlowRow | undefined> {
  const flow = await needs.database.withTenant(tenant.id, (scope) =>
    findFlow(scope, flowId(needs.keys, tenant.id, state)),
  )
  const isOurs = browser.handle && flow?.browserHash.equals(handleHash(needs.keys, browser, 'browser', browser.handle))
  return isOurs ? flow : undefined
}

/** What a browser's flow came to, for the page that tells; undefined when it is another browser's. */
export async function outcomeOf(
  needs: Pick<FinishNeeds, 'database' | 'keys' | 'clock'>,
  tenantId: string,
  browser: Browser,
  state: string,
): Promise<FlowOutcome | undefined> {
  const id = flowId(needs.keys, tenantId, state)
  const flow = await needs.database.withTenant(tenantId, (scope) => findFlow(scope, id))
  const isOurs = browser.handle && flow?.browserHash.equals(handleHash(needs.keys, browser, 'browser', browser.handle))
  if (!flow || !isOurs) return undefined
  const isOver = flow.status === 'finished' || flow.expiresDateTime <= needs.clock()
  return flow.outcome ?? (isOver ? lost(flow) : undefined)
}

function leadTo({ needs, tenant, state }: Return, flow: FlowRow, outcome: FlowOutcome): string {
  const told = outcome.kind === 'signedIn' ? undefined : state
  return destinationOf(needs, flow).path(tenant.id, flow.purpose, told)
}

function destinationOf({ destinations }: FinishNeeds, { purpose }: FlowRow) {
  const destination = destinations[purpose.kind]
  if (!destination) throw new Error(`nobody takes browsers back that left for ${purpose.kind}`)
  return destination
}

function lost({ home }: FlowRow): FlowOutcome {
  return { kind: 'trouble', trouble: 'lost', home: home.name }
}

function secretsOf({ keys }: FinishNeeds, { secretsSealed }: FlowRow): FlowSecrets {
  return JSON.parse(keys.open('sign-in-flow', secretsSealed).toString())
}
