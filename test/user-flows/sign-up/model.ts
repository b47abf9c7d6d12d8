import fc from 'fast-check'
import { type Course, mayTake, nextStep, type Proof, type Run } from '../../../src/user-flows/sign-up/rules.js'
import type { Claims } from '../../../src/user-flows/words.js'

/**
 * What is kept of sign-ups, as the statements of `functions.sql` promise to keep it, without a database: for thousands of
 * random orders of events, and to hold the statements against.
 */

/** Who comes: two people, who have two homes each that vouch for their one address, and one that vouches for none. */
export type Who = { person: number; home: 'a' | 'b' | 'silent' }
export const addressOf = (person: number) => `person${person}@partner.example`
export const identityOf = ({ person, home }: Who) => `${home}${person}`

export function proofOf(who: Who): Proof {
  const address = who.home === 'silent' ? null : addressOf(who.person)
  return {
    identity: { signInType: 'federated', issuer: 'https://home.example', issuerAssignedId: identityOf(who) },
    address,
    folded: address,
    toldAddress: address,
    method: 'federated',
    homeClaims: [],
    provider: 'home',
    claims: {},
  }
}

/** A run in which nothing has happened yet. */
export const begunRun = (id: string): Run => ({
  id,
  revision: 0,
  proof: null,
  prefill: null,
  answers: null,
  overrides: null,
  notice: null,
  ending: null,
})

/** One browser: it has a session or handle, or has lost it. `n` names it. */
export type Browser = { n: number; session: number | null }
export type Changes = {
  prefill?: Claims
  overrides?: Claims
  notice?: string
  ending?: { kind: 'blocked'; userMessage: string }
}
export type Held = Pick<Run, 'id' | 'revision'>

/** One statement, and what it answers with. */
export type Operation =
  | { do: 'view' | 'begin' | 'restart'; browser: Browser }
  | { do: 'arrive'; browser: Browser; proof: Proof; session: number }
  | { do: 'confirm'; browser: Browser; person: number }
  | { do: 'answer'; browser: Browser; asks: boolean; city: string }
  | { do: 'keep'; browser: Browser; session: number; run: Held; changes: Changes }
  | { do: 'finish'; browser: Browser; session: number; run: Held & Pick<Run, 'proof'>; city: string }
export type Outcome = { outcome: string; run: Run | null }

type Stored = { browser: number; session: number | null; run: Run }
type User = { identity: string; address: string; city: string }

export class Model {
  readonly runs: Stored[] = []
  readonly users: User[] = []
  /** Sessions of whoever is signed in. */
  readonly signedIn = new Set<number>()
  #ids = 0

  take(operation: Operation): Outcome {
    switch (operation.do) {
      case 'view': {
        const isSignedIn = operation.browser.session !== null && this.signedIn.has(operation.browser.session)
        return this.#said(isSignedIn ? 'signedIn' : 'view', this.#of(operation.browser), operation.browser.session)
      }
      case 'begin':
        return this.#begin(operation.browser)
      case 'arrive':
        return this.#arrive(operation.browser, operation.proof, operation.session)
      case 'confirm':
        return this.#confirm(operation.browser, operation.person)
      case 'answer':
        return this.#answer(operation)
      case 'keep':
        return this.#keep(operation)
      case 'finish':
        return this.#finish(operation)
      case 'restart': {
        const stored = this.#of(operation.browser)
        if (stored && (stored.run.proof || stored.run.ending)) this.#forget(stored)
        if (operation.browser.session !== null) this.signedIn.delete(operation.browser.session)
        return this.#said('restarted')
      }
    }
  }

  #of(browser: Browser): Stored | undefined {
    return this.runs.find((stored) => stored.browser === browser.n)
  }

  /** Of a run that was proved under another session there is nothing to see. */
  #said(outcome: string, stored?: Stored, session?: number | null): Outcome {
    const isShown = stored && (!stored.run.proof || stored.session === session)
    return { outcome, run: isShown ? { ...stored.run } : null }
  }

  #forget(stored: Stored): void {
    this.runs.splice(this.runs.indexOf(stored), 1)
  }

  #begin(browser: Browser): Outcome {
    if (browser.session !== null && this.signedIn.has(browser.session)) return this.#said('proved')
    const stored = this.#of(browser)
    const isHolder = stored?.run.proof != null && stored.session === browser.session
    if (stored && (!stored.run.ending || isHolder)) return this.#said(isHolder ? 'proved' : 'begun')
    if (stored) this.#forget(stored)
    const run = begunRun(String(++this.#ids))
    this.runs.push({ browser: browser.n, session: null, run })
    return this.#said('begun')
  }

  #write(stored: Stored, changes: Partial<Run>): void {
    stored.run = { ...stored.run, ...changes, revision: stored.run.revision + 1 }
  }

  #end(stored: Stored, ending: Run['ending']): void {
    this.#write(stored, { proof: null, prefill: null, answers: null, overrides: null, notice: null, ending })
  }

  #arrive(browser: Browser, proof: Proof, session: number): Outcome {
    const stored = this.#of(browser)
    if (!stored || stored.run.ending) return this.#said('none')
    const { issuerAssignedId } = proof.identity
    const known = this.users.find(({ identity }) => identity === issuerAssignedId)
    if (known) {
      stored.session = session
      this.#end(stored, { kind: 'known', userId: known.identity })
      this.signedIn.add(session)
      return this.#said('known')
    }
    if (this.users.some(({ address }) => address === proof.address)) return this.#said('taken')
    if (browser.session !== null) this.signedIn.delete(browser.session)
    const isSame = stored.run.proof?.identity.issuerAssignedId === issuerAssignedId
    stored.session = session
    this.#write(stored, {
      proof,
      overrides: null,
      notice: null,
      ...(!isSame && { prefill: null, answers: null }),
    })
    return this.#said('new', stored, session)
  }

  #confirm(browser: Browser, person: number): Outcome {
    const stored = this.#of(browser)
    const proof = stored?.run.proof
    const isDue = proof && stored.session === browser.session && !stored.run.ending && proof.address === null
    if (!isDue) return this.#said('notDue')
    const address = addressOf(person)
    if (this.users.some((user) => user.address === address)) return this.#said('taken')
    this.#write(stored, { proof: { ...proof, address, folded: address, isConfirmed: true } })
    return this.#said('confirmed', stored, stored.session)
  }

  #answer({ browser, asks, city }: Extract<Operation, { do: 'answer' }>): Outcome {
    const stored = this.#of(browser)
    const isAsked =
      stored?.run.proof?.address &&
      stored.session === browser.session &&
      !stored.run.ending &&
      (!asks || stored.run.prefill)
    if (!stored || !isAsked) return this.#said('none')
    this.#write(stored, { answers: { city }, overrides: null, notice: null })
    return this.#said('answered', stored, browser.session)
  }

  #held(session: number, { id }: Held): Stored | undefined {
    return this.runs.find((stored) => stored.run.id === id && stored.session === session)
  }

  #keep({ session, run, changes }: Extract<Operation, { do: 'keep' }>): Outcome {
    const stored = this.#held(session, run)
    if (!stored || stored.run.revision !== run.revision || stored.run.ending) return this.#said('moved')
    const { ending, ...others } = changes
    this.#write(stored, ending ? { ending, prefill: null, answers: null, overrides: null, notice: null } : others)
    return this.#said('kept', stored, session)
  }

  #finish({ session, run, city }: Extract<Operation, { do: 'finish' }>): Outcome {
    const stored = this.#held(session, run)
    if (!stored) return this.#said('lost')
    const { ending, revision, proof } = stored.run
    if (ending?.kind === 'guest') return this.#said('done')
    if (ending?.kind === 'known') return this.#said('known')
    if (ending || revision !== run.revision) return this.#said('moved')
    const identity = proof?.identity.issuerAssignedId ?? ''
    const address = proof?.address ?? ''
    const known = this.users.some((user) => user.identity === identity)
    if (!known) {
      if (this.users.some((user) => user.address === address)) return this.#said('addressTaken')
      this.users.push({ identity, address, city })
    }
    this.#end(stored, { kind: known ? 'known' : 'guest', userId: identity })
    this.signedIn.add(session)
    return this.#said(known ? 'known' : 'done')
  }
}

export const TERMS = 'https://contoso.example/terms'

/** What a visitor does, or happens to them. */
export type Act = {
  what: 'open' | 'begin' | 'arrive' | 'confirm' | 'answer' | 'agree' | 'again' | 'lose session' | 'restart'
  browser: number
  who: Who
  city: string
  /** What the connector says that is asked by this. */
  says: 'continue' | 'correct' | 'block' | 'fail'
  /** How many other statements run before the next one of this. */
  waits: number
}

const WEIGHTS: Record<Act['what'], number> = {
  open: 3,
  begin: 3,
  arrive: 4,
  confirm: 2,
  answer: 5,
  agree: 3,
  again: 1,
  'lose session': 1,
  restart: 1,
}

const one: Omit<{ [name in keyof Act]: fc.Arbitrary<Act[name]> }, 'who'> = {
  what: fc.constantFrom(
    ...Object.entries(WEIGHTS).flatMap(([what, weight]) => Array<Act['what']>(weight).fill(what as Act['what'])),
  ),
  browser: fc.constantFrom(0, 0, 0, 1),
  city: fc.constantFrom('Porto', 'Gent', 'Lund'),
  says: fc.constantFrom('continue', 'continue', 'continue', 'continue', 'correct', 'block', 'fail'),
  waits: fc.constantFrom(0, 0, 0, 1, 2, 5),
}

/** Some acts, and some of somebody who does one thing after the other, by these homes. */
export function acts(homes: readonly Who['home'][]): fc.Arbitrary<Act[]> {
  const who = fc.record({ person: fc.constantFrom(1, 1, 1, 2), home: fc.constantFrom(...homes) })
  const some = fc.array(fc.record({ ...one, who }), { minLength: 1, maxLength: 8 })
  const inOrder = fc
    .record({ ...one, who, waits: fc.constantFrom(0, 0, 0, 1), isTwice: fc.boolean() })
    .map(({ isTwice, ...act }) =>
      (['begin', 'arrive', 'confirm', 'open', 'answer', 'agree'] as const).flatMap((what) => {
        // In two tabs, of which the first is slower.
        const slow = isTwice && what !== 'begin' ? [{ ...act, what, waits: 1 }] : []
        return [...slow, { ...act, what, city: isTwice ? 'Gent' : act.city }]
      }),
    )
  return fc.array(fc.oneof(some, inOrder), { minLength: 3, maxLength: 9 }).map((parts) => parts.flat())
}

export const courses: fc.Arbitrary<Course> = fc.record({
  asksAfterProof: fc.boolean(),
  asksAfterAnswers: fc.boolean(),
  termsOfUseUrl: fc.constantFrom(undefined, TERMS),
})

/** What was seen to happen, beside what is stored: what steps there were for whom, and what each browser has answered. */
export class Witness {
  readonly enriched = new Set<string>()
  /** Identity and city that the second connector let pass. */
  readonly passed = new Set<string>()
  readonly agreed = new Set<string>()
  /** By browser, and not taken back since. */
  readonly answered = new Map<number, { identity: string; city: string }>()

  /** Looks at a statement in the moment that it has run. */
  saw(operation: Operation, { outcome, run }: Outcome): void {
    const { n } = operation.browser
    const identity = run?.proof?.identity.issuerAssignedId
    const isOver =
      operation.do === 'restart' ||
      outcome === 'known' ||
      outcome === 'done' ||
      (outcome === 'kept' && run?.ending != null) ||
      // Of anybody else what was answered here goes.
      (outcome === 'new' && this.answered.get(n)?.identity !== identity)
    if (isOver) this.answered.delete(n)
    if (outcome === 'answered') this.answered.set(n, { identity: identity ?? '', city: String(run?.answers?.['city']) })
  }
}

type Steps = Generator<Operation, void, Outcome>

/** One request of a browser, statement by statement, in the order of the handlers; between two anything may happen. */
export function* request(act: Act, browser: Browser, course: Course, witness: Witness, handle: () => number): Steps {
  switch (act.what) {
    case 'lose session':
      browser.session = null
      return
    case 'restart':
      yield { do: 'restart', browser }
      browser.session = null
      return
    case 'begin':
      yield { do: 'begin', browser }
      return
    case 'arrive': {
      const session = handle()
      const { outcome } = yield { do: 'arrive', browser, proof: proofOf(act.who), session }
      if (outcome === 'new' || outcome === 'known') browser.session = session
      return
    }
    case 'confirm':
      yield { do: 'confirm', browser, person: act.who.person }
      return
    case 'open':
      return yield* open(act, browser, course, witness)
    case 'answer': {
      const { run } = yield { do: 'answer', browser, asks: course.asksAfterProof, city: act.city }
      if (run?.proof) yield* proceed(act, browser, course, witness, run)
      return
    }
    case 'again': {
      const { outcome, run } = yield { do: 'view', browser }
      if (outcome === 'signedIn' || !run || nextStep(run, course) !== 'check') return
      return yield* proceed(act, browser, course, witness, run)
    }
    case 'agree': {
      const { outcome, run } = yield { do: 'view', browser }
      if (outcome === 'signedIn' || !run || !mayTake('agree', nextStep(run, course))) return
      witness.agreed.add(run.proof?.identity.issuerAssignedId ?? '')
      return yield* finish(browser, run)
    }
  }
}

function* open(act: Act, browser: Browser, course: Course, witness: Witness): Steps {
  const { outcome, run } = yield { do: 'view', browser }
  const { session } = browser
  if (outcome === 'signedIn' || !run || session === null || nextStep(run, course) !== 'enrich') return
  if (act.says === 'fail' || act.says === 'correct') return
  witness.enriched.add(run.proof?.identity.issuerAssignedId ?? '')
  const changes = act.says === 'block' ? { ending: { kind: 'blocked', userMessage: 'No.' } as const } : { prefill: {} }
  yield { do: 'keep', browser, session, run, changes }
}

function* proceed(act: Act, browser: Browser, course: Course, witness: Witness, run: Run): Steps {
  const { session } = browser
  if (session === null) return
  if (nextStep(run, course) === 'check') {
    if (act.says === 'fail') return
    const seen = `${run.proof?.identity.issuerAssignedId} ${run.answers?.['city']}`
    if (act.says !== 'continue') {
      const isBlock = act.says === 'block'
      const changes: Changes = isBlock ? { ending: { kind: 'blocked', userMessage: 'No.' } } : { notice: 'Elsewhere.' }
      yield { do: 'keep', browser, session, run, changes }
      return
    }
    witness.passed.add(seen)
    const checked: Run = { ...run, overrides: {} }
    if (nextStep(checked, course) === 'finish') return yield* finish(browser, checked)
    yield { do: 'keep', browser, session, run, changes: { overrides: {} } }
    return
  }
  if (nextStep(run, course) === 'finish') yield* finish(browser, run)
}

function* finish(browser: Browser, run: Run): Steps {
  const { session } = browser
  const city = String(run.answers?.['city'] ?? '')
  if (session === null) return
  yield { do: 'finish', browser, session, run, city }
}

/** Says what is wrong, if anything is. */
export function complaint(model: Model, witness: Witness, course: Course): string | undefined {
  const identities = new Set(model.users.map(({ identity }) => identity))
  const addresses = new Set(model.users.map(({ address }) => address))
  if (identities.size < model.users.length || addresses.size < model.users.length) return 'two guests of one person'
  for (const { identity, city, address } of model.users) {
    if (address === '') return 'a guest without a proved address'
    if (city === '') return 'the form was skipped'
    if (course.asksAfterProof && !witness.enriched.has(identity)) return 'the first connector was skipped'
    if (course.asksAfterAnswers && !witness.passed.has(`${identity} ${city}`)) return `nobody let ${city} pass`
    if (course.termsOfUseUrl !== undefined && !witness.agreed.has(identity)) return 'the terms were skipped'
  }
  for (const [browser, { identity, city }] of witness.answered) {
    const run = model.runs.find((stored) => stored.browser === browser)?.run
    const stored = run?.answers?.['city']
    if (stored !== city) return `${city} of ${identity} was answered, ${String(stored)} is there`
  }
  return undefined
}

/** Runs requests as they come, several at once where they wait, and looks after each statement whether all is well. */
export async function play(
  events: readonly Act[],
  course: Course,
  perform: (model: Model, operation: Operation) => Outcome | Promise<Outcome>,
): Promise<{ model: Model; witness: Witness; browsers: Browser[]; act: (act: Act) => Promise<void> }> {
  const model = new Model()
  const witness = new Witness()
  const browsers: Browser[] = [
    { n: 0, session: null },
    { n: 1, session: null },
  ]
  let handles = 0
  const begin = (act: Act) => {
    const browser = browsers[act.browser]
    if (!browser) throw new Error('no such browser')
    return request(act, browser, course, witness, () => ++handles)
  }
  const step = async (steps: Steps, last: Outcome | undefined): Promise<Outcome | undefined> => {
    const next = last === undefined ? steps.next() : steps.next(last)
    if (next.done) return undefined
    const answer = perform(model, next.value)
    const outcome = answer instanceof Promise ? await answer : answer
    witness.saw(next.value, outcome)
    const wrong = complaint(model, witness, course)
    if (wrong !== undefined) throw new Error(wrong)
    return outcome
  }
  const act = async (one: Act) => {
    const steps = begin(one)
    for (let last = await step(steps, undefined); last; ) last = await step(steps, last)
  }
  const waiting: { steps: Steps; last: Outcome; left: number }[] = []
  const goOn = async (all: boolean) => {
    for (const one of [...waiting]) {
      if (!all && one.left-- > 0) continue
      const last = await step(one.steps, one.last)
      if (last) one.last = last
      else waiting.splice(waiting.indexOf(one), 1)
    }
  }
  for (const event of events) {
    const steps = begin(event)
    let last = await step(steps, undefined)
    if (event.waits > 0 && last) waiting.push({ steps, last, left: event.waits })
    else while (last) last = await step(steps, last)
    await goOn(false)
  }
  while (waiting.length > 0) await goOn(true)
  return { model, witness, browsers, act }
}
