import type { Answer, RequestOptions } from './service.js'

/** A request with JSON, by the token unless another one is given. */
export async function request<Body>(
  url: string,
  method: string,
  body: unknown,
  { headers = {}, token }: RequestOptions,
  ownToken: string,
): Promise<Answer<Body>> {
  const bearer = token === undefined ? ownToken : token
  const response = await fetch(url, {
    method,
    headers: {
      ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return {
    status: response.status,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
    headers: response.headers,
    text,
  }
}
