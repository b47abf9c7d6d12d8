import { isDeepStrictEqual } from 'node:util'
import { GRAPH_JSON } from '../../src/graph/request-ids.js'
import { isGuid } from '../../src/kernel/ids.js'
import { complaintsAgainst } from '../support/contract.js'
import type { Answer } from '../support/service.js'
import type { Exchange } from './exchange.js'
import { faultsOfShape } from './shapes.js'

/** What an answer is held to: an exchange with its facts filled in, and the origin they came from. */
export type Expected = Pick<
  Exchange,
  'ask' | 'headers' | 'status' | 'answers' | 'names' | 'context' | 'is' | 'error'
> & { baseUrl: string }

/**
 * Everything that is wrong with an answer, in words; nothing for the one that is wanted. Pure, so that answers that
 * were never sent can be held against it (mutants.test.ts).
 */
export function faultsOf(expected: Expected, answer: Answer): string[] {
  const { status, names, context, is = {}, error, baseUrl } = expected
  const [, method = '', path = ''] = /^(\w+) (.*)$/.exec(expected.ask) ?? []
  const root = `${baseUrl}/v1.0`
  const faults = differs('status', answer.status, status)
  faults.push(...faultsOfHeaders(expected, answer, `${root}${path.replace(/[?(].*$/, '')}`))
  const { body } = answer
  if (body === undefined) {
    if (status !== 204 && answer.text === '') faults.push('no body')
    if (status === 204 && answer.text !== '') faults.push('a body')
    return faults
  }
  if (typeof body !== 'object' || body === null) return [...faults, 'the body is no object']
  if (names) faults.push(...differs('properties', Object.keys(body).sort(), [...names].sort()))
  if (context) faults.push(...differs('@odata.context', body['@odata.context'], `${root}/${context}`))
  for (const [name, value] of Object.entries(is)) faults.push(...differs(name, body[name], value))
  if (error) faults.push(...faultsOfError(error, answer))
  if (status >= 400) faults.push(...complaintsAgainst('microsoft.graph.ODataErrors.ODataError', body))
  else faults.push(...faultsOfShape(body, { method, path, root }))
  return faults
}

function faultsOfHeaders({ status, headers = {}, answers = {} }: Expected, answer: Answer, made: string): string[] {
  const has = (name: string) => answer.headers.get(name)
  const faults = isGuid(has('request-id') ?? '') ? [] : ['request-id is no GUID']
  const sent = headers['client-request-id'] ?? ''
  const wanted = /^[\x21-\x7e]{1,64}$/.test(sent) ? sent : has('request-id')
  faults.push(...differs('client-request-id', has('client-request-id'), wanted))
  faults.push(...differs('odata-version', has('odata-version'), '4.0'))
  faults.push(...differs('cache-control', has('cache-control'), 'no-cache'))
  faults.push(...differs('access-control-allow-origin', has('access-control-allow-origin'), '*'))
  if (answer.body !== undefined || status >= 400)
    faults.push(...differs('content-type', has('content-type'), GRAPH_JSON))
  if (status === 204) faults.push(...differs('content-type', has('content-type'), null))
  if (status === 201 && !('location' in answers)) {
    faults.push(...differs('location', has('location'), `${made}/${answer.body?.id}`))
  }
  for (const [name, value] of Object.entries(answers)) {
    if (!(value instanceof RegExp)) faults.push(...differs(name, has(name), value))
    else if (!value.test(has(name) ?? '')) faults.push(`${name} is ${has(name)}, wanted ${value}`)
  }
  return faults
}

function faultsOfError(wanted: NonNullable<Exchange['error']>, { body, headers }: Answer): string[] {
  const { inner, ...outer } = wanted
  const { innerError = {}, ...error } = body.error ?? {}
  const faults = differs('properties', Object.keys(body), ['error'])
  const { message } = outer
  const isLike = message instanceof RegExp && message.test(error.message)
  faults.push(...differs('error', error, isLike ? { ...outer, message: error.message } : outer))
  const names = ['client-request-id', 'code', 'date', 'request-id']
  faults.push(...differs('properties of innerError', Object.keys(innerError).sort(), names))
  faults.push(...differs('innerError.code', innerError.code, inner))
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(innerError.date)) faults.push('innerError.date has a zone or is none')
  for (const name of ['request-id', 'client-request-id']) {
    faults.push(...differs(`innerError.${name}`, innerError[name], headers.get(name)))
  }
  return faults
}

function differs(what: string, found: unknown, wanted: unknown): string[] {
  if (isDeepStrictEqual(found, wanted)) return []
  return [`${what} is ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`]
}
