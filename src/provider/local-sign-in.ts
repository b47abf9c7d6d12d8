import type { FastifyReply } from 'fastify'
import { parseEmailAddress } from '../kernel/email-address.js'
import { findLocalAccount, type LocalTurn, localAddressOf, takesLocal, waysToSignIn } from '../sign-in/index.js'
import { loggedFor, type Turn } from './sign-in-turn.js'

/**
 * Somebody on their way to an application who signs in with an account at the organization itself: by the address they
 * typed, or the one that this browser is proving. Undefined where that is no way for the address. Of an address nobody has
 * it is the same turn as of one that somebody has.
 */
export async function localTurnOf(
  turn: Turn,
  typed: string | undefined,
  answerNobody: (address: string) => FastifyReply | Promise<FastifyReply>,
): Promise<LocalTurn | undefined> {
  const { needs, request, reply, tenant, browser, interaction } = turn
  const flow = `app ${interaction.uid}`
  const address = parseEmailAddress(typed ?? (await localAddressOf(needs, tenant, browser, flow)) ?? '')
  if (!address || !takesLocal(await waysToSignIn(needs, tenant, address))) return undefined
  return {
    needs: { ...needs, origins: needs.pages },
    request,
    reply,
    tenant,
    browser,
    userId: await findLocalAccount(needs, tenant, address.folded),
    address: address.text,
    folded: address.folded,
    isTyped: true,
    flow,
    path: request.url,
    onward: request.url,
    loggedFor: loggedFor(turn),
    preferred: tenant.notificationLanguage,
    answerNobody: () => answerNobody(address.text),
  }
}
