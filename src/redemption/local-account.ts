import type { FastifyReply, FastifyRequest } from 'fastify'
import { type LocalTurn, takesLocal } from '../sign-in/index.js'
import { answerStep, withGoingOn } from './answer.js'
import { accountPath, pathOf } from './link.js'
import type { Needs } from './needs.js'
import type { KnownInvitation } from './situation.js'

/** The account at the organization itself of whoever is invited by a link; undefined when it is none of their ways. */
export function accountTurn(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  known: KnownInvitation,
): LocalTurn | undefined {
  const { tenant, browser, link, situation } = known
  const { invitation, homes } = situation
  if (!takesLocal(homes)) return undefined
  const { address, folded, language, guest } = invitation
  return {
    needs,
    request,
    reply,
    tenant,
    browser,
    userId: invitation.userId,
    address,
    folded,
    isTyped: false,
    flow: invitation.id,
    path: withGoingOn(accountPath(needs.keys, link), request),
    onward: withGoingOn(pathOf(needs.keys, link), request),
    correlationId: invitation.id,
    preferred: language ?? guest?.preferredLanguage ?? undefined,
    answerNobody() {
      const step = { page: 'blocked', reason: 'account' } as const
      return answerStep({ needs, request, reply, known: { ...known, step } })
    },
  }
}
