import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export type Intervention = {
  /** Answers instead of the service. */
  answer?: { status: number; headers?: Record<string, string> }
  /** What the service is asked instead. */
  url?: string
}

/** Stands between a client and the service, looks at each request and may interfere. Answers with its own origin. */
export async function startProxy(
  t: Test,
  target: string,
  look: (request: IncomingMessage) => Intervention | undefined,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const { answer, url = request.url } = look(request) ?? {}
    if (answer) {
      response.writeHead(answer.status, answer.headers).end()
      return
    }
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    const real = await fetch(target + url, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    })
    const type = real.headers.get('content-type')
    response.writeHead(real.status, type === null ? {} : { 'content-type': type })
    response.end(Buffer.from(await real.arrayBuffer()))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://localhost:${(server.address() as AddressInfo).port}`
}
