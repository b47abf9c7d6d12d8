import type { Test } from 'tap'
import { GRAPH_JSON } from '../../src/graph/request-ids.js'
import { isGuid } from '../../src/kernel/ids.js'
import { holdAgainst } from '../support/contract.js'
import type { Answer } from '../support/service.js'
import type { CallerName, World } from './world.js'

/** What an error says, to the letter. `inner` is our finer code; `target` and `details` are absent unless named. */
export type GoldenError = { code: string; message: string; inner: string; target?: string; details?: unknown }

/**
 * One request and the answer it must get. Texts may hold `{name}` for anything in the world's facts. Besides what is
 * named here every answer is held to the headers of the dialect, every error to Graph's envelope, and every refusal to
 * having written nothing.
 */
export type Exchange = {
  title: string
  /** What must have happened before; may add facts and callers. */
  given?: (world: World) => Promise<unknown>
  /** `POST /invitations` */
  ask: string
  as?: CallerName
  headers?: Record<string, string>
  /** JSON, or the text itself. */
  body?: unknown
  status: number
  /** Response headers; null means absent. */
  answers?: Record<string, string | RegExp | null>
  /** The exact property set. */
  names?: readonly string[]
  /** `@odata.context`, after the version. */
  context?: string
  /** Exact values of some properties. */
  is?: Record<string, unknown>
  /** Anything else that must hold. */
  check?: (t: Test, answer: Answer, world: World) => unknown
  error?: GoldenError
}

/** Property set of Graph's answer to `POST /invitations`. */
export const INVITATION = [
  '@odata.context',
  'id',
  'inviteRedeemUrl',
  'inviteRedirectUrl',
  'invitedUser',
  'invitedUserDisplayName',
  'invitedUserEmailAddress',
  'invitedUserMessageInfo',
  'invitedUserType',
  'resetRedemption',
  'sendInvitationMessage',
  'status',
]

const TABLES = [
  'users',
  'user_identities',
  'user_sponsors',
  'invitations',
  'invitation_mails',
  'outbox',
  'audit_events',
  'idempotency_keys',
  'tenant_policies',
  'groups',
  'group_members',
  'group_owners',
]

/** The least that invites somebody. */
export function wish(invitedUserEmailAddress: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { invitedUserEmailAddress, inviteRedirectUrl: 'https://app.example/welcome', ...more }
}

/** One test per row of the table, in its order. */
export function play(t: Test, world: () => World, table: readonly Exchange[]): void {
  for (const exchange of table) t.test(exchange.title, (t) => hold(t, world(), exchange))
}

async function hold(t: Test, world: World, exchange: Exchange): Promise<void> {
  await exchange.given?.(world)
  const before = exchange.error && (await written(world))
  const answer = await send(world, exchange)
  t.equal(answer.status, exchange.status, answer.text)
  holdHeaders(t, answer, fill(exchange.answers ?? {}, world.facts))
  if (exchange.names) t.strictSame(Object.keys(answer.body).sort(), [...exchange.names].sort())
  if (exchange.context) t.equal(answer.body['@odata.context'], `${world.facts['baseUrl']}/v1.0/${exchange.context}`)
  for (const [name, value] of Object.entries(fill(exchange.is ?? {}, world.facts))) {
    t.strictSame(answer.body[name], value, name)
  }
  if (exchange.error) {
    holdError(t, answer, fill(exchange.error, world.facts))
    t.strictSame(await written(world), before, 'wrote nothing')
  }
  await exchange.check?.(t, answer, world)
}

function send(world: World, { ask, as = 'everything', headers, body }: Exchange): Promise<Answer> {
  const [, method = '', path = ''] = /^(\w+) (.*)$/.exec(fill(ask, world.facts)) ?? []
  if (as !== 'everything' && !world.tokens.has(as)) throw new Error(`nobody is called '${as}'`)
  const token = as === 'everything' ? undefined : world.tokens.get(as)
  return world.service.api(method, path, body === undefined ? undefined : fill(body, world.facts), {
    ...(token !== undefined && { token }),
    ...(headers && { headers: fill(headers, world.facts) }),
  })
}

function holdHeaders(t: Test, answer: Answer, wanted: Record<string, string | RegExp | null>): void {
  t.ok(isGuid(answer.headers.get('request-id') ?? ''), 'request-id is a GUID')
  t.ok(answer.headers.get('client-request-id'), 'client-request-id is there')
  t.equal(answer.headers.get('odata-version'), '4.0')
  t.equal(answer.headers.get('cache-control'), 'no-cache')
  if (answer.text !== '') t.equal(answer.headers.get('content-type'), GRAPH_JSON)
  for (const [name, value] of Object.entries(wanted)) {
    if (value instanceof RegExp) t.match(answer.headers.get(name), value, name)
    else t.equal(answer.headers.get(name), value, name)
  }
}

function holdError(t: Test, { body, headers }: Answer, { inner, ...outer }: GoldenError): void {
  holdAgainst(t, 'microsoft.graph.ODataErrors.ODataError', body)
  const { innerError, ...error } = body.error
  t.strictSame(Object.keys(body), ['error'])
  t.strictSame(error, outer)
  t.strictSame(Object.keys(innerError).sort(), ['client-request-id', 'code', 'date', 'request-id'])
  t.equal(innerError.code, inner)
  t.match(innerError.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, 'a date without a zone')
  t.equal(innerError['request-id'], headers.get('request-id'))
  t.equal(innerError['client-request-id'], headers.get('client-request-id'))
}

/** Everything in the tables that a request could have written to. */
async function written({ service }: World): Promise<unknown> {
  const contents = TABLES.map(
    (name) => `(select md5(string_agg(row::text, '|' order by row::text)) from ${name} as row) as ${name}`,
  )
  const [row] = await service.rows(`select ${contents.join(', ')}`)
  return row
}

/** Puts facts in the place of their names, wherever texts stand in `value`. */
function fill<Value>(value: Value, facts: Record<string, string>): Value
function fill(value: unknown, facts: Record<string, string>): unknown {
  if (typeof value === 'string') return value.replace(/\{([\w-]+)\}/g, (_whole, name: string) => fact(facts, name))
  if (Array.isArray(value)) return value.map((item) => fill(item, facts))
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner, facts)]))
}

function fact(facts: Record<string, string>, name: string): string {
  const value = facts[name]
  if (value === undefined) throw new Error(`nothing is known by the name '${name}'`)
  return value
}
