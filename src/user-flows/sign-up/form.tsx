import type { FastifyReply } from 'fastify'
import type { Texts } from '../../platform/i18n/index.js'
import { seeOther } from '../../platform/pages/send-page.js'
import { csrfOf } from '../../sign-in/index.js'
import type { Claims, FlowAttribute } from '../words.js'
import { askedAttributes, type Fields, fieldsFor, MOST_CHARACTERS, type Problem } from './attribute-values.js'
import type { ShownField } from './pages/attribute-field.js'
import { AttributesPage } from './pages/attributes.js'
import type { Run } from './rules.js'
import { frameOf, send } from './shown.js'
import { pathOf, type Visit } from './visit.js'
import { wordsOf } from './words-of.js'

const EXAMPLE = 'ana@partner.example'

/** What was typed, and what is wrong with it. */
export type Rejected = { fields: Fields; problems: ReadonlyMap<string, Problem> }

/** Draws the form: as it was typed where that was rejected, else with what was answered, is known or is the default. */
export function answerForm(visit: Visit, run: Run | undefined, rejected?: Rejected): FastifyReply {
  const { reply, flow } = visit
  if (!run?.proof?.address) return seeOther(reply, pathOf(visit))
  const frame = frameOf(visit)
  const { texts } = frame
  const words = wordsOf(flow, texts.language)
  const attributes = askedAttributes(flow)
  const questions = attributes.map((attribute): ShownField => {
    const problem = rejected?.problems.get(attribute.claim)
    return {
      attribute,
      label: words.label(attribute),
      hint: words.hint(attribute),
      choices: choicesOf(attribute, texts).map(({ value, name }) => ({
        value,
        words: words.choice(attribute, value, name),
      })),
      error: problem && problemText(texts, problem),
    }
  })
  const notice = rejected ? undefined : (run.notice ?? undefined)
  const page = (
    <AttributesPage
      frame={frame}
      csrf={csrfOf(visit)}
      address={run.proof.address}
      questions={questions}
      fields={rejected?.fields ?? fieldsFor(attributes, knownClaims(run))}
      next={flow.termsOfUseUrl !== undefined ? 'continue' : flow.requiresApproval ? 'request' : 'create'}
      words={{ heading: words.page('heading'), intro: words.page('intro'), button: words.page('button_continue') }}
      notice={notice}
    />
  )
  return send(visit, frame, page, { status: rejected || notice !== undefined ? 422 : 200 })
}

/** What stands in the form at first: what the home told, over it what the first connector knew; later what was answered. */
function knownClaims({ proof, prefill, answers }: Run): Claims {
  return answers ?? { ...proof?.claims, ...prefill }
}

function choicesOf({ values, dataType, inputType }: FlowAttribute, texts: Texts): { value: string; name: string }[] {
  if (values.length > 0 || dataType !== 'boolean' || inputType === 'checkbox') return [...values]
  return [
    { value: 'true', name: texts.say('sign-up.form.yes') },
    { value: 'false', name: texts.say('sign-up.form.no') },
  ]
}

function problemText(texts: Texts, problem: Problem): string {
  switch (problem.kind) {
    case 'pattern':
      return problem.message ?? texts.say('sign-up.problem.pattern')
    case 'tooSmall':
    case 'tooBig':
      return texts.say(`sign-up.problem.${problem.kind}`, { bound: problem.bound })
    case 'tooLong':
      return texts.say('sign-up.problem.tooLong', { most: MOST_CHARACTERS })
    case 'notAddress':
      return texts.say('sign-up.problem.notAddress', { example: EXAMPLE })
    default:
      return texts.say(`sign-up.problem.${problem.kind}`)
  }
}
