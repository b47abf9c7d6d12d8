import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { until } from './until.js'

/** A request that came, its body read. */
export type Received = { path: string; headers: IncomingHttpHeaders; body: any; text: string }

export type Receiver = {
  /** `http://127.0.0.1:port`, exempt from the egress guard in tests. */
  origin: string
  /** Validation requests, oldest first. */
  validations: Received[]
  /** Everything else, oldest first. */
  received: Received[]
  /** Notifications of a path, in the order in which they came. */
  notifications(path?: string): any[]
  /** What requests other than validations are answered; 202 unless set. */
  answer: (received: Received) => number | Promise<number>
  /** What a validation is answered: the token, unless set. */
  validate: (token: string) => { status?: number; type?: string; body: string } | Promise<{ body: string }>
  /** Waits until `check` holds; fails after three minutes. */
  until(check: () => boolean): Promise<void>
}

/** A client's endpoint for notifications on this machine, as Graph's documents ask for. Closed when `t` ends. */
export async function startReceiver(t: Test): Promise<Receiver> {
  const receiver: Receiver = {
    origin: '',
    validations: [],
    received: [],
    notifications: (path = '/changes') =>
      receiver.received.filter((request) => request.path === path).flatMap(({ body }) => body.value),
    answer: () => 202,
    validate: (body) => ({ body }),
    until: (check) =>
      until(check).catch(() => {
        throw new Error(`not after three minutes: ${JSON.stringify(receiver.received.map(({ text }) => text))}`)
      }),
  }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const url = new URL(request.url ?? '/', 'http://receiver')
    const isJson = request.headers['content-type']?.includes('json') ?? false
    const received = { path: url.pathname, headers: request.headers, text, body: isJson ? JSON.parse(text) : undefined }
    const token = url.searchParams.get('validationToken')
    if (token !== null) {
      receiver.validations.push(received)
      const answer = { status: 200, type: 'text/plain', ...(await receiver.validate(token)) }
      return response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body)
    }
    const status = await receiver.answer(received)
    receiver.received.push(received)
    return response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return receiver
}
