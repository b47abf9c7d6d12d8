import type { FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { type Client, findClient } from '../applications/index.js'
import { isGuid } from '../kernel/ids.js'
import type { Origins } from '../platform/origins.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import { queryOf } from '../platform/pages/frame.js'
import { seeOther } from '../platform/pages/send-page.js'
import type { TextSender } from '../platform/text-messages/text-message.js'
import {
  type BeginNeeds,
  type Browser,
  browserFamily,
  correlationOf,
  type HomeRealms,
  handleHash,
  type LocalNeeds,
  type LoggedFor,
  type PasscodeWriter,
  readBrowser,
} from '../sign-in/index.js'
import type { Tenant, Tenants } from '../tenants/index.js'
import type { Instances } from './instances.js'
import type { ProviderNeeds } from './needs.js'
import { ownClient } from './own-client.js'
import { readSession, type SessionFacts } from './sign-in-store.js'

export type SignInNeeds = Omit<ProviderNeeds, 'tenants'> & {
  tenants: Tenants
  instances: Instances
  passcodes: PasscodeWriter
  signal: WorkSignal
  texts: TextSender | undefined
  newId: () => string
  /** What the pages of a second step tell http from https by. */
  pages: Origins
} & BeginNeeds &
  LocalNeeds & {
    homeRealms: HomeRealms
    /** Where somebody without an account makes one on the way to an application; undefined: nowhere. */
    signUpAt: (tenantId: string, clientId: string, uid: string) => Promise<string | undefined>
  }

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** One request to the pages between an application and its answer, with everything that was looked up for it. */
export type Turn = {
  needs: SignInNeeds
  request: FastifyRequest
  reply: FastifyReply
  tenant: Tenant
  browser: Browser
  interaction: Interaction
  client: Client
  session: SessionFacts | undefined
  now: Date
}

/**
 * Finds what a request is about: undefined when there is no such sign-in under way in this browser, or it has taken too
 * long. The library's cookie ties it to the browser that came from the application.
 */
export async function openTurn(
  needs: SignInNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Turn | undefined> {
  const { tenant: tenantId } = queryOf(request)
  const tenant = tenantId && isGuid(tenantId) ? await needs.tenants.find(tenantId) : undefined
  if (!tenant?.enabled) return undefined
  const origin = needs.originOf(request)
  const { provider } = await needs.instances.of(tenant.id, origin)
  const interaction = await provider.interactionDetails(request.raw, reply.raw).catch(() => undefined)
  const clientId = interaction?.params['client_id']
  if (!interaction || interaction.uid !== (request.params as { uid?: string }).uid) return undefined
  if (typeof clientId !== 'string' || !isGuid(clientId)) return undefined
  const client = ownClient(clientId, origin)?.client ?? (await findClient(needs.database.sql, tenant.id, clientId))
  if (!client?.accountEnabled) return undefined
  const browser = readBrowser(request, origin.startsWith('https:'))
  const now = needs.clock()
  const handle = browser.session && handleHash(needs.keys, browser, 'session', browser.session)
  const family = browserFamily(request.headers['user-agent']) ?? null
  const session = handle ? await readSession(needs.database.sql, tenant.id, now, handle, family) : undefined
  return { needs, request, reply, tenant, browser, interaction, client, session, now }
}

/** Whether the session answers what is asked: it came after the question, unless any session does. */
export function isSessionEnough({ session, interaction }: Turn): boolean {
  if (!session) return false
  const onlyMissing = interaction.prompt.reasons.every((reason) => reason === 'no_session')
  if (onlyMissing) return true
  // The library counts in seconds; so the one it was asked under is told apart by itself.
  const isAnother = (interaction.session as { createdAt?: string } | undefined)?.createdAt !== session.createdAt
  return isAnother && new Date(session.createdAt).getTime() >= interaction.iat * 1_000
}

/** What lines of the sign-in log are for here: one request of one application. */
export function loggedFor({ interaction, client }: Pick<Turn, 'interaction' | 'client'>): LoggedFor {
  return {
    correlationId: correlationOf(interaction.uid),
    applicationId: client.appId,
    applicationName: client.displayName,
  }
}

/** Back to the library, with what came of the question. */
export async function finish(turn: Turn, result: Record<string, unknown>): Promise<FastifyReply> {
  const { interaction, reply } = turn
  // Whoever signed in anew has another session than the one the question was asked under.
  Object.assign(interaction, { result: { ...interaction.lastSubmission, ...result }, session: undefined })
  await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1_000)))
  return seeOther(reply, interaction.returnTo)
}
