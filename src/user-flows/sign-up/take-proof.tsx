import type { FastifyReply } from 'fastify'
import { type EmailAddress, parseEmailAddress } from '../../kernel/email-address.js'
import { seeOther } from '../../platform/pages/send-page.js'
import {
  beginFlow,
  csrfOf,
  type Elsewhere,
  flowLog,
  type Home,
  readCode,
  setSession,
  tellLimit,
} from '../../sign-in/index.js'
import {
  answerBegin,
  answerBlocked,
  answerCode,
  answerConfirm,
  answerStep,
  answerTaken,
  answerTooMany,
  answerTrouble,
} from './answer.js'
import { SIGN_UP } from './arrive.js'
import type { Fields } from './attribute-values.js'
import { beginRun } from './begin-run.js'
import { isSolved } from './challenge.js'
import { offersOf, takesConfirmation, waysOf } from './offers.js'
import { ChooseWayPage } from './pages/begin.js'
import { proveAddress } from './prove-address.js'
import { courseOf, mayTake, nextStep } from './rules.js'
import { asked, frameOf, send } from './shown.js'
import type { BeginOutcome, Holder } from './store.js'
import { goingOnOf, logOf, look, pathOf, type Situation, type Visit, withQuery } from './visit.js'

/** To the home that somebody picked on the first page. */
export async function takeProvider(visit: Visit, holder: Holder, fields: Fields): Promise<FastifyReply> {
  const { homes } = await offersOf(visit)
  const home = homes.find(({ key }) => key === fields['provider'])
  return home
    ? leaveFor(visit, holder, home, undefined, hasWorked(visit, fields))
    : seeOther(visit.reply, pathOf(visit))
}

/**
 * By an address: a code to it, or to the home that speaks for its domain. Which of them depends on the domain alone, so
 * that nobody learns here whether an address has an account.
 */
export async function takeAddress(visit: Visit, holder: Holder, fields: Fields): Promise<FastifyReply> {
  const { reply, flow } = visit
  const typed = fields['email'] ?? ''
  const situation = await look(visit)
  const run = situation.view.run ?? undefined
  const step = nextStep(run, courseOf(flow))
  if (situation.view.session || (step !== 'ended' && !mayTake('prove', step))) return seeOther(reply, pathOf(visit))
  const address = parseEmailAddress(typed)
  const isConfirming = step === 'confirmAddress'
  if (!address) {
    const malformed = typed.slice(0, 320)
    return isConfirming ? answerConfirm(visit, run, malformed) : answerBegin(visit, malformed)
  }
  if (isConfirming) {
    const isTaken = await takesConfirmation(visit, address)
    return isTaken ? sendCode(situation, holder, address, true) : answerNoWay(visit, address)
  }
  const ways = await waysOf(visit, address)
  const [first] = ways
  if (!first) return answerNoWay(visit, address)
  const way = fields['choice'] === undefined ? first : (ways.find(({ key }) => key === fields['choice']) ?? first)
  if (ways.length > 1 && fields['choice'] === undefined) return answerChoice(visit, address, ways, fields['work'])
  const worked = hasWorked(visit, fields)
  return way.kind === 'tenant' || way.kind === 'provider'
    ? leaveFor(visit, holder, way, address, worked)
    : sendCode(situation, holder, address, worked)
}

/** Another code to the address that the last one went to. */
export async function sendAgain(visit: Visit, holder: Holder): Promise<FastifyReply> {
  const situation = await look(visit)
  const address = parseEmailAddress(situation.view.passcode?.address ?? '')
  // It was asked for in this flow, so its browser was counted by the limits.
  return address ? sendCode(situation, holder, address, true) : seeOther(visit.reply, pathOf(visit))
}

function answerNoWay(visit: Visit, { domain }: EmailAddress): FastifyReply {
  return answerBlocked(visit, { kind: 'noWay', domain })
}

function answerChoice(visit: Visit, { text }: EmailAddress, ways: readonly Home[], work = ''): FastifyReply {
  const frame = frameOf(visit)
  const shown = ways.map((way) => ({ key: way.key, name: 'name' in way ? way.name : '' }))
  const page = <ChooseWayPage frame={frame} csrf={csrfOf(visit)} address={text} ways={shown} work={work} />
  return send(visit, frame, page, { status: 200 })
}

function hasWorked(visit: Visit, fields: Fields): boolean {
  const { needs, tenant, flow, now } = visit
  return isSolved(needs.keys, [tenant.id, flow.id, csrfOf(visit)], fields['work'], now)
}

async function sendCode(
  situation: Situation,
  holder: Holder,
  address: EmailAddress,
  worked: boolean,
): Promise<FastifyReply> {
  const { reply, now, view } = situation
  const outcome = await beginRun(situation, holder, { address, hasWorked: worked })
  switch (outcome.outcome) {
    case 'limited': {
      const codeIsLive = view.passcode?.live === true && view.passcode.address === address.text
      return tellLimit(reply, asked(situation, address.text), outcome, { now, codeIsLive })
    }
    case 'signUpsLimited':
      return answerTooMany(situation, outcome.retryAt)
    case 'sent':
    case 'begun':
    case 'proved':
      return seeOther(reply, pathOf(situation))
  }
}

async function leaveFor(
  visit: Visit,
  holder: Holder,
  home: Elsewhere,
  address: EmailAddress | undefined,
  worked: boolean,
): Promise<FastifyReply> {
  const { needs, request, reply, tenant, flow } = visit
  const { uid, clientId } = goingOnOf(request, flow)
  let begun: BeginOutcome | undefined
  const left = await beginFlow(needs, {
    tenant,
    browserHash: holder.browser,
    origin: needs.origins.of(request),
    purpose: {
      kind: SIGN_UP,
      flowId: flow.id,
      ...(uid !== undefined && { goingOn: uid }),
      ...(clientId !== undefined && { clientId }),
      ...(address && { address: address.text }),
      ...flowLog(logOf(visit, holder, '')),
    },
    client: request.ip,
    home,
    address,
    chooseAccount: false,
    async store(leaving) {
      begun = await beginRun(visit, holder, { leaving, hasWorked: worked })
      return begun.outcome === 'signUpsLimited' ? new Date(begun.retryAt) : undefined
    },
  })
  // Limits count whoever finds their home closed, too.
  begun ??= await beginRun(visit, holder, { hasWorked: worked })
  if (begun.outcome === 'signUpsLimited') return answerTooMany(visit, begun.retryAt)
  if ('retryAt' in left || begun.outcome !== 'begun') return seeOther(reply, pathOf(visit))
  return 'location' in left ? seeOther(reply, left.location) : answerTrouble(visit, left.trouble, home.name)
}

/** A code that was sent: who it proves somebody to be decides where they go on. */
export async function takeCode(visit: Visit, holder: Holder, typed: string): Promise<FastifyReply> {
  const { reply, browser } = visit
  const code = readCode(typed)
  if (code === undefined) {
    const situation = await look(visit)
    const { run, passcode } = situation.view
    return passcode && !run?.ending
      ? answerCode(visit, passcode.address, { kind: 'malformed' }, typed)
      : answerStep(situation)
  }
  const { outcome: tried, session } = await proveAddress(visit, holder, code)
  switch (tried.outcome) {
    case 'ok':
      break
    case 'notDue':
      return seeOther(reply, pathOf(visit))
    case 'wrong':
      return answerCode(visit, tried.address ?? '', { kind: 'wrong', triesLeft: tried.triesLeft ?? 0 }, typed)
    case 'none':
    case 'blocked':
      // Neither code nor run: it was too long ago, or another browser's.
      return seeOther(reply, pathOf(visit))
    default:
      return answerCode(visit, tried.address ?? '', { kind: tried.outcome }, typed)
  }
  switch (tried.who) {
    case 'new':
      setSession(reply, browser, session)
      return seeOther(reply, pathOf(visit))
    case 'confirmed':
      return seeOther(reply, pathOf(visit))
    case 'known':
      setSession(reply, browser, session)
      return seeOther(reply, withQuery(pathOf(visit), 'arrived=1'))
    case 'taken':
      return answerTaken(visit, tried.address, tried.identities)
    case 'barred':
      return answerBlocked(visit, { kind: 'account' })
  }
}
