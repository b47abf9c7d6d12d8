import { type EmailAddress, parseEmailAddress } from '../../kernel/email-address.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import { handleHash } from '../browser.js'
import { passcodeHash, STEP_CODE_TERMS } from '../passcode.js'
import { askPasscode, type PasscodeFlow } from '../prove-address.js'
import type { PasscodeWriter, SendOutcome } from '../store.js'
import { type CodeWay, type FirstStep, type MethodKind, usableMailbox } from './rules.js'
import {
  type Attempt,
  attemptSecondStep,
  maySetUp,
  type StepNeeds,
  type StepOutcome,
  type StepVisit,
  setUp,
  type Verdict,
} from './second-step.js'
import { type MethodRow, tryCode } from './store.js'

export type CodeNeeds = StepNeeds & { passcodes: PasscodeWriter; signal: WorkSignal }

/** Where a code goes: a mailbox, or a number in E.164. */
export type CodeTarget = { channel: 'mail' | 'sms'; address: string; folded: string }

/** Setting a phone up, or a way that there is. */
type CodePurpose = CodeWay | 'newPhone'

/** The target of a way, undefined when this person has none. */
export function targetOf(
  way: CodeWay,
  { methods, first, mail }: { methods: readonly MethodRow[]; first: FirstStep; mail: string | null | undefined },
): CodeTarget | undefined {
  if (way === 'email') {
    const kinds = methods.map(({ kind }): MethodKind => kind)
    const mailbox = usableMailbox(kinds, first, mailboxOf(mail))
    return mailbox && { channel: 'mail', address: mailbox.text, folded: mailbox.folded }
  }
  const number = methods.find(({ kind }) => kind === 'phone')?.phoneNumber
  return number ? phoneTarget(number) : undefined
}

export function phoneTarget(number: string): CodeTarget {
  return { channel: 'sms', address: number, folded: number }
}

export function mailboxOf(mail: string | null | undefined): EmailAddress | undefined {
  return mail ? parseEmailAddress(mail) : undefined
}

/**
 * A code belongs to one session and one purpose. The session gets another handle when it passes, and then every code
 * that was sent for it is worth nothing.
 */
export function codeFlow(
  { keys, clock }: Pick<StepNeeds, 'keys' | 'clock'>,
  { tenantId, browser }: StepVisit,
  purpose: CodePurpose,
): PasscodeFlow {
  return {
    tenantId,
    browser: handleHash(keys, browser, 'session', browser.session),
    subject: `second step ${purpose}`,
    now: clock(),
  }
}

/**
 * Has a code sent, unless a limit forbids one now: those of every code, ten a day for the person, and the organization's
 * own number of text messages. The newest one is the only one that counts.
 */
export function sendStepCode(
  needs: CodeNeeds,
  visit: StepVisit,
  purpose: CodePurpose,
  target: CodeTarget,
  wish: { language: string; client: string; mostTexts: number },
): Promise<SendOutcome> {
  const { digits, lifetimeMinutes: minutes } = STEP_CODE_TERMS
  const { userId: stepOf } = visit.session
  return askPasscode(needs, codeFlow(needs, visit, purpose), { ...target, ...wish, digits, minutes, stepOf })
}

/** Takes a code that was sent to the mailbox or phone that is still this person's. */
export function proveWithCode(needs: StepNeeds, visit: StepVisit, way: CodeWay, code: string): Promise<StepOutcome> {
  return attemptSecondStep(needs, visit, way, async (attempt) => {
    const { methods, session: first, user } = attempt
    const target = targetOf(way, { methods, first, mail: user.mail })
    if (!target) return { verdict: 'notDue' }
    const tried = await tryIn(needs, visit, attempt, way, code)
    if ('verdict' in tried) return tried
    // The number or mailbox was changed while the code was on its way.
    return tried.folded === target.folded ? { verdict: 'passed', way } : { verdict: 'over', why: 'none' }
  })
}

/** Sets the phone up that a code was sent to, shown by that code. */
export function setUpPhone(needs: StepNeeds, visit: StepVisit, code: string): Promise<StepOutcome> {
  return attemptSecondStep(needs, visit, 'phone', async (attempt) => {
    const hasPhone = attempt.methods.some(({ kind }) => kind === 'phone')
    if (hasPhone || !maySetUp(attempt)) return { verdict: 'notDue' }
    const tried = await tryIn(needs, visit, attempt, 'newPhone', code)
    if ('verdict' in tried) return tried
    return setUp(needs, attempt, { kind: 'phone', phoneNumber: tried.folded })
  })
}

async function tryIn(
  { keys, clock }: StepNeeds,
  visit: StepVisit,
  { scope }: Attempt,
  purpose: CodePurpose,
  code: string,
): Promise<{ folded: string } | Exclude<Verdict, { verdict: 'passed' }>> {
  const flow = codeFlow({ keys, clock }, visit, purpose)
  const codeHash = passcodeHash(keys, flow.tenantId, flow.browser, flow.subject, code)
  const { outcome, folded, triesLeft } = await tryCode(scope, flow, codeHash)
  switch (outcome) {
    case 'ok':
      return { folded: folded ?? '' }
    case 'wrong':
      return { verdict: 'wrong', triesLeft }
    case 'usedUp':
      // With a number it was this try that used the last one up.
      return triesLeft === undefined ? { verdict: 'over', why: outcome } : { verdict: 'wrong', triesLeft }
    case 'expired':
      return { verdict: 'over', why: outcome }
    default:
      return { verdict: 'over', why: 'none' }
  }
}
