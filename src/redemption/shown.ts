import type { FastifyReply, FastifyRequest } from 'fastify'
import { referenceOf } from '../kernel/ids.js'
import { csrfOf } from '../sign-in/index.js'
import { organizationFrame } from '../tenants/index.js'
import type { Needs } from './needs.js'
import type { Inviter } from './pages/asking.js'
import type { KnownInvitation } from './situation.js'

/** For pages whose POST can end on the landing page: Chromium holds each redirect after a submit against this. */
export const LEADS_ON = { formAction: "'self' https: http:" } as const

/** A request for an invitation that exists, about to be answered. */
export type Answer = {
  needs: Pick<Needs, 'keys' | 'origins' | 'database' | 'clock' | 'newId' | 'passcodes' | 'signal' | 'texts'>
  request: FastifyRequest
  reply: FastifyReply
  known: KnownInvitation
}

/** What every page of an invitation shows. */
export function shown({ needs, request, reply, known: { tenant, browser, situation } }: Answer) {
  const { invitation } = situation
  const inviter: Inviter = {
    kind: invitation.inviterKind,
    name: invitation.inviterName,
    readsReplies: invitation.inviterMail !== null && invitation.mailed,
  }
  return {
    frame: organizationFrame({
      request,
      tenant,
      preferred: invitation.language ?? invitation.guest?.preferredLanguage,
    }),
    csrf: csrfOf({ needs, reply, browser }),
    inviter,
    contactUrl: contactOf({ tenant, situation }),
    reference: referenceOf(invitation.id),
    landingHost: new URL(invitation.redirectUrl).host,
  }
}

/** Whom a guest can ask. */
export function contactOf({ tenant, situation }: Pick<KnownInvitation, 'tenant' | 'situation'>): string | undefined {
  return situation.invitation.contactUrl ?? (tenant.contactAddress && `mailto:${tenant.contactAddress}`)
}
