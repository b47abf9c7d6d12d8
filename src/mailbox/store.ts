import type { JSONValue, Sql } from 'postgres'

/** A mail as the mailbox keeps it. */
export type MailboxMessage = {
  id: string
  tenantId: string
  to: string[]
  cc: string[]
  from: string
  replyTo: string | null
  subject: string
  html: string
  text: string
  headers: Record<string, string>
  createdAt: Date
}

/** Keeps a message. Keeping the same id again changes nothing. */
export async function insertMessage(sql: Sql, message: MailboxMessage): Promise<void> {
  const headers: JSONValue = message.headers
  await sql`
    insert into mailbox_messages
      (id, tenant_id, "to", cc, "from", reply_to, subject, html, text, headers, created_at)
    values
      (${message.id}, ${message.tenantId}, ${message.to}::text[], ${message.cc}::text[], ${message.from},
       ${message.replyTo}, ${message.subject}, ${message.html}, ${message.text}, ${sql.json(headers)},
       ${message.createdAt})
    on conflict do nothing`
}

/** All messages, newest first; with `to`, those sent to that address, in any case. */
export async function listMessages(sql: Sql, filter: { to?: string | undefined } = {}): Promise<MailboxMessage[]> {
  const { to } = filter
  // A mail has exactly one recipient, copies aside, which is what the index is on.
  const where = to === undefined ? sql`` : sql`where lower("to"[1]) = lower(${to})`
  return sql<MailboxMessage[]>`
    select ${columns(sql)} from mailbox_messages ${where} order by created_at desc, id desc`
}

/** One message, or undefined. Assumes `isGuid(id)`. */
export async function findMessage(sql: Sql, id: string): Promise<MailboxMessage | undefined> {
  const [message] = await sql<MailboxMessage[]>`select ${columns(sql)} from mailbox_messages where id = ${id}`
  return message
}

function columns(sql: Sql) {
  return sql`id, tenant_id as "tenantId", "to", cc, "from", reply_to as "replyTo", subject, html, text, headers,
    created_at as "createdAt"`
}
