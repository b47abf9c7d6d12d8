import { createHash } from 'node:crypto'
import fc from 'fast-check'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { selfServiceRow } from '../../../src/directory/index.js'
import { parseEmailAddress } from '../../../src/kernel/email-address.js'
import { endBrowser, passcodeOf } from '../../../src/sign-in/index.js'
import { createNeighbours, readUserFlow } from '../../../src/user-flows/index.js'
import { type Neighbours, readTogether, signUpRoutes } from '../../../src/user-flows/sign-up/index.js'
import type { Run } from '../../../src/user-flows/sign-up/rules.js'
import {
  answer,
  arrive,
  begin,
  finish,
  type Holder,
  keep,
  readView,
  restart,
} from '../../../src/user-flows/sign-up/store.js'
import type { Claims, ConnectorAnswer } from '../../../src/user-flows/words.js'
import { startService } from '../../support/service.js'
import { makeFlow, usersOf } from './flow.js'
import { acts, courses, type Browser as ModelBrowser, type Operation, play } from './model.js'

/**
 * Random orders of what a visitor and the machines around them do, over HTTP on the real store: two tabs, double submits,
 * back, reload, a lost session, a process that dies between a connector's answer and writing it down. Whatever happens,
 * there are never two guests of one person, no step is skipped, and nothing that was answered is lost.
 */
const service = await startService(t, { workers: false })
const { services, tenantId } = service
t.setTimeout(900_000)

const TERMS = 'https://contoso.example/terms'
const path = await makeFlow(service, {
  questions: [{ id: 'city' }],
  termsOfUseUrl: TERMS,
  first: services.newId(),
  second: services.newId(),
})
await service.rows(
  `update tenants set settings = '{"signUpsPerNetworkAndHour": 1000000, "signUpsPerFlowAndHour": null}'`,
)
services.tenants.forget()

/** What the second connector let pass, by address, the newest last; and how it answers next. */
const passed = new Map<string, Claims[]>()
const enriched = new Set<string>()
let next: 'continue' | 'die' | 'correct' = 'continue'

/** Statements that were sent, each a round trip; a transaction of the other pool counts by its name. */
const sent: string[] = []
const database = {
  ...services.database,
  sql: new Proxy(services.database.sql, {
    apply(target, _this, args: [TemplateStringsArray, ...unknown[]]) {
      sent.push(/select\s+(\w+)/.exec(args[0].join(' '))?.[1] ?? args[0].join(' '))
      return Reflect.apply(target, undefined, args)
    },
  }),
  withTenant: <T>(...args: Parameters<typeof services.database.withTenant<T>>) => {
    sent.push('a transaction')
    return services.database.withTenant<T>(...args)
  },
}

const neighbours: Neighbours = {
  readFlow: readTogether((tenant, flow) => readUserFlow(database.sql, tenant, flow)),
  async ask({ step, claims }): Promise<ConnectorAnswer> {
    const how = next
    next = 'continue'
    const address = String(claims['email'])
    if (how === 'correct' && step === 'PostAttributeCollection')
      return { action: 'ValidationError', userMessage: 'No.' }
    if (step === 'PostFederationSignup') enriched.add(address)
    else passed.set(address, [...(passed.get(address) ?? []), claims])
    if (how === 'die') throw new Error('the process died')
    return { action: 'Continue', claims: {} }
  },
  requests: createNeighbours({ ...services, database }).requests,
}
const app = Fastify()
await app.register(signUpRoutes, { needs: { ...services, database, neighbours } })
await app.listen({ port: 0, host: '127.0.0.1' })
t.teardown(() => app.close())
const { port } = app.server.address() as { port: number }
const at = (flowPath: string) => `http://localhost:${port}${flowPath}`

/** A browser: its tabs share cookies, and each has the form that it was shown last. */
class Browser {
  readonly cookies = new Map<string, string>()
  readonly tokens = ['', '']
  readonly url: string

  constructor(url = at(path)) {
    this.url = url
  }

  async send(tab: number, fields?: Record<string, string>) {
    const response = await fetch(this.url, {
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(fields && { method: 'POST', body: new URLSearchParams({ csrf: this.tokens[tab] ?? '', ...fields }) }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (/max-age=0/i.test(set)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const html = await response.text()
    const token = /name="csrf" value="([^"]+)"/.exec(html)?.[1]
    if (token) this.tokens[tab] = token
    return { status: response.status, html, location: response.headers.get('location') }
  }
}

type Act = { what: string; tab: number; city: string; fresh: boolean; other: boolean }
const WEIGHTS = {
  open: 1,
  ask: 1,
  prove: 1,
  'ask and prove': 4,
  answer: 4,
  'answer twice': 1,
  'leave empty': 1,
  agree: 1,
  'agree twice': 1,
  again: 1,
  'lose session': 2,
  'die next': 1,
  'correct next': 1,
  restart: 1,
}
const events = fc.array(
  fc.record({
    what: fc.constantFrom(...Object.entries(WEIGHTS).flatMap(([what, weight]) => Array<string>(weight).fill(what))),
    tab: fc.nat({ max: 1 }),
    city: fc.constantFrom('Porto', 'Gent', 'Lund'),
    /** Whether the tab shows what is due before, or acts from the page it has. */
    fresh: fc.constantFrom(true, true, true, false),
    /** In another browser of the same person. */
    other: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 10, maxLength: 24 },
)

/** Each is some fifty requests; every run of the suite draws others. Of the statements alone there are more, below. */
const RUNS = 6

let people = 0
class Scene {
  readonly address = `person${++people}@partner.example`
  readonly browsers = [new Browser(), new Browser()]
  /** What each browser has answered and not taken back. */
  readonly answered: (string | undefined)[] = [undefined, undefined]
  agreed = false

  async act({ what, tab, city, fresh, other }: Act): Promise<void> {
    const index = other ? 1 : 0
    const browser = this.browsers[index] ?? new Browser()
    if (fresh) await browser.send(tab)
    switch (what) {
      case 'open':
        await browser.send(tab)
        return
      case 'ask':
        await this.ask(browser, tab)
        return
      case 'prove':
        await browser.send(tab, { code: await this.code() })
        return
      case 'ask and prove':
        await this.ask(browser, tab)
        await browser.send(tab)
        await browser.send(tab, { code: await this.code() })
        return
      case 'answer':
      case 'answer twice': {
        const times = what === 'answer' ? 1 : 2
        const sent = await Promise.all(
          Array.from({ length: times }, () => browser.send(tab, { action: 'answer', city })),
        )
        // Taken is what did not come back as stale, or with another step in its place.
        if (sent.some(({ status }) => status !== 403) && (await this.storedAnswers(index))?.['city'] === city) {
          this.answered[index] = city
        }
        return
      }
      case 'leave empty':
        await browser.send(tab, { action: 'answer', city: '' })
        return
      case 'agree':
      case 'agree twice': {
        const times = what === 'agree' ? 1 : 2
        this.agreed = true
        await Promise.all(
          Array.from({ length: times }, () => browser.send(tab, { action: 'agree', agree: 'yes', terms: TERMS })),
        )
        return
      }
      case 'again':
        await browser.send(tab, { action: 'again' })
        return
      case 'lose session':
        browser.cookies.delete('vs')
        return
      case 'die next':
        next = 'die'
        return
      case 'correct next':
        next = 'correct'
        return
      case 'restart': {
        const { status } = await browser.send(tab, { action: 'restart' })
        if (status === 303) this.answered[index] = undefined
        return
      }
    }
  }

  async ask(browser: Browser, tab: number): Promise<void> {
    // Codes are 5 in 15 minutes and 20 a day for an address.
    service.advance(5 * 60_000)
    await browser.send(tab, { email: this.address })
  }

  async code(): Promise<string> {
    const [row] = await service.rows(
      `select id from passcodes where address_folded = '${this.address}' order by id desc limit 1`,
    )
    return row ? passcodeOf(services.keys, tenantId, row['id']) : '00000000'
  }

  /** Of the run of a browser, whoever holds it. */
  async storedAnswers(index: number): Promise<Record<string, string> | undefined> {
    const [row] = await service.rows(`select answers from sign_up_runs
      where browser_hash = '\\x${this.hash(index)}' and proof->>'address' = '${this.address}'`)
    return row?.['answers'] ?? undefined
  }

  hash(index: number): string {
    const handle = this.browsers[index]?.cookies.get('vb') ?? ''
    return services.keys.mac('browser-handle', 'http', 'browser', handle).toString('hex')
  }

  async check(): Promise<void> {
    const users = await usersOf(service, this.address)
    if (users.length > 1) throw new Error(`${users.length} guests of one person`)
    const [user] = users
    if (user) {
      if (!enriched.has(this.address)) throw new Error('the first connector was skipped')
      if (!this.agreed) throw new Error('the terms were skipped')
      const let_ = (passed.get(this.address) ?? []).map(({ city }) => city)
      if (!let_.includes(user['city'])) throw new Error(`the second connector never saw ${user['city']}`)
      if (user['creation_type'] !== 'SelfServiceSignUp') throw new Error('another guest')
      return
    }
    for (const [index, city] of this.answered.entries()) {
      if (city === undefined) continue
      const stored = await this.storedAnswers(index)
      if (stored?.['city'] !== city) throw new Error(`${city} was answered, ${JSON.stringify(stored)} is there`)
    }
  }
}

t.test('no order of events makes two guests, skips a step or loses an answer', async (t) => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(events, async (events) => {
      const scene = new Scene()
      next = 'continue'
      for (const event of events) {
        await scene.act(event)
        await scene.check()
      }
      // Whatever state that left behind, somebody who now does one thing after the other arrives.
      next = 'continue'
      const [browser] = scene.browsers
      if (!browser) return
      await browser.send(0)
      await browser.send(0, { action: 'restart' })
      await browser.send(0)
      service.advance(16 * 60_000)
      await browser.send(0, { email: scene.address })
      await browser.send(0, { code: await scene.code() })
      await browser.send(0)
      await browser.send(0, { action: 'answer', city: 'Porto' })
      scene.agreed = true
      await browser.send(0, { action: 'agree', agree: 'yes', terms: TERMS })
      await scene.check()
      if ((await usersOf(service, scene.address)).length !== 1) throw new Error('nobody got through')
      made++
    }),
    { numRuns: RUNS },
  )
  t.ok(made >= RUNS)
})

t.test('the statements keep what the model says, in whatever order they come', async (t) => {
  const flowId = path.split('/').at(-1) ?? ''
  const tenant = await services.tenants.find(tenantId)
  const { sql } = services.database
  const now = services.clock()
  const later = new Date(now.getTime() + 3_600_000)
  if (!tenant) throw new Error('no tenant')
  let scenes = 0
  let made = 0
  await fc.assert(
    fc.asyncProperty(acts(['a', 'b']), courses, async (events, course) => {
      const scene = `s${++scenes}`
      // The home that everybody of the scene comes by.
      await service.rows(`insert into identity_providers (tenant_id, id, kind, display_name, issuer, created_date_time)
        values ('${tenantId}', '${scene}', 'oidc', 'Home', 'https://${scene}.example', now())`)
      const ours = <Value>(value: Value): Value =>
        JSON.parse(JSON.stringify(value).replaceAll('@partner.example', `@${scene}.example`))
      const hash = (kind: string, n: number) => createHash('sha256').update(`${scene} ${kind} ${n}`).digest()
      const holderOf = ({ n, session }: ModelBrowser): Holder => ({
        flowId,
        browser: hash('browser', n),
        session: session === null ? null : hash('session', session),
      })
      const log = { correlationId: services.newId(), client: '127.0.0.1', provider: 'home', identifier: '' }
      const ids = new Map<string, string>()
      const perform = async (operation: Operation): Promise<{ outcome: string; run: Run | null }> => {
        const holder = holderOf(operation.browser)
        switch (operation.do) {
          case 'view': {
            const { run, session } = await readView(sql, tenantId, now, holder, false)
            return { outcome: session ? 'signedIn' : 'view', run }
          }
          case 'begin': {
            const wish = { client: scene, expires: later, mostOfClient: 1_000, mostOfFlow: null, passcode: undefined }
            const id = services.newId()
            const { outcome } = await begin(sql, tenantId, now, holder, { ...wish, id, leaving: undefined })
            return { outcome, run: null }
          }
          case 'arrive': {
            const proof = ours(operation.proof)
            const issuer = `https://${scene}.example`
            const found = await arrive(sql, tenantId, now, holder, {
              proof: { ...proof, identity: { ...proof.identity, issuer } },
              newSession: hash('session', operation.session),
              ends: later,
              log,
            })
            return { outcome: found.who, run: 'run' in found ? found.run : null }
          }
          case 'answer': {
            const { asks, city } = operation
            const run = await answer(sql, tenantId, now, holder, { asks, answers: { city } })
            return { outcome: run ? 'answered' : 'none', run: run ?? null }
          }
          case 'keep': {
            const held = { ...operation.run, id: ids.get(operation.run.id) ?? '' }
            const run = await keep(sql, tenantId, now, hash('session', operation.session), held, operation.changes)
            return { outcome: run ? 'kept' : 'moved', run: run ?? null }
          }
          case 'finish': {
            const { proof } = operation.run
            const address = parseEmailAddress(ours(proof?.address ?? ''))
            if (!proof || !address) throw new Error('nobody is proved')
            const identity = { ...proof.identity, issuer: `https://${scene}.example` }
            const held = { ...operation.run, id: ids.get(operation.run.id) ?? '' }
            const { outcome } = await finish(sql, tenantId, now, hash('session', operation.session), held, {
              version: tenant.version,
              agreedTo: undefined,
              initialDomain: tenant.initialDomain,
              guest: selfServiceRow({ id: services.newId(), address, identity, properties: { city: operation.city } }),
              ends: later,
              auditId: services.newId(),
              log,
            })
            return { outcome, run: null }
          }
          case 'restart':
            await restart(sql, tenantId, holder)
            if (holder.session) await endBrowser(sql, tenantId, holder.session)
            return { outcome: 'restarted', run: null }
          default:
            throw new Error('nobody needs a code here')
        }
      }
      // PostgreSQL has an order of its own of what is in an object.
      const shape = (run: Run | null) =>
        run && [
          run.revision,
          run.proof && [run.proof.identity.issuerAssignedId, ours(run.proof.address)],
          [run.prefill, run.answers, run.overrides, run.notice, run.ending?.kind ?? null],
        ]
      const { model } = await play(events, course, async (model, operation) => {
        const expected = model.take(operation)
        if (operation.do === 'confirm') return expected
        const actual = await perform(operation)
        const seen = JSON.stringify([actual.outcome, shape(actual.run)])
        const told = JSON.stringify([expected.outcome, shape(expected.run)])
        if (seen !== told) throw new Error(`${JSON.stringify(operation)} came to ${seen} and not to ${told}`)
        if (expected.run && actual.run) ids.set(expected.run.id, actual.run.id)
        return expected
      })
      const users = await service.rows(`select mail, city, issuer_assigned_id from users u
        join user_identities n on n.tenant_id = u.tenant_id and n.user_id = u.id
        where n.issuer = 'https://${scene}.example' order by mail`)
      const expected = model.users.map(({ address, city, identity }) => `${ours(address)} ${city} ${identity}`)
      const found = users.map((user) => `${user['mail']} ${user['city']} ${user['issuer_assigned_id']}`)
      if (found.join() !== expected.sort().join()) throw new Error(`${found.join()} and not ${expected.join()}`)
      made += found.length
    }),
    { numRuns: 60 },
  )
  t.ok(made > 5, `${made} guests were made on the way`)
})

t.test('ten submits at once make one guest', async (t) => {
  const scene = new Scene()
  const [browser] = scene.browsers
  if (!browser) return
  await browser.send(0)
  await browser.send(0, { email: scene.address })
  await browser.send(0, { code: await scene.code() })
  await browser.send(0)
  await browser.send(0, { action: 'answer', city: 'Porto' })
  const agree = () => browser.send(0, { action: 'agree', agree: 'yes', terms: TERMS })
  const answers = await Promise.all(Array.from({ length: 10 }, agree))
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([303]))
  t.equal((await usersOf(service, scene.address)).length, 1)
  t.equal(
    (
      await service.rows(`select 1 from audit_events where additional_details->>'creationType' is not null
    and initiated_by->>'displayName' = '${scene.address}'`)
    ).length,
    1,
  )
})

t.test('no step takes more than three round trips', async (t) => {
  type Step = [step: string, fields: () => Promise<Record<string, string>> | undefined, statements: string[]]
  const take = async (t: Test, browser: Browser, steps: readonly Step[]) => {
    for (const [step, fields, statements] of steps) {
      const given = await fields()
      sent.splice(0)
      await browser.send(0, given)
      t.strictSame(sent.splice(0), statements, step)
      t.ok(statements.length <= 3)
    }
  }
  const look = ['user_flow_named', 'sign_up_view']
  // What a process keeps in memory is there.
  await new Browser().send(0)

  await t.test('on the way of a passcode, two connectors and terms', async (t) => {
    const scene = new Scene()
    await take(t, new Browser(), [
      ['the first page', () => undefined, ['user_flow_named']],
      ['asking for a code', async () => ({ email: scene.address }), [...look, 'sign_up_begin']],
      ['the page for it', () => undefined, look],
      ['the code', async () => ({ code: await scene.code() }), ['user_flow_named', 'sign_up_prove']],
      ['the form, and the first connector', () => undefined, [...look, 'sign_up_keep']],
      [
        'answers, and the second connector',
        async () => ({ action: 'answer', city: 'Porto' }),
        ['user_flow_named', 'sign_up_answer', 'sign_up_keep'],
      ],
      ['the terms', () => undefined, look],
      [
        'agreeing, and the guest',
        async () => ({ action: 'agree', agree: 'yes', terms: TERMS }),
        [...look, 'sign_up_finish'],
      ],
    ])
    t.equal((await usersOf(service, scene.address)).length, 1)
  })

  await t.test('to a home', async (t) => {
    await service.otherTenant('fabrikam.example')
    const browser = new Browser()
    await browser.send(0)
    // Which homes a domain has is in memory from here on.
    await browser.send(0, { email: 'once@fabrikam.example' })
    await take(t, browser, [['leaving', async () => ({ email: 'nils@fabrikam.example' }), [...look, 'sign_up_begin']]])
    const { location } = await browser.send(0, { email: 'nils@fabrikam.example' })
    t.match(location, '/signin/home?')
    const flows = await service.rows(
      `select purpose, expires_date_time - created_date_time as "for" from sign_in_flows`,
    )
    t.match(flows.at(-1), { purpose: { kind: 'signUp', address: 'nils@fabrikam.example' }, for: '00:20:00' })
    t.match(flows.length, 3, 'each time one')
  })

  await t.test('where somebody has to approve', async (t) => {
    const held = at(await makeFlow(service, { questions: [{ id: 'city' }], requiresApproval: true }))
    const scene = new Scene()
    const browser = new Browser(held)
    const steps: Step[] = [
      ['the first page', () => undefined, ['user_flow_named']],
      ['asking for a code', async () => ({ email: scene.address }), [...look, 'sign_up_begin']],
      ['the code', async () => ({ code: await scene.code() }), ['user_flow_named', 'sign_up_prove']],
    ]
    await take(t, browser, [
      ...steps,
      ['the form', () => undefined, look],
      [
        'answers, and the request',
        async () => ({ action: 'answer', city: 'Porto' }),
        ['user_flow_named', 'sign_up_answer', 'sign_up_hold'],
      ],
      ['what became of it', () => undefined, look],
    ])
    t.match(await service.rows(`select state, answers from sign_up_requests where email = '${scene.address}'`), [
      { state: 'pending', answers: [{ name: 'city', value: 'Porto' }] },
    ])
    t.match(
      await service.rows(`select proof, answers from sign_up_runs where ending->>'kind' = 'held'`),
      [{ proof: null, answers: null }],
      'what was told is in the request alone',
    )
    service.advance(31_000)
    const again = new Browser(held)
    await take(t, again, [...steps, ['the request that is there', () => undefined, [...look, 'sign_up_request_tie']]])
    t.match((await again.send(0)).location, /\/request$/)
    t.equal((await service.rows(`select 1 from sign_up_requests where email = '${scene.address}'`)).length, 1)
  })
})
