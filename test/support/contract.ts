import { readFileSync } from 'node:fs'
import { Ajv2020, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Test } from 'tap'

const document = JSON.parse(readFileSync(new URL('../../openapi/graph-v1.0-subset.json', import.meta.url), 'utf8'))
const schemas: Record<string, AnySchema> = document.components.schemas
type Described = { responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }> }
const paths: Record<string, Record<string, Described>> = document.paths

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
// OpenAPI's number formats say how wide a number is; JSON Schema has said already that it is one.
for (const format of ['int16', 'int32', 'int64', 'uint8', 'int8', 'decimal', 'base64url']) ajv.addFormat(format, true)
ajv.addSchema({ $id: 'graph', components: document.components })
const compiled = new Map<string, ValidateFunction>()

export type Strictness = {
  /** Properties beside Graph's that may stand at the top of the body: our documented additions, by name. */
  additions?: readonly string[]
}

/**
 * Holds a body against Graph's own schema, `microsoft.graph.invitation` for instance: types, nullability, enums, and no
 * property at its top that Graph does not define, save annotations and the additions named. Graph's schemas require
 * next to nothing, so which properties must be there is for the caller to say.
 */
export function holdAgainst(t: Test, key: string, body: unknown, strictness: Strictness = {}): void {
  t.strictSame(complaintsAgainst(key, body, strictness), [], `is a ${key}`)
}

/** The same without a test: what Graph's schema has against a body, in words; empty when it has nothing. */
export function complaintsAgainst(key: string, body: unknown, { additions = [] }: Strictness = {}): string[] {
  const own = isObject(body) ? omit(body, additions) : body
  return complaints(validator(key, 'strict'), own)
}

/** Every operation of the contract: `GET /users`. */
export function contractOperations(): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((name) => /^(?:get|post|put|patch|delete)$/.test(name))
      .map((method) => `${method.toUpperCase()} ${path}`),
  )
}

/** The schema of what an operation of the contract answers, undefined when it answers nothing. */
export function answerSchema(operation: string): string | undefined {
  const [method = '', path = ''] = operation.split(' ')
  const answers = Object.entries(paths[path]?.[method.toLowerCase()]?.responses ?? {})
  const [, answer] = answers.find(([status]) => /^2/.test(status)) ?? []
  return answer?.content?.['application/json']?.schema.$ref?.replace('#/components/schemas/', '')
}

/** The same for a list: every item by itself, and the envelope. `key` is that of an item. */
export function holdListAgainst(t: Test, key: string, body: any, strictness: Strictness = {}): void {
  t.strictSame(complaints(validator(`${key}CollectionResponse`, 'loose'), body), [], `is a list of ${key}`)
  const strangers = Object.keys(body).filter((name) => !['@odata.context', '@odata.nextLink', 'value'].includes(name))
  t.strictSame(strangers, [], 'has nothing beside its items')
  for (const item of body.value) holdAgainst(t, key, item, strictness)
}

function validator(key: string, kind: 'strict' | 'loose'): ValidateFunction {
  const known = compiled.get(`${kind} ${key}`)
  if (known) return known
  if (!(key in schemas)) throw new Error(`the contract has no schema '${key}'`)
  const $ref = `graph#/components/schemas/${key}`
  // Names holding an @ are annotations, which any resource may carry.
  const strict = { $ref, patternProperties: { '@': {} }, unevaluatedProperties: false }
  const made = ajv.compile(kind === 'strict' ? strict : { $ref })
  compiled.set(`${kind} ${key}`, made)
  return made
}

function complaints(validate: ValidateFunction, body: unknown): string[] {
  return validate(body) ? [] : (validate.errors ?? []).map(inWords)
}

function inWords({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`
}

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
}

function omit(body: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}
