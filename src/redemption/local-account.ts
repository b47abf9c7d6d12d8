import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fieldsOf } from '../platform/pages/frame.js'
import { seeOther } from '../platform/pages/send-page.js'
import { askLocalAccount, isCsrfToken, type LocalTurn, takeLocalAccount, takesLocal } from '../sign-in/index.js'
import { answerStale, answerStep, answerUnknown, withGoingOn } from './answer.js'
import { accountPath, pathOf } from './link.js'
import type { Needs } from './needs.js'
import type { KnownInvitation } from './situation.js'

type Find = (request: FastifyRequest) => Promise<KnownInvitation | undefined>

/** `/redeem/account`: an account at the organization itself, for guests who have no other way, on the way from their link. */
export function accountRoutes(app: FastifyInstance, needs: Needs, find: Find): void {
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/redeem/account', options, async (request, reply) => {
    const known = await find(request)
    if (!known) return answerUnknown(request, reply)
    const turn = accountTurn(needs, request, reply, known)
    return turn ? askLocalAccount(turn) : backToLink(needs, request, reply, known)
  })

  app.post('/redeem/account', options, async (request, reply) => {
    const known = await find(request)
    if (!known) return answerUnknown(request, reply)
    const fields = fieldsOf(request)
    if (!isCsrfToken(needs.keys, known.browser, fields['csrf'])) return answerStale(request, reply)
    const turn = accountTurn(needs, request, reply, known)
    return turn ? takeLocalAccount(turn, fields) : backToLink(needs, request, reply, known)
  })
}

function backToLink(needs: Needs, request: FastifyRequest, reply: FastifyReply, { link }: KnownInvitation) {
  return seeOther(reply, withGoingOn(pathOf(needs.keys, link), request))
}

/** The account of whoever is invited by a link; undefined when it is none of their ways, or another step is due. */
function accountTurn(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  known: KnownInvitation,
): LocalTurn | undefined {
  const { tenant, browser, link, situation, step } = known
  const { invitation, homes } = situation
  if (!takesLocal(homes) || step.page !== 'start') return undefined
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
    loggedFor: { correlationId: invitation.id },
    preferred: language ?? guest?.preferredLanguage ?? undefined,
    answerNobody() {
      const blocked = { page: 'blocked', reason: 'account' } as const
      return answerStep({ needs, request, reply, known: { ...known, step: blocked } })
    },
  }
}
