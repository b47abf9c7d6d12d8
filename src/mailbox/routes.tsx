import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Sql } from 'postgres'
import { queryOf } from '../platform/pages/frame.js'
import { mailDocumentHeaders, newNonce } from '../platform/pages/headers.js'
import { sendPage } from '../platform/pages/send-page.js'
import { stylesheet } from '../platform/pages/stylesheet.js'
import { toJson } from './message.js'
import { MailboxMessagePage, MailboxPage } from './pages/mailbox.js'
import { rawMessage } from './raw.js'
import { readMessage, readMessages } from './read-messages.js'

type Needs = { sql: Sql; clock: () => Date; origins: () => string[] }

/** Messages beside which one is read; all of them are in the JSON. */
const SHOWN = 200

/**
 * `/dev/mailbox`: every mail this server would have sent. Anybody who can reach it can sign in as anybody, so it answers
 * only requests whose `Host` names a configured origin: a page of another name that resolves to this machine gets a 404.
 */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.addHook('onRequest', async (request, reply) => {
    const hosts = needs.origins().map((origin) => new URL(origin).host)
    if (!hosts.includes(request.headers.host?.toLowerCase() ?? '')) return notFound(reply)
    return undefined
  })

  app.get('/dev/mailbox', options, async (request, reply) => {
    const { to } = queryOf(request)
    const nonce = newNonce()
    const messages = (await readMessages(needs.sql, to)).slice(0, SHOWN).map(toJson)
    const page = <MailboxPage stylesheetPath={stylesheet().path} messages={messages} to={to} now={needs.clock()} />
    return sendPage(reply, page, { status: 200, nonce })
  })

  app.get('/dev/mailbox/messages', options, async (request, reply) => {
    const messages = await readMessages(needs.sql, queryOf(request)['to'])
    return reply.header('cache-control', 'no-store').type('application/json').send(messages.map(toJson))
  })

  app.get<{ Params: { id: string } }>('/dev/mailbox/messages/:id', options, async (request, reply) => {
    const message = await readMessage(needs.sql, request.params.id)
    if (!message) return notFound(reply)
    const { to } = queryOf(request)
    const messages = (await readMessages(needs.sql, to)).slice(0, SHOWN).map(toJson)
    const page = (
      <MailboxMessagePage
        stylesheetPath={stylesheet().path}
        messages={messages}
        message={toJson(message)}
        to={to}
        now={needs.clock()}
      />
    )
    return sendPage(reply, page, { status: 200, nonce: newNonce(), framesOwnDocuments: true })
  })

  app.get<{ Params: { id: string } }>('/dev/mailbox/messages/:id/html', options, async (request, reply) => {
    const message = await readMessage(needs.sql, request.params.id)
    return message
      ? reply.headers(mailDocumentHeaders()).type('text/html; charset=utf-8').send(message.html)
      : notFound(reply)
  })

  app.get<{ Params: { id: string } }>('/dev/mailbox/messages/:id/text', options, async (request, reply) => {
    const message = await readMessage(needs.sql, request.params.id)
    return message ? plain(reply, message.text) : notFound(reply)
  })

  app.get<{ Params: { id: string } }>('/dev/mailbox/messages/:id/raw', options, async (request, reply) => {
    const message = await readMessage(needs.sql, request.params.id)
    return message ? plain(reply, await rawMessage(message)) : notFound(reply)
  })
}

function plain(reply: FastifyReply, body: string | Buffer): FastifyReply {
  return reply.headers(mailDocumentHeaders()).type('text/plain; charset=utf-8').send(body)
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n')
}
