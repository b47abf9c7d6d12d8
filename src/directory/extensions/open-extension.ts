import type { Entity } from '../../graph/odata/resource.js'
import { refusals } from './errors.js'
import type { OpenExtension } from './tables.js'

/** Graph: limits of open extensions on objects of the directory. */
export const MAX_OF_CLIENT = 2
const MAX_BYTES = 2_048

const TYPE = '#microsoft.graph.openTypeExtension'
/** Clients may write the type in front of the name (Graph: opentypeextension-get). */
const TYPED_NAME = /^microsoft\.graph\.openTypeExtension\./i

/** The name that a path means. */
export function nameInPath(text: string): string {
  return text.replace(TYPED_NAME, '')
}

/** The name that a body gives. @throws Refusal */
export function readName(given: string | null | undefined): string {
  if (given === null || given === undefined || given === '') throw refusals.extensionNameMissing()
  const name = nameInPath(given)
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/.test(name)) throw refusals.extensionNameMalformed()
  return name
}

/**
 * What is to be kept: everything but the name, as primitive values and lists of them (Graph: openTypeExtension). `null`
 * is nothing to keep. @throws Refusal
 */
export function readContent(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const content: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    if (value === null || /^(?:id|extensionName)$/i.test(name)) continue
    if (!isPrimitive(value) && !(Array.isArray(value) && value.every(isPrimitive)))
      throw refusals.extensionContent(name)
    content[name] = value
  }
  if (Buffer.byteLength(JSON.stringify(content)) > MAX_BYTES) throw refusals.extensionTooLarge(MAX_BYTES)
  return content
}

function isPrimitive(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** As answers show it. */
export function shownExtension({ name, content }: Pick<OpenExtension, 'name' | 'content'>): Entity {
  return { '@odata.type': TYPE, ...content, id: name, extensionName: name }
}
