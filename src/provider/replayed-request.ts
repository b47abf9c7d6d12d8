import { IncomingMessage } from 'node:http'

const MOST_BODY_BYTES = 64 * 1024

/** The whole body of a request; undefined when it is larger than the library would take. */
export async function readWhole(raw: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > MOST_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The same request with another body, for a library that reads it itself. */
export function replayed(raw: IncomingMessage, body: string): IncomingMessage {
  const request = new IncomingMessage(raw.socket)
  const bytes = Buffer.from(body)
  const { 'transfer-encoding': _, ...headers } = raw.headers
  Object.assign(request, {
    // What ends before it is complete closes its connection.
    complete: true,
    method: raw.method,
    url: raw.url,
    httpVersion: raw.httpVersion,
    httpVersionMajor: raw.httpVersionMajor,
    httpVersionMinor: raw.httpVersionMinor,
    headers: { ...headers, 'content-length': String(bytes.length) },
  })
  request.push(bytes)
  request.push(null)
  return request
}
