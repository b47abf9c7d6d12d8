import { type Static, type TObject, type TSchema, TypeGuard } from '@sinclair/typebox'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import type { ValueError } from '@sinclair/typebox/errors'
import { ValueErrorType } from '@sinclair/typebox/errors'
import { lazily } from '../kernel/lazily.js'
import { Refusal } from '../kernel/refusal.js'
import { nearestName } from './nearest.js'
import { bodyUnreadable } from './problem.js'
import { ruleOf } from './value-rules.js'

type Shape =
  | { kind: 'object'; fields: Map<string, Field>; names: readonly string[]; takes(name: string): boolean }
  | { kind: 'list'; items: Shape }
  | { kind: 'value' }
type Field = { name: string; shape: Shape; takesNull: boolean; isReadOnly: boolean }

const MAX_DEPTH = 20
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor'])

/**
 * Prepares the reader of a request body. What it returns has the schema's own property names whatever case they came
 * in, without read-only properties, without `null` where the schema has none, and without names holding `@` that the
 * schema does not declare (Graph). Everything else the schema does not know is refused: an unknown property, a wrong
 * type, a limit, two spellings of one name, deep nesting, strings PostgreSQL could not store. Refusals name the
 * property path and the rule.
 * Compiled when the first body comes: hundreds of routes are more than half of what a start would compute.
 * @throws at once when a schema has a form this cannot read.
 */
export function compileBody<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> {
  const shape = shapeOf(schema)
  const check = lazily(() => TypeCompiler.Compile(schema))
  const isOptional = TypeGuard.IsOptional(schema)
  return (body) => {
    if (body === undefined || body === null) {
      if (isOptional) return undefined
      throw bodyUnreadable('emptyBody')
    }
    refuseHostile(body, '', 0)
    const normalised = normalise(shape, body, '')
    if (check().Check(normalised)) return normalised
    throw firstProblem(check(), normalised)
  }
}

function shapeOf(schema: TSchema): Shape {
  if (TypeGuard.IsObject(schema)) return objectShape(schema)
  if (TypeGuard.IsArray(schema)) return { kind: 'list', items: shapeOf(schema.items) }
  if (TypeGuard.IsUnion(schema)) {
    const shapes = schema.anyOf.filter((member) => !TypeGuard.IsNull(member)).map(shapeOf)
    const [only] = shapes
    if (only && shapes.length === 1) return only
    if (shapes.every((shape) => shape.kind === 'value')) return { kind: 'value' }
    throw new Error('a body schema cannot offer several objects or lists at one place')
  }
  if (TypeGuard.IsIntersect(schema)) throw new Error('a body schema uses Type.Composite instead of Type.Intersect')
  return { kind: 'value' }
}

function objectShape(schema: TObject): Shape {
  const fields = new Map<string, Field>()
  const required = new Set<string>(schema.required)
  for (const [name, property] of Object.entries(schema.properties)) {
    const isReadOnly = property.readOnly === true
    if (isReadOnly && required.has(name)) throw new Error(`'${name}' is read-only, so dropped, and must be optional`)
    const field = { name, shape: shapeOf(property), takesNull: takesNull(property), isReadOnly }
    if (fields.has(name.toLowerCase())) throw new Error(`'${name}' differs from another property only in case`)
    fields.set(name.toLowerCase(), field)
    fields.set(name, field)
  }
  return { kind: 'object', fields, names: Object.keys(schema.properties), takes: furtherNames(schema) }
}

/** Which names an object takes beside those it declares: all, those of `patternProperties`, or none. */
function furtherNames({ additionalProperties, ...schema }: TObject): (name: string) => boolean {
  if (additionalProperties !== undefined && additionalProperties !== false) return () => true
  const patterns: Record<string, unknown> = schema['patternProperties'] ?? {}
  const forms = Object.keys(patterns).map((pattern) => new RegExp(pattern, 'i'))
  return (name) => forms.some((form) => form.test(name))
}

function takesNull(schema: TSchema): boolean {
  if (TypeGuard.IsUnion(schema)) return schema.anyOf.some(takesNull)
  return TypeGuard.IsNull(schema) || TypeGuard.IsUnknown(schema) || TypeGuard.IsAny(schema)
}

function normalise(shape: Shape, value: unknown, path: string): unknown {
  if (shape.kind === 'value' || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return shape.kind === 'list' ? value.map((item, index) => normalise(shape.items, item, `${path}[${index}]`)) : value
  }
  if (shape.kind === 'list') return value
  const result: Record<string, unknown> = {}
  const seen = new Set<Field | string>()
  for (const [name, inner] of Object.entries(value)) {
    const field = shape.fields.get(name) ?? shape.fields.get(name.toLowerCase())
    if (!field && name.includes('@')) continue
    if (!field && !shape.takes(name)) throw unknownProperty(join(path, name), name, shape.names)
    const identity = field ?? name.toLowerCase()
    if (seen.has(identity)) throw givenTwice(join(path, field?.name ?? name))
    seen.add(identity)
    if (!field) result[name] = inner
    else if (!field.isReadOnly && (inner !== null || field.takesNull)) {
      result[field.name] = normalise(field.shape, inner, field.shape.kind === 'value' ? '' : join(path, field.name))
    }
  }
  return result
}

/** What no schema should have to think of, wherever in the body it stands. */
function refuseHostile(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') {
    if (isStorable(value)) return
    throw new Refusal(
      'invalid',
      'invalidText',
      `${naming(path)} holds a NUL character or half a surrogate pair.`,
      at(path),
    )
  }
  if (typeof value !== 'object' || value === null) return
  if (depth >= MAX_DEPTH) {
    throw new Refusal('invalid', 'tooDeep', `The request body is nested deeper than ${MAX_DEPTH} levels.`, at(path))
  }
  for (const [name, inner] of Object.entries(value)) {
    if (FORBIDDEN_NAMES.has(name)) {
      throw new Refusal('invalid', 'forbiddenName', `A property cannot be called '${name}'.`, { target: name })
    }
    if (typeof inner === 'number' || typeof inner === 'boolean' || inner === null) continue
    refuseHostile(inner, Array.isArray(value) ? `${path}[${name}]` : join(path, name), depth + 1)
  }
}

/** Whether PostgreSQL can store the text: no U+0000, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function firstProblem(check: TypeCheck<TSchema>, value: unknown): Refusal {
  let error: ValueError | undefined = check.Errors(value).First()
  // An optional object is a union with null: the problem worth telling lies inside its one real member.
  for (;;) {
    const inner = error?.type === ValueErrorType.Union ? innerError(error) : undefined
    if (!inner) break
    error = inner
  }
  if (!error) throw new Error('a body failed its schema without an error')
  const path = readable(error.path)
  if (error.type === ValueErrorType.ObjectRequiredProperty) {
    return new Refusal('invalid', 'missingProperty', `A value is required for property '${path}'.`, at(path))
  }
  if (path === '') return new Refusal('invalid', 'invalidBody', `The request body must be ${ruleOf(error.schema)}.`)
  const rule = ruleOf(error.schema)
  return new Refusal(
    'invalid',
    'invalidValue',
    `Invalid value specified for property '${path}': it must be ${rule}.`,
    at(path),
  )
}

function innerError(error: ValueError): ValueError | undefined {
  if (error.value === null || !TypeGuard.IsUnion(error.schema)) return undefined
  const members = error.schema.anyOf
  const index = members.findIndex((member) => !TypeGuard.IsNull(member))
  if (members.filter((member) => !TypeGuard.IsNull(member)).length !== 1) return undefined
  const { rule } = error.schema
  return rule === undefined ? error.errors[index]?.First() : undefined
}

function unknownProperty(path: string, name: string, known: readonly string[]): Refusal {
  const near = nearestName(name, known)
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`
  return new Refusal(
    'invalid',
    'unknownProperty',
    `The property '${path}' does not exist on this resource.${hint}`,
    at(path),
  )
}

function givenTwice(path: string): Refusal {
  return new Refusal('invalid', 'duplicateProperty', `The property '${path}' is given more than once.`, at(path))
}

function naming(path: string): string {
  return path === '' ? 'The request body' : `The property '${path}'`
}

function at(path: string): { target?: string } {
  return path === '' ? {} : { target: path }
}

function join(path: string, name: string): string {
  const shown = name.length > 64 ? `${name.slice(0, 64)}…` : name
  return path === '' ? shown.toWellFormed() : `${path}.${shown.toWellFormed()}`
}

/** `/ccRecipients/0/emailAddress` as people write it. */
function readable(pointer: string): string {
  const steps = pointer.split('/').slice(1)
  return steps.reduce((path, step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    return /^\d+$/.test(name) ? `${path}[${name}]` : join(path, name)
  }, '')
}
