import fastJsonStringify from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'
import { lazily } from '../kernel/lazily.js'

type Serialize = (document: unknown) => string

/**
 * Compiles each answer once, however many routes give it, when the first of them does. Answers refer to nothing outside themselves: Fastify's own
 * compiler would check every shared schema again for each of them, and those are there for the OpenAPI document.
 */
export function createSerializerCompiler(): FastifySerializerCompiler<object> {
  const compiled = new Map<string, Serialize>()
  return ({ schema }) => {
    const key = JSON.stringify(schema)
    const known = compiled.get(key)
    if (known) return known
    const serialize = lazily<Serialize>(() => fastJsonStringify(schema))
    const made: Serialize = (document) => serialize()(document)
    compiled.set(key, made)
    return made
  }
}
