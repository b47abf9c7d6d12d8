import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.js'
import type { Entity } from './odata/resource.js'

export type Preferences = { return?: 'minimal' | 'representation'; createIfMissing: boolean }

/** What a `Prefer` header asks for, as far as it means something here (RFC 7240; unknown preferences are ignored). */
export function readPreferences({ headers }: Pick<FastifyRequest, 'headers'>): Preferences {
  const preferences: Preferences = { createIfMissing: false }
  for (const part of String(headers['prefer'] ?? '')
    .toLowerCase()
    .split(/[,;]/)) {
    const [name = '', value = ''] = part.split('=').map((text) => text.trim().replace(/^"(.*)"$/, '$1'))
    if (name === 'create-if-missing') preferences.createIfMissing = true
    if (name === 'return' && preferences.return === undefined && (value === 'minimal' || value === 'representation')) {
      preferences.return = value
    }
  }
  return preferences
}

/**
 * Answers a change: 204 without a body, as Graph does, or 200 with what `representation` shows when the caller prefers
 * that. Says in `Preference-Applied` that it did as asked.
 */
export async function answerChange(
  request: FastifyRequest,
  reply: FastifyReply,
  representation: () => Promise<Entity>,
): Promise<FastifyReply> {
  const { return: wanted } = readPreferences(request)
  if (wanted !== undefined) reply.header('preference-applied', `return=${wanted}`)
  return wanted === 'representation' ? reply.code(200).send(await representation()) : reply.code(204).send(null)
}

/** Answers a creation: 201 with the object, or 204 and where it is when the caller prefers `return=minimal`. */
export function answerCreation(
  request: FastifyRequest,
  reply: FastifyReply,
  made: { location: string; entity: Entity },
): FastifyReply {
  const { return: wanted } = readPreferences(request)
  if (wanted !== undefined) reply.header('preference-applied', `return=${wanted}`)
  reply.header('location', made.location)
  return wanted === 'minimal' ? reply.code(204).send(null) : reply.code(201).send(made.entity)
}

/** The weak `ETag` of a version: something that changes with every change of the object. */
export function weakEtag(version: string): string {
  return `W/"${Buffer.from(version).toString('base64url')}"`
}

/** The version of something small that counts none: what it says. */
export function versionOfContent(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}

/** What a change asks of the version that it finds, with the row locked. @throws Refusal 412 */
export type Precondition = (version: string) => void

/** `If-Match` of a request, for the use case that knows the version. */
export function preconditionOf(request: Pick<FastifyRequest, 'headers'>): Precondition {
  return (version) => mustMatch(request, weakEtag(version))
}

/**
 * Refuses a change when `If-Match` names another version than the present one (RFC 9110 section 13.1.1, with the weak
 * comparison, as Graph's ETags are weak). Call it with the row locked. @throws Refusal 412
 */
export function mustMatch({ headers }: Pick<FastifyRequest, 'headers'>, etag: string): void {
  const condition = headers['if-match']
  if (condition === undefined || condition.trim() === '*') return
  const opaque = (tag: string) => tag.trim().replace(/^W\//i, '')
  if (condition.split(',').some((tag) => opaque(tag) === opaque(etag))) return
  const message = 'The object has been changed since the version that If-Match names. Read it again.'
  throw new Refusal('preconditionFailed', 'versionChanged', message, { target: 'If-Match' })
}
