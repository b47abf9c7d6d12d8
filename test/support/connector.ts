import { createServer as createPlain, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createSecure, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Test } from 'tap'

/** A request as a connector saw it; `certificate` is the thumbprint of the client's. */
export type Asked = { headers: IncomingHttpHeaders; url: string; text: string; body: any; certificate?: string }

export type TestConnector = {
  /** `https://localhost:port/check` */
  url: string
  asked: Asked[]
  /** How it answers from now on: JSON with its status, or by hand. */
  answer(how: { status?: number; body?: unknown; headers?: Record<string, string> } | RequestListener): void
  close(): void
}

/** A connector on this machine. Answers Continue until told otherwise. Closed when `t` ends. */
export async function startConnector(t: Test, tls?: ServerOptions): Promise<TestConnector> {
  let listener: RequestListener = json({ body: { version: '1.0.0', action: 'Continue' } })
  const asked: Asked[] = []
  const handle: RequestListener = async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const peer = (request.socket as TLSSocket).getPeerCertificate?.()
    const { headers, url = '' } = request
    const isJson = headers['content-type'] === 'application/json'
    asked.push({
      headers,
      url,
      text,
      body: isJson ? JSON.parse(text) : undefined,
      ...(peer?.fingerprint && { certificate: peer.fingerprint.replaceAll(':', '') }),
    })
    listener(request, response)
  }
  const server = tls ? createSecure(tls, handle) : createPlain(handle)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  t.teardown(close)
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${port}/check`,
    asked,
    answer: (how) => {
      listener = typeof how === 'function' ? how : json(how)
    },
    close,
  }
}

function json({
  status = 200,
  body,
  headers = {},
}: {
  status?: number
  body?: unknown
  headers?: object
}): RequestListener {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }
}
