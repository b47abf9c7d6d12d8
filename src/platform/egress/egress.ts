import { lookup as resolveName } from 'node:dns/promises'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Exemptions, isExemptAddress, isPublicAddress, readExemptions } from './addresses.js'

export type EgressAnswer = { status: number; headers: IncomingMessage['headers']; body: string }

export type EgressRequest = {
  headers?: Record<string, string>
  body?: string
  /** For everything: the name, the connection, the answer to its last byte. */
  timeoutMs: number
  /** Bytes of the answer's body beyond which it is given up. */
  maxBytes?: number
  /** What proves who calls, to servers that ask for a certificate. */
  identity?: ClientIdentity
}

/** A certificate with its key (PKCS #12). Opened once for as long as the same object is used. */
export type ClientIdentity = { readonly pfx: Buffer; readonly passphrase: string }

/** Calls to addresses that somebody outside chose: webhooks, connectors, metadata. The only way out for those. */
export type Egress = {
  /**
   * Sends a POST. Redirects are not followed but answered as they are.
   * @throws EgressRefused before anything is sent when the address is not one to call; EgressFailed when the call
   * does not work out.
   */
  post(url: string, request: EgressRequest): Promise<EgressAnswer>
  /** The same with GET. */
  get(url: string, request: Omit<EgressRequest, 'body'>): Promise<EgressAnswer>
  /** Refuses what `post` would refuse without looking up names. @throws EgressRefused */
  check(url: string): void
}

/** The address may not be called, now or later. The message is safe to show: it tells nothing about the network. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused'
}

/** The call failed; another time it may work. `timedOut` tells a slow other side from a broken one. */
export class EgressFailed extends Error {
  override readonly name = 'EgressFailed'
  readonly timedOut: boolean
  /** What Node calls it (`ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`), when the connection failed. */
  readonly code: string | undefined

  constructor(message: string, timedOut = false, cause?: unknown) {
    super(message, { cause })
    this.timedOut = timedOut
    this.code = codeOf(cause)
  }
}

/** There is an answer, and it is longer than anybody wants. */
export class AnswerTooLong extends EgressFailed {
  constructor(maxBytes: number) {
    super(`The answer is longer than ${maxBytes} bytes.`)
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
}

type Address = { address: string; family: number }
/** Every address of a name. */
export type Resolver = (host: string) => Promise<Address[]>

const MAX_BYTES = 65_536
const MAX_URL = 2_048

/**
 * Opens the guard (design section 8.8). Only https, and http to exempt hosts. The name is resolved once, every address
 * must be public or exempt, and the connection goes to just those addresses: a name that answers differently a moment
 * later (DNS rebinding) changes nothing. `allow`: host names and CIDRs. `ca`: further certificate authorities, PEM.
 */
export function createEgress(options: { allow: readonly string[]; resolve?: Resolver; ca?: string }): Egress {
  const exemptions = readExemptions(options.allow)
  const resolve = options.resolve ?? ((host) => resolveName(host, { all: true, verbatim: true }))
  const call = async (method: 'GET' | 'POST', text: string, request: EgressRequest) => {
    const target = readTarget(text, exemptions)
    const deadline = AbortSignal.timeout(request.timeoutMs)
    const addresses = await unlessAborted(addressesOf(target, exemptions, resolve), deadline)
    return send(method, target, addresses, request, deadline, trust(request))
  }
  const contexts = new WeakMap<ClientIdentity, SecureContext>()
  const trust = ({ identity }: EgressRequest): Trust => {
    if (!identity) return options.ca === undefined ? {} : { ca: options.ca }
    const known = contexts.get(identity) ?? createSecureContext({ ...identity, ca: options.ca })
    contexts.set(identity, known)
    return { secureContext: known }
  }
  return {
    check: (url) => void readTarget(url, exemptions),
    post: (url, request) => call('POST', url, request),
    get: (url, request) => call('GET', url, request),
  }
}

/** What TLS is spoken with: whom we trust, and who we are. */
type Trust = { ca?: string; secureContext?: SecureContext }

type Target = { url: URL; host: string; isExempt: boolean }

function readTarget(text: string, exemptions: Exemptions): Target {
  if (text.length > MAX_URL || !URL.canParse(text)) throw new EgressRefused('The URL cannot be read.')
  const url = new URL(text)
  // The URL standard has turned decimal, octal and hexadecimal hosts into dotted ones by now.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  if (url.username !== '' || url.password !== '') throw new EgressRefused('The URL must not hold a user name.')
  if (host === '') throw new EgressRefused('The URL names no host.')
  const isExempt = exemptions.hosts.has(host) || isExemptAddress(host, exemptions)
  if (url.protocol !== 'https:' && !(isExempt && url.protocol === 'http:')) {
    throw new EgressRefused('The URL must use https.')
  }
  if (isIP(host) !== 0 && !isExempt && !isPublicAddress(host)) throw notPublic()
  return { url, host, isExempt }
}

/** One address inside is enough to refuse: which of them a connection takes is not ours to say. */
async function addressesOf({ host, isExempt }: Target, exemptions: Exemptions, resolve: Resolver): Promise<Address[]> {
  const family = isIP(host)
  if (family !== 0) return [{ address: host, family }]
  const addresses = await resolve(host).catch((error: unknown) => {
    throw new EgressFailed('The host name could not be resolved.', false, error)
  })
  if (addresses.length === 0) throw new EgressFailed('The host name has no address.')
  const isFine = ({ address }: Address) => isExempt || isPublicAddress(address) || isExemptAddress(address, exemptions)
  if (!addresses.every(isFine)) throw notPublic()
  return addresses
}

function notPublic(): EgressRefused {
  return new EgressRefused('The host is not on the public internet.')
}

function send(
  method: 'GET' | 'POST',
  { url, host }: Target,
  addresses: Address[],
  { headers, body = '', maxBytes = MAX_BYTES }: EgressRequest,
  signal: AbortSignal,
  trust: Trust,
): Promise<EgressAnswer> {
  const bytes = Buffer.from(body)
  const isSecure = url.protocol === 'https:'
  const options = {
    method,
    headers: {
      'user-agent': 'Vestibule',
      ...headers,
      ...(method === 'POST' && { 'content-length': String(bytes.length) }),
    },
    // A connection of its own: a kept one could lead to an address that was never looked at.
    agent: false as const,
    signal,
    lookup: pinnedTo(addresses),
    ...(isSecure && { ...trust, ...(isIP(host) === 0 && { servername: host }) }),
  }
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(failure(error, signal))
    const call = isSecure ? requestSecure(url, options) : requestPlain(url, options)
    call.on('error', fail)
    call.on('response', (response) => {
      readBody(response, maxBytes).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        (error: unknown) => {
          call.destroy()
          fail(error)
        },
      )
    })
    call.end(bytes)
  })
}

/** What `net.connect` asks instead of the resolver. */
function pinnedTo(addresses: Address[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses
    if (options.all || !first) callback(null, addresses)
    else callback(null, first.address, first.family)
  }
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    size += chunk.length
    if (size > maxBytes) throw new AnswerTooLong(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function failure(error: unknown, signal: AbortSignal): Error {
  if (error instanceof EgressFailed) return error
  if (signal.aborted) return new EgressFailed('The other side did not answer in time.', true, error)
  const code = codeOf(error)
  return new EgressFailed(`The connection failed${code === undefined ? '' : ` (${code})`}.`, false, error)
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new EgressFailed('The other side did not answer in time.', true))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop) signal.removeEventListener('abort', stop)
  }
}
