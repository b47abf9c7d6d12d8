import type { ConnectorStep } from '../words.js'
import { storable } from './wire.js'

/** One try of an exchange: how long it took, and what came of it. */
export type ShownTry = { durationInMilliseconds: number; status: number | null; trouble: string | null }

/** An exchange as it is kept: when, how long, what was asked and how the answer was read, and nobody's values. */
export type ShownExchange = {
  startedDateTime: string
  durationInMilliseconds: number
  isTest: boolean
  step: ConnectorStep
  idempotencyKey: string
  tries: ShownTry[]
  action: 'Continue' | 'ShowBlockPage' | 'ValidationError' | 'Failed'
  reason: string | null
  request: unknown
  response: { status: number; contentType: string | null; size: number; body: unknown } | null
}

/** Names whose values are the protocol's and nobody's. */
const PLAIN: ReadonlySet<string> = new Set(['version', 'action', 'status', 'step', 'client_id', 'ui_locales'])
const MOST_NAMES = 60
const LONGEST_NAME = 128

/** The body of a request or an answer with the kind and size of each value in its place. */
export function redacted(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return kindOf(body)
  const entries = Object.entries(body)
  const kept = entries
    .slice(0, MOST_NAMES)
    .map(([name, value]) => [storable(name).slice(0, LONGEST_NAME), PLAIN.has(name) ? short(value) : kindOf(value)])
  return Object.fromEntries(
    entries.length > MOST_NAMES ? [...kept, ['…', `<${entries.length - MOST_NAMES} more>`]] : kept,
  )
}

function short(value: unknown): unknown {
  return typeof value === 'string' ? storable(value).slice(0, 64) : typeof value === 'number' ? value : kindOf(value)
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `<text of ${value.length}>`
  if (Array.isArray(value)) return `<list of ${value.length}>`
  return value === null ? '<null>' : `<${typeof value}>`
}

/** The answer's body for `redacted`; one that is no JSON has only a size. */
export function bodyToRedact(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** An address without what its query holds, which may be a key. */
export function withoutQueryValues(address: string): string {
  const url = new URL(address)
  const names = [...new Set(url.searchParams.keys())].map((name) => `${encodeURIComponent(name)}=***`)
  return `${url.origin}${url.pathname}${names.length > 0 ? `?${names.join('&')}` : ''}`
}
