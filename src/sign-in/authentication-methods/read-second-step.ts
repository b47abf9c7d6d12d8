import { readSubjectIn } from '../../directory/index.js'
import { DAY_MS, later } from '../../kernel/instant.js'
import { type CodeWay, type MethodKind, type SecondStep, secondStep, tryLimit, type Way } from './rules.js'
import { maySetUp, type StepNeeds, type StepVisit } from './second-step.js'
import { type CodeTarget, codeFlow, mailboxOf, phoneTarget, targetOf } from './send-code.js'
import { countRecoveryCodes, findCode, listFailures, listMethods } from './store.js'

/** The second step that is due, and when there is a next try if there is none now. */
export type Standing = SecondStep & {
  retryAt: Date | undefined
  /** For ways by a code: where it goes. Undefined before the first code to a phone that is being set up. */
  target: CodeTarget | undefined
  /** Whether this session waits for a code to that target which can still be typed. */
  isSent: boolean
}

/** Looks up which second step is due. Writes nothing. */
export function readSecondStep(
  needs: StepNeeds,
  visit: StepVisit,
  available: readonly MethodKind[],
  wished: string | undefined,
  isAdding = false,
): Promise<Standing> {
  const { session, tenantId } = visit
  const now = needs.clock()
  return needs.database.withTenant(tenantId, async (scope) => {
    const methods = await listMethods(scope, session.userId)
    const mail = (await readSubjectIn(scope, session.userId))?.mail
    const facts = {
      kinds: methods.map(({ kind }) => kind),
      recoveryCodesLeft: await countRecoveryCodes(scope, session.userId),
      first: session,
      mailbox: mailboxOf(mail),
      available,
      isAdding: isAdding && maySetUp({ session, methods }),
    }
    const limit = tryLimit(await listFailures(scope, session.userId, later(now, -DAY_MS)), now)
    const due = secondStep(facts, wished)
    const standing = { ...due, retryAt: 'retryAt' in limit ? limit.retryAt : undefined }
    if (!isByCode(due.way)) return { ...standing, target: undefined, isSent: false }
    const isNew = due.step === 'enrol'
    const code = await findCode(scope, codeFlow(needs, visit, isNew ? 'newPhone' : due.way))
    const target = isNew ? code && phoneTarget(code.folded) : targetOf(due.way, { methods, first: session, mail })
    return { ...standing, target, isSent: code?.live === true && code.folded === target?.folded }
  })
}

/** Whether a way is a code that is sent. */
export function isByCode(way: Way): way is CodeWay {
  return way === 'email' || way === 'phone'
}
