import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { parseEmailAddress } from '../../kernel/email-address.js'
import type { Origins } from '../../platform/origins.js'
import { answerError } from '../../platform/pages/answer-error.js'
import { fieldsOf, readForms, rememberLanguage } from '../../platform/pages/frame.js'
import type { OrganizationFrame } from '../../platform/pages/page.js'
import { sendPage } from '../../platform/pages/send-page.js'
import {
  again,
  askCode,
  csrfOf,
  handleHash,
  isCsrfToken,
  isProved,
  openBrowser,
  type ProofTurn,
  readProof,
  sendCode,
  tryCode,
} from '../../sign-in/index.js'
import { organizationFrame, type Tenants } from '../../tenants/index.js'
import { findFlow, findOwnRequest } from './own-request.js'
import { LookPage, NoRequestPage, type OwnRequest, RequestPage } from './pages/request.js'
import { signUpPath } from './paths.js'

type Needs = ProofTurn['needs'] & { tenants: Tenants; origins: Origins }

type Turn = ProofTurn & {
  flowId: string
  /** Whether people can sign up there: a request outlives the flow it came by. */
  isThere: boolean
}

/**
 * `/{tenant}/signup/{flowId}/request`: a visitor looks at what became of their sign-up. It is shown to the browser that
 * made it and to whoever proves the mailbox; everybody else gets the same answers, whatever they type.
 */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }
  type Path = { Params: { tenant: string; flowId: string } }

  app.get<Path>('/:tenant/signup/:flowId/request', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply, request.params)
    return turn ? answer(turn) : answerError(request, reply, 'link')
  })

  app.post<Path>('/:tenant/signup/:flowId/request', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply, request.params)
    if (!turn) return answerError(request, reply, 'link')
    const { csrf, email, code, action } = fieldsOf(request)
    if (!isCsrfToken(needs.keys, turn.browser, csrf)) return answerError(request, reply, 'stale', request.url)
    if (email !== undefined) return sendCodeTo(turn, email)
    const proof = await readProof(turn)
    if (code !== undefined) return tryCode(turn, proof?.address ?? '', code)
    return action === 'send' && proof ? sendCodeTo(turn, proof.address) : again(turn)
  })
}

async function turnOf(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  { tenant: name, flowId: id }: { tenant: string; flowId: string },
): Promise<Turn | undefined> {
  // Ids and domain names; anything else never reaches the database.
  const tenant = /^[A-Za-z0-9.-]{1,253}$/.test(name) ? await needs.tenants.find(name) : undefined
  if (!tenant?.enabled || !/^[\w.-]{1,300}$/.test(id)) return undefined
  const found = await findFlow(needs, tenant.id, id)
  if (!found) return undefined
  const browser = await openBrowser(needs, request, tenant.id)
  return { needs, request, reply, browser, tenant, subject: `sign-up request ${found.flowId}`, ...found }
}

async function answer(turn: Turn): Promise<FastifyReply> {
  const { needs, browser, tenant, flowId } = turn
  const proof = await readProof(turn)
  if (proof?.live) return askCode(turn, proof.address)
  if (isProved(turn, proof)) {
    const { folded } = proof
    const found = await findOwnRequest(needs, tenant.id, flowId, { folded })
    return found ? answerRequest(turn, found) : answerNone(turn, proof.address)
  }
  const { handle } = browser
  const browserHash = handle && handleHash(needs.keys, browser, 'browser', handle)
  const found = browserHash && (await findOwnRequest(needs, tenant.id, flowId, { browserHash }))
  return found ? answerRequest(turn, found) : answerLook(turn)
}

function sendCodeTo(turn: Turn, typed: string): FastifyReply | Promise<FastifyReply> {
  const address = parseEmailAddress(typed)
  return address ? sendCode(turn, address) : answerLook(turn, typed.slice(0, 320))
}

function answerRequest(turn: Turn, request: OwnRequest): FastifyReply {
  const { tenant, flowId, isThere } = turn
  return send(turn, (frame) => (
    <RequestPage
      frame={frame}
      request={request}
      contactUrl={tenant.contactAddress && `mailto:${tenant.contactAddress}`}
      signUpUrl={isThere ? signUpPath(tenant.id, flowId) : undefined}
      signInUrl={`/myapps?tenant=${tenant.id}`}
    />
  ))
}

function answerNone(turn: Turn, email: string): FastifyReply {
  const signUpUrl = signUpPath(turn.tenant.id, turn.flowId)
  return send(turn, (frame) => <NoRequestPage frame={frame} email={email} signUpUrl={signUpUrl} />)
}

function answerLook(turn: Turn, typed?: string): FastifyReply {
  const csrf = csrfOf(turn)
  return send(turn, (frame) => <LookPage frame={frame} csrf={csrf} typed={typed} />, typed === undefined ? 200 : 422)
}

function send(turn: Turn, draw: (frame: OrganizationFrame) => VNode, status = 200): FastifyReply {
  const frame = organizationFrame(turn)
  return sendPage(turn.reply, draw(frame), { status, nonce: frame.nonce })
}
