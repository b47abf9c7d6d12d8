import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { maskEmailAddress } from '../kernel/email-address.js'
import { isGuid } from '../kernel/ids.js'
import type { Origins } from '../platform/origins.js'
import { answerError } from '../platform/pages/answer-error.js'
import { fieldsOf, queryOf, readForms, rememberLanguage } from '../platform/pages/frame.js'
import { sendPage } from '../platform/pages/send-page.js'
import {
  again,
  askCode,
  csrfOf,
  isCsrfToken,
  isProved,
  openBrowser,
  type PasscodeState,
  type ProofTurn,
  readProof,
  sendCode,
  tryCode,
} from '../sign-in/index.js'
import { organizationFrame, type Tenants } from '../tenants/index.js'
import { extendAccess, findNamed, type LinkParts, type Named } from './extend-access.js'
import { ExtendedPage, ExtendPage } from './pages/extend.js'
import { extendedEnd } from './rules.js'

type Needs = ProofTurn['needs'] & {
  tenants: Tenants
  origins: Origins
  /** Something changed that others may follow. */
  changed: (tenantId: string) => void
}

type Turn = ProofTurn & { needs: Needs; link: LinkParts; named: Named }

/** `/access/extend`: a sponsor gives a guest more time. GET shows and never changes. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/access/extend', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply)
    return turn ? answer(turn) : answerError(request, reply, 'link')
  })

  app.post('/access/extend', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply)
    if (!turn) return answerError(request, reply, 'link')
    const { csrf, action, code } = fieldsOf(request)
    if (!isCsrfToken(needs.keys, turn.browser, csrf)) return answerError(request, reply, 'stale', request.url)
    // To the sponsor's own mailbox, whoever opened the link.
    const { mail, mailFolded } = turn.named.sponsor
    if (action === 'send') return sendCode(turn, { text: mail, folded: mailFolded })
    if (code !== undefined) return tryCode(turn, mail, code)
    return action === 'extend' && isSponsor(turn, await readProof(turn)) ? extend(turn) : again(turn)
  })
}

async function turnOf(needs: Needs, request: FastifyRequest, reply: FastifyReply): Promise<Turn | undefined> {
  const { tenant: id, guest = '', sponsor = '', key = '' } = queryOf(request)
  const tenant = id && isGuid(id) ? await needs.tenants.find(id) : undefined
  if (!tenant?.enabled || !isGuid(guest) || !isGuid(sponsor)) return undefined
  const link = { guestId: guest.toLowerCase(), sponsorId: sponsor.toLowerCase(), key }
  const named = await findNamed(needs, tenant, link)
  if (!named) return undefined
  const browser = await openBrowser(needs, request, tenant.id)
  // A code for one guest extends no other.
  const subject = `extend ${link.guestId}`
  const preferred = named.sponsor.preferredLanguage
  return { needs, request, reply, browser, tenant, subject, preferred, link, named }
}

/** Whether this browser has proved the sponsor's own mailbox a moment ago. */
function isSponsor(turn: Turn, proof: PasscodeState | null): boolean {
  return isProved(turn, proof) && proof.folded === turn.named.sponsor.mailFolded
}

async function answer(turn: Turn): Promise<FastifyReply> {
  const { needs, tenant, named } = turn
  const proof = await readProof(turn)
  if (proof?.live) return askCode(turn, named.sponsor.mail)
  const frame = organizationFrame(turn)
  const isOpen = isSponsor(turn, proof)
  const address = named.guest.mail ?? named.guest.userPrincipalName
  const page = (
    <ExtendPage
      frame={frame}
      csrf={csrfOf(turn)}
      guest={{ name: named.guest.displayName, address: isOpen ? address : maskEmailAddress(address) }}
      end={named.end}
      until={extendedEnd(named.end, tenant.settings.accessExtensionDays, needs.clock())}
      codeTo={isOpen ? undefined : maskEmailAddress(named.sponsor.mail)}
    />
  )
  return sendPage(turn.reply, page, { status: 200, nonce: frame.nonce })
}

async function extend(turn: Turn): Promise<FastifyReply> {
  const { needs, tenant, link } = turn
  const extended = await extendAccess(needs, tenant, link)
  if (!extended) return again(turn)
  needs.changed(tenant.id)
  const frame = organizationFrame(turn)
  const page = <ExtendedPage frame={frame} guest={extended.guest.displayName} until={extended.until} />
  return sendPage(turn.reply, page, { status: 200, nonce: frame.nonce })
}
