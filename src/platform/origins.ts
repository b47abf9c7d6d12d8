import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'

/**
 * Where this deployment is reached. Set once the listeners are bound, since a port may be any free one. The socket
 * decides which origin an answer speaks of; no header ever does.
 */
export type Origins = {
  publicUrl(): string
  tlsUrl(): string | undefined
  all(): string[]
  of(request: FastifyRequest): string
  /** Whether the browser sees https: cookies of that listener are Secure. */
  isSecure(request: FastifyRequest): boolean
  set(found: { publicUrl: string; tlsUrl?: string | undefined }): void
}

/** Origins of one process. @throws from its readers when the listeners are not bound yet. */
export function createOrigins(): Origins {
  let publicUrl: string | undefined
  let tlsUrl: string | undefined
  const known = () => {
    if (publicUrl === undefined) throw new Error('the public URL is not known before the listener is bound')
    return publicUrl
  }
  const of = (request: FastifyRequest) =>
    tlsUrl !== undefined && request.raw.socket instanceof TLSSocket ? tlsUrl : known()
  return {
    publicUrl: known,
    tlsUrl: () => tlsUrl,
    all: () => (tlsUrl === undefined ? [known()] : [known(), tlsUrl]),
    of,
    isSecure: (request) => of(request).startsWith('https:'),
    set(found) {
      publicUrl = found.publicUrl.replace(/\/$/, '')
      tlsUrl = found.tlsUrl?.replace(/\/$/, '')
    },
  }
}
