import type { Answer } from '../support/service.js'
import { type Expected, faultsOf } from './checker.js'

/** An answer with one thing changed, and which. */
export type Mutant = { what: string; answer: Answer }

type Json = Record<string, unknown>

const STATUSES = [200, 201, 204, 400, 403, 404, 500]
const HEADERS = ['request-id', 'client-request-id', 'odata-version', 'cache-control', 'content-type', 'location']

const ANOTHER_ID = '01900000-0000-7000-8000-000000000000'

/** Numbers in [0, 1) that are the same for the same seed (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Mutants of an answer, `count` of them, each kind that it allows as likely as any other. */
export function mutantsOf(answer: Answer, count: number, random: () => number): Mutant[] {
  const kinds = Object.values(KINDS)
    .map((list) => list(answer))
    .filter((mutants) => mutants.length > 0)
  return Array.from({ length: count }, () => pick(pick(kinds, random), random))
}

/** Those of `mutants` that the checker takes for the real thing. */
export function survivors(expected: Expected, mutants: readonly Mutant[]): Mutant[] {
  return mutants.filter(({ answer }) => faultsOf(expected, answer).length === 0)
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}

/** Every mutant of each kind. */
export const KINDS = {
  status: (answer: Answer): Mutant[] =>
    STATUSES.filter((status) => status !== answer.status).map((status) => ({
      what: `status ${answer.status} is ${status}`,
      answer: { ...answer, status },
    })),
  'header gone': (answer: Answer) => headersOf(answer).map((name) => withHeader(answer, name, null)),
  'header changed': (answer: Answer) =>
    headersOf(answer).map((name) => withHeader(answer, name, name.endsWith('request-id') ? ANOTHER_ID : 'x')),
  'property dropped': (answer: Answer) =>
    properties(answer).map(({ path, name }) =>
      changed(answer, `${path}${name} is gone`, path, (object) => {
        delete object[name]
      }),
    ),
  'property added': (answer: Answer) =>
    [...new Set(properties(answer).map(({ path }) => path))].map((path) =>
      changed(answer, `${path}surprise is there`, path, (object) => {
        object['surprise'] = 'x'
      }),
    ),
  'type changed': (answer: Answer) =>
    properties(answer).map(({ path, name, value }) =>
      changed(answer, `${path}${name} has another type`, path, (object) => {
        object[name] = ofAnotherType(value)
      }),
    ),
  'context changed': (answer: Answer) => contexts(answer),
  'error changed': (answer: Answer) => errors(answer),
} satisfies Record<string, (answer: Answer) => Mutant[]>

const headersOf = ({ headers }: Answer) => HEADERS.filter((name) => headers.has(name))

function withHeader(answer: Answer, name: string, value: string | null): Mutant {
  const headers = new Headers(answer.headers)
  if (value === null) headers.delete(name)
  else headers.set(name, value)
  return { what: `${name} is ${value ?? 'gone'}`, answer: { ...answer, headers } }
}

function ofAnotherType(value: unknown): unknown {
  if (typeof value === 'string') return 7
  if (typeof value === 'object' && value !== null) return 'x'
  return value === null ? { x: 7 } : 'x'
}

/** Where a property may be changed: at the top, in the items of a list, in an error and its inner error. */
function properties({ body }: Answer): { path: string; name: string; value: unknown }[] {
  const found: { path: string; name: string; value: unknown }[] = []
  const visit = (path: string, object: unknown) => {
    if (typeof object !== 'object' || object === null || Array.isArray(object)) return
    for (const [name, value] of Object.entries(object)) found.push({ path, name, value })
  }
  visit('', body)
  if (Array.isArray(body?.value)) for (const [index, item] of body.value.entries()) visit(`value.${index}.`, item)
  visit('error.', body?.error)
  visit('error.innerError.', body?.error?.innerError)
  return found
}

function contexts(answer: Answer): Mutant[] {
  const context = answer.body?.['@odata.context']
  if (typeof context !== 'string') return []
  const other = [
    context.replace(/#\w+/, '#devices'),
    context.replace(/^https?:\/\/[^/]+/, 'https://elsewhere.example'),
    context.replace('/v1.0/', '/beta/'),
    context.endsWith('/$entity') ? context.slice(0, -'/$entity'.length) : `${context}/$entity`,
    context.replace(/\(([\w,]+)\)/, '($1,x)'),
    context.replace(/\([\w,]+\)/, ''),
  ]
  return other
    .filter((text) => text !== context)
    .map((text) =>
      changed(answer, `the context is ${text}`, '', (object) => {
        object['@odata.context'] = text
      }),
    )
}

function errors(answer: Answer): Mutant[] {
  const { error } = answer.body ?? {}
  if (!error) return []
  const places: [path: string, name: string][] = [
    ['error.', 'code'],
    ['error.', 'message'],
    ['error.', 'target'],
    ['error.innerError.', 'code'],
    ['error.innerError.', 'date'],
  ]
  return places.map(([path, name]) =>
    changed(answer, `${path}${name} has another text`, path, (object) => {
      object[name] = `${object[name]}x`
    }),
  )
}

/** A copy with a change made in the object at `path`; the text says the same. */
function changed(answer: Answer, what: string, path: string, change: (object: Json) => void): Mutant {
  const body = structuredClone(answer.body)
  let object = body
  for (const step of path.split('.').slice(0, -1)) object = object[step]
  change(object)
  return { what, answer: { ...answer, body, text: JSON.stringify(body) } }
}
