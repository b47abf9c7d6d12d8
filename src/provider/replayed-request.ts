import { IncomingMessage } from 'node:http'

const MOST_BODY_BYTES = 64 * 1024

/**
 * The whole body of a request; undefined when it is larger than the library would take. By its events: an iterator would
 * cost a tenth of a request for tokens. @throws when the request ends before its body does.
 */
export function readWhole(raw: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    // Of what is gone already no event tells.
    if (raw.destroyed) return reject(new Error('a request ended before its body'))
    const chunks: Buffer[] = []
    let size = 0
    const settle = (done: () => void) => {
      raw.off('data', take).off('end', end).off('close', broken).off('error', reject)
      done()
    }
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size <= MOST_BODY_BYTES) chunks.push(chunk)
      else settle(() => resolve(void raw.pause()))
    }
    const end = () => settle(() => resolve(Buffer.concat(chunks, size).toString('utf8')))
    const broken = () => settle(() => reject(new Error('a request ended before its body')))
    raw.on('data', take).once('end', end).once('close', broken).once('error', reject)
  })
}

/** The same request with another body, for a library that reads it itself, by the iterator of the request. */
export function replayed(raw: IncomingMessage, body: string): IncomingMessage {
  const request = new IncomingMessage(raw.socket)
  const bytes = Buffer.from(body)
  const { 'transfer-encoding': _, ...headers } = raw.headers
  return Object.assign(request, {
    // What ends before it is complete closes its connection.
    complete: true,
    method: raw.method,
    url: raw.url,
    httpVersion: raw.httpVersion,
    httpVersionMajor: raw.httpVersionMajor,
    httpVersionMinor: raw.httpVersionMinor,
    headers: { ...headers, 'content-length': String(bytes.length) },
    iterator: () => [bytes],
  })
}
