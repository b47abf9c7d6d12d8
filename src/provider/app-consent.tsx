import type { FastifyReply } from 'fastify'
import { recordAudit } from '../audit/index.js'
import { sendPage } from '../platform/pages/send-page.js'
import { csrfOf } from '../sign-in/index.js'
import { organizationFrame } from '../tenants/index.js'
import { addConsent } from './consent-store.js'
import { AppConsentPage } from './pages/app-pages.js'
import { GRAPH, mayConsent } from './rules.js'
import { readAccount, type SessionFacts } from './sign-in-store.js'
import { finish, type Turn } from './sign-in-turn.js'

/** The permissions of Graph that the library found missing. */
function missingOf({ interaction }: Turn): string[] {
  const details = interaction.prompt.details as { missingResourceScopes?: Record<string, string[]> }
  return details.missingResourceScopes?.[GRAPH] ?? []
}

/** The session that the question was asked under; another one's answer is not its. */
function asker({ session, interaction }: Turn): SessionFacts | undefined {
  return session && interaction.session?.accountId === session.userId ? session : undefined
}

async function mayGrant({ needs, tenant, client }: Turn, session: SessionFacts, scopes: readonly string[]) {
  const { sql } = needs.database
  const account = await readAccount(sql, tenant.id, session.userId, client.servicePrincipalId, 'none')
  return account !== undefined && mayConsent(new Set(account.directoryRoles), scopes)
}

/** Asks whether the application may have what it asks for of Graph. */
export async function answerConsent(turn: Turn): Promise<FastifyReply> {
  const { reply, client } = turn
  const session = asker(turn)
  if (!session) return finish(turn, { error: 'access_denied', error_description: 'the session ended meanwhile' })
  const scopes = missingOf(turn)
  // Asked for again by `prompt=consent`, with nothing that is new.
  if (scopes.length === 0) return finish(turn, { consent: {} })
  const frame = organizationFrame(turn)
  const page = (
    <AppConsentPage
      frame={frame}
      csrf={csrfOf(turn)}
      application={client.displayName}
      signedInAs={session.address}
      scopes={scopes}
      mayGrant={await mayGrant(turn, session, scopes)}
    />
  )
  return sendPage(reply, page, { status: 200, nonce: frame.nonce, formAction: "'self' https: http:" })
}

/** Takes the answer: written down with its audit, or told to the application. */
export async function takeConsent(turn: Turn, choice: string | undefined): Promise<FastifyReply> {
  const { needs, tenant, client, now } = turn
  const session = asker(turn)
  const scopes = missingOf(turn)
  const isGiven = choice === 'accept' && session !== undefined && (await mayGrant(turn, session, scopes))
  if (!isGiven) {
    return finish(turn, {
      error: 'access_denied',
      error_description: 'AADSTS65004: The permissions were not agreed to.',
    })
  }
  await needs.database.withTenant(tenant.id, async (scope) => {
    await addConsent(scope, {
      id: needs.newId(),
      clientId: client.servicePrincipalId,
      principalId: session.userId,
      scopes,
      createdDateTime: now,
    })
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: now,
      activityDisplayName: 'Consent to application',
      category: 'ApplicationManagement',
      loggedByService: 'Core Directory',
      initiatedBy: { kind: 'user', id: session.userId, displayName: session.address },
      targetId: client.servicePrincipalId,
      additionalDetails: { scopes },
    })
  })
  return finish(turn, { consent: {} })
}
