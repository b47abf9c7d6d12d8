import type { FastifyInstance, FastifyReply } from 'fastify'
import { fieldsOf, readForms, rememberLanguage } from '../../platform/pages/frame.js'
import { seeOther } from '../../platform/pages/send-page.js'
import { isCsrfToken } from '../../sign-in/index.js'
import { answerBlocked, answerStale, answerStep, answerUnknown } from './answer.js'
import { workScript } from './challenge.js'
import type { Needs } from './needs.js'
import { TRAP } from './pages/parts.js'
import { courseOf, nextStep } from './rules.js'
import { startOver } from './start-over.js'
import type { Holder } from './store.js'
import { proceed, takeAnswers, takeTerms } from './take-form.js'
import { sendAgain, takeAddress, takeCode, takeProvider } from './take-proof.js'
import { holderOf, look, openVisit, pathOf, type Visit } from './visit.js'

/** Bytes of a form with fifty answers of 256 characters. */
const FORM_BYTES = 65_536

/** `/{tenant}/signup/{flow}`: the way of somebody who comes by themselves. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app, FORM_BYTES)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  const { path, body } = workScript()
  app.get(path, options, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
      .type('text/javascript; charset=utf-8')
      .send(body),
  )

  app.get('/:tenant/signup/:flow', options, async (request, reply) => {
    const visit = await openVisit(needs, request, reply)
    return visit ? answerStep(await look(visit)) : answerUnknown(request, reply)
  })

  app.post('/:tenant/signup/:flow', options, async (request, reply) => {
    const visit = await openVisit(needs, request, reply)
    if (!visit) return answerUnknown(request, reply)
    const holder = holderOf(visit)
    const fields = fieldsOf(request)
    if (!holder || !isCsrfToken(needs.keys, visit.browser, fields['csrf'])) return answerStale(request, reply)
    if (!visit.flow.isEnabled) return answerBlocked(visit, { kind: 'off' })
    return take(visit, holder, fields)
  })
}

type Fields = ReturnType<typeof fieldsOf>

/** Does the one step that a form asks for, or shows what is due instead. */
async function take(visit: Visit, holder: Holder, fields: Fields): Promise<FastifyReply> {
  const { reply } = visit
  switch (fields['action']) {
    case 'restart':
      return startOver(visit, holder)
    case 'answer':
      return takeAnswers(visit, holder, fields)
    case 'agree':
      return takeTerms(visit, holder, fields)
    case 'again':
      return again(visit, holder)
    case 'send':
      return sendAgain(visit, holder)
  }
  if (fields['code'] !== undefined) return takeCode(visit, holder, fields['code'])
  // Whoever fills in what nobody sees is told nothing: the page looks as if it had been sent.
  if (fields[TRAP]) return seeOther(reply, pathOf(visit))
  if (fields['provider'] !== undefined) return takeProvider(visit, holder, fields)
  if (fields['email'] !== undefined) return takeAddress(visit, holder, fields)
  return seeOther(reply, pathOf(visit))
}

/** After a connector that failed: the same question once more. */
async function again(visit: Visit, holder: Holder): Promise<FastifyReply> {
  const { run, session } = (await look(visit)).view
  const isDue = run && !session && nextStep(run, courseOf(visit.flow)) === 'check'
  return isDue ? proceed(visit, holder, run) : seeOther(visit.reply, pathOf(visit))
}
