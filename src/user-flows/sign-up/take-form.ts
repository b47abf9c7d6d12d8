import type { FastifyReply } from 'fastify'
import { safeLink } from '../../platform/pages/link.js'
import { seeOther } from '../../platform/pages/send-page.js'
import { answerBlocked, answerFailed, answerStep, answerTerms } from './answer.js'
import { askAfterAnswers } from './ask-connector.js'
import { askedAttributes, type Fields, fieldsFor, type Problem, readAnswers, unanswered } from './attribute-values.js'
import { barOf, type Finish, finishRun } from './finish-run.js'
import { answerForm } from './form.js'
import { courseOf, mayTake, nextStep, type Run } from './rules.js'
import { domainOf } from './shown.js'
import { answer, type Holder, keep } from './store.js'
import { look, onwardPath, pathOf, type Visit, withQuery } from './visit.js'

/** Reads the form and, where everything in it holds, goes on as far as nobody has to be asked anything. */
export async function takeAnswers(visit: Visit, holder: Holder, fields: Fields): Promise<FastifyReply> {
  const { needs, reply, tenant, flow, now } = visit
  const { claims, problems } = readAnswers(askedAttributes(flow), fields)
  if (problems.size > 0) return reject(visit, fields, problems)
  const { asksAfterProof: asks } = courseOf(flow)
  const run = await answer(needs.database.sql, tenant.id, now, holder, { asks, answers: claims })
  return run ? proceed(visit, holder, run) : seeOther(reply, pathOf(visit))
}

/** The form again as it was typed. Nothing was kept, so what is due is looked up. */
async function reject(visit: Visit, fields: Fields, problems: ReadonlyMap<string, Problem>): Promise<FastifyReply> {
  const situation = await look(visit)
  const { run, session } = situation.view
  const isAsked = run && !session && mayTake('answer', nextStep(run, courseOf(visit.flow)))
  return isAsked ? answerForm(visit, run, { fields, problems }) : answerStep(situation)
}

/** Goes on behind answers that are kept: the second connector, the terms, the guest. */
export async function proceed(visit: Visit, holder: Holder, run: Run): Promise<FastifyReply> {
  const { needs, reply, tenant, flow } = visit
  const course = courseOf(flow)
  const address = run.proof?.address ?? ''
  const bar = await barOf(visit, address)
  if (bar) return answerBlocked(visit, { kind: bar, domain: domainOf(address) })
  if (nextStep(run, course) !== 'check') return lead(visit, holder, run)

  const asked = await askAfterAnswers(visit, run)
  if (asked.outcome === 'failed') return answerFailed(visit, asked.answer.retryAfter)
  const { overrides } = asked.changes
  const checked = overrides && { ...run, overrides: overrides as Run['overrides'] }
  // What would be read again at once is written with the guest; a crash before that asks once more, under the same key.
  if (checked && nextStep(checked, course) === 'finish') return lead(visit, holder, checked)
  const session = holder.session
  const kept = session && (await keep(needs.database.sql, tenant.id, needs.clock(), session, run, asked.changes))
  return kept ? lead(visit, holder, kept) : seeOther(reply, pathOf(visit))
}

async function lead(visit: Visit, holder: Holder, run: Run): Promise<FastifyReply> {
  const { reply } = visit
  if (run.ending?.kind === 'blocked') {
    return answerBlocked(visit, { kind: 'connector', userMessage: run.ending.userMessage })
  }
  switch (nextStep(run, courseOf(visit.flow))) {
    case 'answer':
      return answerForm(visit, run)
    case 'finish':
      return answerFinish(visit, run, await finishRun(visit, holder, run, undefined))
    default:
      return seeOther(reply, pathOf(visit))
  }
}

/** The terms of use: the last thing before the guest is made. */
export async function takeTerms(visit: Visit, holder: Holder, fields: Fields): Promise<FastifyReply> {
  const { reply, flow } = visit
  const situation = await look(visit)
  const { run, session } = situation.view
  // Another step is due, or other terms than those that were shown.
  const isDue = run && !session && mayTake('agree', nextStep(run, courseOf(flow)))
  if (!isDue || fields['terms'] !== safeLink(flow.termsOfUseUrl)?.href) return seeOther(reply, pathOf(visit))
  if (fields['agree'] !== 'yes') return answerTerms(visit, true)
  return answerFinish(visit, run, await finishRun(visit, holder, run, flow.termsOfUseUrl))
}

function answerFinish(visit: Visit, run: Run, end: Finish): FastifyReply {
  const { needs, reply, tenant, flow } = visit
  switch (end.outcome) {
    case 'done':
      return seeOther(reply, onwardPath(visit))
    case 'known':
      return seeOther(reply, withQuery(pathOf(visit), 'arrived=1'))
    case 'held':
      return seeOther(reply, needs.neighbours.requests.path(tenant.id, flow.id))
    case 'moved':
      return seeOther(reply, pathOf(visit))
    case 'unanswered': {
      const answers = run.answers ?? {}
      const missing = unanswered(flow, answers).map(({ claim }) => [claim, { kind: 'required' }] as const)
      return answerForm(visit, run, { fields: fieldsFor(askedAttributes(flow), answers), problems: new Map(missing) })
    }
    case 'refused': {
      const domain = domainOf(run.proof?.address ?? '')
      return answerBlocked(visit, end.reason === 'account' ? { kind: 'account' } : { kind: end.reason, domain })
    }
  }
}
