import { type TSchema, TypeGuard } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { FastifySchemaCompiler } from 'fastify'
import { lazily } from '../kernel/lazily.js'
import { Refusal } from '../kernel/refusal.js'
import { compileBody, isStorable } from './body.js'
import { ruleOf } from './value-rules.js'

/**
 * Fastify's `setValidatorCompiler` for TypeBox schemas: bodies through `compileBody`; query, path and headers are
 * checked for what the schema declares and otherwise left alone, since Graph ignores unknown query parameters.
 * Nothing is coerced except text that is exactly a number or a boolean where the schema asks for one. Query names
 * with a dollar sign are documentation here: `readQueryOptions` reads them.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const read = httpPart === 'body' ? compileBody(schema) : compileParts(schema, httpPart ?? 'querystring')
  return (data: unknown) => {
    try {
      return { value: read(data) }
    } catch (error) {
      if (error instanceof Error) return { error }
      throw error
    }
  }
}

type Part = { name: string; read(value: unknown): unknown; isRequired: boolean; refusal(problem: string): Refusal }

function compileParts(schema: TSchema, httpPart: string): (data: unknown) => unknown {
  if (!TypeGuard.IsObject(schema)) throw new Error(`the ${httpPart} schema must be an object`)
  const parts = Object.entries(schema.properties)
    .filter(([name]) => !name.startsWith('$'))
    .map(([name, property]) => compilePart(name, property, httpPart, schema.required?.includes(name) === true))
  return (data) => {
    if (typeof data !== 'object' || data === null) throw new Error(`${httpPart} is no object`)
    const given: Record<string, unknown> = Object.assign(Object.create(null), data)
    if (httpPart !== 'headers') refuseUnstorable(given)
    for (const part of parts) {
      const value = given[part.name]
      if (value !== undefined) given[part.name] = part.read(value)
      else if (part.isRequired) throw part.refusal('is missing')
    }
    return given
  }
}

function compilePart(given: string, schema: TSchema, httpPart: string, isRequired: boolean): Part {
  const name = httpPart === 'headers' ? given.toLowerCase() : given
  const check = lazily(() => TypeCompiler.Compile(schema))
  const kind = { querystring: 'query parameter', params: 'path parameter', headers: 'header' }[httpPart] ?? httpPart
  const refusal = (problem: string) =>
    new Refusal('invalid', 'invalidParameter', `The ${kind} '${name}' ${problem}.`, {
      target: name,
      graphCode: 'BadRequest',
    })
  return {
    name,
    isRequired,
    refusal,
    read(text) {
      if (Array.isArray(text) && !TypeGuard.IsArray(schema)) throw refusal('is given more than once')
      const value = typeof text === 'string' ? exactly(schema, text) : text
      if (check().Check(value)) return value
      throw refusal(`must be ${ruleOf(schema)}`)
    },
  }
}

/** The number or boolean the text spells, where the schema wants one. */
function exactly(schema: TSchema, text: string): unknown {
  if (TypeGuard.IsInteger(schema) && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (TypeGuard.IsNumber(schema) && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return Number(text)
  if (TypeGuard.IsBoolean(schema) && (text === 'true' || text === 'false')) return text === 'true'
  if (TypeGuard.IsArray(schema)) return [text]
  return text
}

function refuseUnstorable(given: Record<string, unknown>): void {
  for (const name in given) {
    const value = given[name]
    const isFine = Array.isArray(value) ? value.every(isStorableOrNoText) : isStorableOrNoText(value)
    if (isFine && isStorable(name)) continue
    const message = `The value of '${name.toWellFormed()}' holds a NUL character or half a surrogate pair.`
    throw new Refusal('invalid', 'invalidText', message, { graphCode: 'BadRequest' })
  }
}

function isStorableOrNoText(value: unknown): boolean {
  return typeof value !== 'string' || isStorable(value)
}
