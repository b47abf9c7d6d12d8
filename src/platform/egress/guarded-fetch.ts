import type { Egress } from './egress.js'

/** What `openid-client` and its like hand to the function that fetches for them. */
type FetchOptions = {
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

/** A `fetch` whose every call passes the egress guard: for protocol libraries that let their own one be replaced. */
export type GuardedFetch = (url: string, options?: FetchOptions) => Promise<Response>

/** Redirects are not followed; bodies are text or forms. @throws what `Egress` throws. */
export function guardedFetch(egress: Egress, limits: { timeoutMs: number; maxBytes: number }): GuardedFetch {
  return async (url, { method = 'GET', headers = {}, body } = {}) => {
    const request = { ...limits, headers }
    const answer =
      method === 'GET'
        ? await egress.get(url, request)
        : await egress.post(url, { ...request, body: body === undefined || body === null ? '' : String(body) })
    const fields = Object.entries(answer.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    )
    const mayHaveBody = ![101, 204, 205, 304].includes(answer.status)
    return new Response(mayHaveBody ? answer.body : null, { status: answer.status, headers: fields })
  }
}
