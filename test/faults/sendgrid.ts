import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Test } from 'tap'

/** One request to send a mail, as it reached the other side. */
export type Try = { mailId: string; to: string; apiKey: string; at: number; ordinal: number }

export type Reply =
  | { status: number; headers?: Record<string, string>; message?: string; when?: Promise<unknown> }
  /** The connection stays open and nothing is ever answered. */
  | 'silence'

export type Sendgrid = {
  url: string
  /** Every request, in the order of arrival. */
  tries: Try[]
  /** How often each mail was taken, by its id. A mail counts when it arrives: its sender may never hear of it. */
  taken: Map<string, number>
  /** Mails sent with this key that are taken and not yet answered. */
  inFlight(apiKey: string): number
  /** Connections of a sender with this key. None after its death: whatever it has sent is counted. */
  connections(apiKey: string): number
  /** Mails whose sender went away before the answer: it died, or had waited for ten seconds. */
  unheard: Set<string>
  /** Mails that were taken more than once. */
  doubled(): string[]
}

/** Stands where SendGrid's v3 API is, on a real socket, and counts mails by the custom argument that names them. */
export async function startSendgrid(
  t: Test,
  answer: (attempt: Try) => Reply = () => ({ status: 202 }),
): Promise<Sendgrid> {
  const tries: Try[] = []
  const taken = new Map<string, number>()
  const inFlight = new Map<string, number>()
  const count = (apiKey: string, change: number) => inFlight.set(apiKey, (inFlight.get(apiKey) ?? 0) + change)
  const senders = new Map<Socket, string>()
  const unheard = new Set<string>()
  const server = createServer(async (request, response) => {
    senders.set(request.socket, keyOf(request))
    const attempt = await readTry(request, tries).catch(() => undefined)
    if (!attempt) {
      response.writeHead(400).end()
      return
    }
    tries.push(attempt)
    response.on('close', () => {
      if (!response.writableFinished) unheard.add(attempt.mailId)
    })
    const reply = answer(attempt)
    if (reply === 'silence') return
    if (reply.status === 202) taken.set(attempt.mailId, (taken.get(attempt.mailId) ?? 0) + 1)
    count(attempt.apiKey, 1)
    await reply.when
    count(attempt.apiKey, -1)
    finish(response, reply)
  })
  server.on('connection', (socket) => socket.on('close', () => senders.delete(socket)))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tries,
    taken,
    inFlight: (apiKey) => inFlight.get(apiKey) ?? 0,
    connections: (apiKey) => [...senders.values()].filter((sender) => sender === apiKey).length,
    unheard,
    doubled: () => [...taken].filter(([, times]) => times > 1).map(([id]) => id),
  }
}

/** The environment that sends through it. */
export function sendThrough(sendgrid: Sendgrid, apiKey = 'SG.test'): Record<string, string> {
  return {
    MAIL_TRANSPORT: 'sendgrid',
    MAIL_FROM: 'Contoso <guests@contoso.example>',
    SENDGRID_API_KEY: apiKey,
    SENDGRID_BASE_URL: sendgrid.url,
  }
}

async function readTry(request: IncomingMessage, earlier: Try[]): Promise<Try> {
  let text = ''
  for await (const chunk of request) text += chunk
  const body = JSON.parse(text)
  const mailId: string = body.custom_args.vestibule_mail
  return {
    mailId,
    to: body.personalizations[0].to[0].email,
    apiKey: keyOf(request),
    at: Date.now(),
    ordinal: earlier.filter((attempt) => attempt.mailId === mailId).length + 1,
  }
}

function keyOf(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace('Bearer ', '')
}

function finish(response: ServerResponse, reply: Exclude<Reply, 'silence'>): void {
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
  response.end(reply.message === undefined ? '' : JSON.stringify({ errors: [{ message: reply.message }] }))
}
