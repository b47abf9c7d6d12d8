import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from './connection.js'
import { findConnection } from './connection.js'
import { CommandFailure, EXIT } from './failure.js'
import { printable } from './text.js'
import type { Io } from './verb.js'

/** A client of the Graph dialect for the length of one command. Paths are those below `/v1.0`. */
export type Client = {
  get<Body>(path: string): Promise<Body>
  /** `timeoutMs` is for what may take longer than usual. */
  post<Body>(path: string, body?: unknown, headers?: Record<string, string>, timeoutMs?: number): Promise<Body>
  delete(path: string): Promise<void>
}

/** The service said no. */
export class ApiFailure extends CommandFailure {
  readonly status: number

  constructor(status: number, body: { code: string; message: string }, sentence: string) {
    super(sentence, { exitCode: status === 403 ? EXIT.refused : EXIT.failed, body })
    this.name = 'ApiFailure'
    this.status = status
  }
}

/** The service did not answer; another try may succeed. */
export class NoAnswer extends CommandFailure {}

const SCOPE = 'https://graph.microsoft.com/.default'
const REQUEST_TIMEOUT_MS = 30_000
/** How often a request is repeated that was answered with `Retry-After`, and the longest that is worth waiting unasked. */
const MOST_RETRIES = 3
const LONGEST_WAIT_SECONDS = 10
/** A token is not used in its last moments, when it may lapse on the way. */
const TOKEN_MARGIN_MS = 60_000

type Request = {
  method: string
  path: string
  body?: unknown
  headers?: Record<string, string> | undefined
  timeoutMs?: number | undefined
}

/** Opens a client on the service that options, environment or a local instance name. */
export async function openClient(profile: string | undefined, io: Io): Promise<Client> {
  const connection = await findConnection(profile, io)
  let token: { text: string; until: number } | undefined

  const authorize = async (): Promise<string> => {
    if (!token || token.until <= Date.now()) token = await fetchToken(connection)
    return token.text
  }
  const send = async ({ method, path, body, headers, timeoutMs }: Request): Promise<unknown> => {
    const target = `${connection.url}${path.startsWith('/v1.0/') ? '' : '/v1.0'}${path}`
    const attempt = async () =>
      fetchPatiently(
        target,
        {
          method,
          headers: {
            authorization: `Bearer ${await authorize()}`,
            accept: 'application/json',
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        },
        timeoutMs,
      )
    let response = await attempt()
    if (response.status === 401) {
      // Permissions may have been withdrawn and granted again since the token was issued; once is enough to find out.
      token = undefined
      response = await attempt()
    }
    return readAnswer(response)
  }
  return {
    get: async <Body>(path: string) => (await send({ method: 'GET', path })) as Body,
    post: async <Body>(path: string, body?: unknown, headers?: Record<string, string>, timeoutMs?: number) =>
      (await send({ method: 'POST', path, body, headers, timeoutMs })) as Body,
    async delete(path) {
      await send({ method: 'DELETE', path })
    },
  }
}

/** The path of a `@odata.nextLink`: it is followed at the address we were given, so the token goes nowhere else. */
export function pathOfLink(link: string): string {
  const { pathname, search } = new URL(link)
  return pathname + search
}

async function fetchToken(connection: Connection): Promise<{ text: string; until: number }> {
  const { url, tenant, clientId, clientSecret } = connection
  const response = await fetchPatiently(`${url}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: SCOPE,
    }),
  })
  const answer = await readBody(response)
  if (typeof answer['access_token'] === 'string') {
    const seconds = Number(answer['expires_in']) || 0
    return { text: answer['access_token'], until: Date.now() + seconds * 1_000 - TOKEN_MARGIN_MS }
  }
  const code = typeof answer['error'] === 'string' ? answer['error'] : `HTTP ${response.status}`
  const message = printable(String(answer['error_description'] ?? 'The token endpoint did not answer as one does.'))
  throw new ApiFailure(response.status === 403 ? 401 : response.status, { code, message }, `${message} (${code})`)
}

/** Repeats a request that was told to come again soon: such an answer means that nothing was done. */
async function fetchPatiently(url: string, init: RequestInit, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Response> {
  for (let retries = 0; ; retries++) {
    const response = await fetchOnce(url, init, timeoutMs)
    const after = Number(response.headers.get('retry-after') ?? Number.NaN)
    const mayRepeat = (response.status === 429 || response.status === 503) && after <= LONGEST_WAIT_SECONDS
    if (!mayRepeat || retries === MOST_RETRIES) return response
    await response.body?.cancel()
    await sleep(Math.max(after, 0) * 1_000)
  }
}

async function fetchOnce(url: string, init: RequestInit, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    const { origin } = new URL(url)
    const why = reasonOf(error)
    const hint = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(why)
      ? 'Give its CA file in NODE_EXTRA_CA_CERTS.'
      : 'Is the service running there?'
    throw new NoAnswer(`${origin} does not answer (${why}). ${hint}`, { code: 'noAnswer', cause: error })
  }
}

/** `fetch` hides the system's reason in causes of causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error.cause === undefined ? error.message : reasonOf(error.cause)
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.ok) return response.status === 204 ? undefined : readBody(response)
  const answer = await readBody(response)
  const error = answer['error']
  const given: Record<string, unknown> = typeof error === 'object' && error !== null ? { ...error } : {}
  const code = typeof given['code'] === 'string' ? given['code'] : `HTTP ${response.status}`
  const message = typeof given['message'] === 'string' ? given['message'] : 'The service answered with an error.'
  throw new ApiFailure(response.status, { ...given, code, message }, `${printable(message)} (${printable(code)})`)
}

async function readBody(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
